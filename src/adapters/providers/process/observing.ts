import type { Digest } from '../../../core/base/digest.js';
import type { InstanceId, OwnerKey } from '../../../core/base/names.js';
import { safe, type SafeText } from '../../../core/base/safe-text.js';
import type { Observation, Page } from '../../../ports/provider.js';
import { kindOf } from '../parts/folders.js';
import { absent } from '../parts/outcomes.js';
import { breathe } from '../parts/waiting.js';
import type { Census } from './census.js';
import { pidsIn, viewOf, type Host, type Subject, type View } from './host.js';
import { describeExit } from './launch.js';
import { lastLines } from './log-reading.js';
import { readRecord, recordFiles, type Places } from './records.js';

const sliceSize = 100;

export async function observeAll(
  host: Host,
  subjects: readonly { readonly id: InstanceId; readonly owner: OwnerKey }[],
): Promise<Observation[]> {
  const census = await host.takeCensus();
  const seen: Observation[] = [];
  for (const [i, subject] of subjects.entries()) {
    if (i % sliceSize === sliceSize - 1) await breathe();
    seen.push(observeOne(host, subject, census));
  }
  return seen;
}

export function observeOne(
  host: Host,
  subject: { readonly id: InstanceId; readonly owner: OwnerKey },
  census: Census,
): Observation {
  const view = viewOf(host, subject, census);
  const { sighting, foreignHome, record } = view;
  const base = { id: subject.id, presence: 'present', foreignHome } as const;
  switch (sighting.kind) {
    case 'one': {
      const { pid, startTime, marks } = sighting.process;
      host.watchlist.track({ id: subject.id, owner: subject.owner, pid, startTime, child: false });
      const resource = safe(`pid ${pid}`);
      const digest = marks.digest === '' ? null : (marks.digest as Digest);
      return { ...base, state: 'active', health: 'good', digest, resource, detail: null };
    }
    case 'several': {
      const detail = safe(`two processes with one owner key: ${pidsIn(sighting)}`);
      const resource = safe(pidsIn(sighting));
      return { ...base, state: 'failure', health: 'bad', digest: null, resource, detail };
    }
    case 'none':
      if (record === null || record.reset || kindOf(view.places.folder) !== 'folder')
        return absent(subject.id);
      return { ...base, ...whileNotRunning(host, view, record.digest) };
  }
}

function whileNotRunning(
  host: Host,
  view: View,
  digest: Digest | null,
): Pick<Observation, 'state' | 'health' | 'digest' | 'resource' | 'detail'> {
  const resource = safe(view.places.folder);
  if (view.foreignHome !== null) {
    return {
      state: 'inactive',
      health: 'unknown',
      digest,
      resource,
      detail: safe('belongs to somebody else'),
    };
  }
  const process = view.record?.process ?? null;
  if (process === null) return { state: 'inactive', health: 'unknown', digest, resource, detail: null };
  const exit = host.watchlist.exitOf(process.pid, process.startTime);
  const how = exit === null ? 'is gone' : describeExit(exit);
  const reboot = process.bootId === host.boot ? '' : ' (the machine was started anew)';
  const detail = withEvidence(host, view.places, `pid ${process.pid} ${how}${reboot}`);
  return { state: 'failure', health: 'bad', digest, resource, detail };
}

/** What happened, with the last that the process said. */
export function withEvidence(host: Host, places: Places, what: string): SafeText {
  const last = lastLines(streamsOf(places), 5, host.options.redact);
  return (last === '' ? what : `${what}; its last words: ${last.trim().replaceAll('\n', ' / ')}`) as SafeText;
}

export function streamsOf(
  places: Places,
): readonly { readonly stream: 'out' | 'err'; readonly file: string }[] {
  return [
    { stream: 'out', file: places.out },
    { stream: 'err', file: places.err },
  ];
}

const pageSize = 1_000;

/** By owner key, so that a page can begin behind the last key of the page before. */
export async function listOwned(host: Host, owner: string, cursor: string | null): Promise<Page> {
  const census = await host.takeCensus();
  const found = new Map<string, Subject>();
  for (const file of recordFiles(host.options.instancesDir)) {
    const record = readRecord(file);
    if (record !== null && !record.reset && record.owner.startsWith(owner)) found.set(record.owner, record);
  }
  for (const key of census.byOwner.keys()) {
    if (key.startsWith(owner) && !found.has(key)) found.set(key, { id: idIn(key), owner: key });
  }
  const keys = [...found.keys()].sort().filter((key) => cursor === null || key > cursor);
  const resources: (Observation & { readonly owner: OwnerKey })[] = [];
  for (const key of keys.slice(0, pageSize)) {
    const subject = { id: (found.get(key) as Subject).id as InstanceId, owner: key as OwnerKey };
    const seen = observeOne(host, subject, census);
    if (seen.presence !== 'absent') resources.push({ ...seen, owner: subject.owner });
  }
  const last = keys[pageSize - 1];
  return { resources, cursor: keys.length > pageSize && last !== undefined ? last : null };
}

/** An owner key is `<domain id>:<instance id>`. */
function idIn(owner: string): string {
  return owner.slice(owner.indexOf(':') + 1);
}
