import type { DomainName } from '../core/base/names.js';
import { isoTime } from '../core/base/time.js';
import type { JournalPlace, OpenFailure, Opened } from './journal/journal.js';
import { openJournal } from './journal/open.js';
import type { EngineOptions, EnginePorts } from './ports.js';
import type { Carried, Recalled } from './recall.js';
import { layDown, nothingCarried, recall } from './recall.js';
import { describe } from './recorder.js';
import type { Reading, StatusBranch } from './status-branch.js';

export interface FoundJournal {
  readonly opened: Extract<Opened, { readonly ok: true }>;
  readonly reading: Reading;
  /** It was carried to the status branch, and comes from there. */
  readonly isRecalled: boolean;
  readonly carried: Carried;
}

/** Why there is no start, for people. */
export interface Refused {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/**
 * The journal on the disk; or, where the state folder is not durable or is empty, the one that was carried to the status
 * branch. What is not carried there is no memory then, whatever the disk still holds.
 */
export async function findJournal(
  ports: EnginePorts,
  options: EngineOptions,
  branch: StatusBranch,
  domain: DomainName,
): Promise<FoundJournal | Refused> {
  const place = { disk: ports.disk, folder: 'journal' };
  const kept = options.durable === false ? null : await openJournal(place);
  if (kept?.ok === false) return unusable(kept.failure);
  const reading = await branch.read();
  const refusal = refusalOf(reading, options, domain);
  if (refusal !== null) return refusal;
  const { tip } = reading;
  if ((kept !== null && !isEmpty(kept)) || tip === null || !branch.hasIntents)
    return onDisk(kept ?? (await openJournal(place)), reading, nothingCarried);
  const recalled = await recall(ports.source, tip, domain);
  if (recalled.kind === 'journal') return laidDown(place, recalled, reading);
  if (recalled.kind === 'newer' || recalled.kind === 'unreadable') return unreadable(recalled.kind, domain);
  const why = `the intents of ${domain} on the status branch cannot be read as a journal: what its documents remember is taken`;
  ports.log.write('warn', ports.redact(why));
  const carried = recalled.kind === 'broken' ? recalled.carried : nothingCarried;
  return onDisk(kept ?? (await openJournal(place)), reading, carried);
}

function isEmpty({ records, snapshot }: FoundJournal['opened']): boolean {
  return records.length === 0 && snapshot === null;
}

/** What it holds is nowhere else yet. */
function onDisk(opened: Opened, reading: Reading, carried: Carried): FoundJournal | Refused {
  if (!opened.ok) return unusable(opened.failure);
  const isWhole = carried.isWhole && isEmpty(opened);
  return { opened, reading, isRecalled: false, carried: { ...carried, isWhole } };
}

async function laidDown(
  place: JournalPlace,
  { files, carried }: Extract<Recalled, { readonly kind: 'journal' }>,
  reading: Reading,
): Promise<FoundJournal | Refused> {
  const laid = await layDown(place, files);
  const opened: Opened = laid.ok ? await openJournal(place) : { ok: false, failure: laid.failure };
  return opened.ok ? { opened, reading, isRecalled: true, carried } : unusable(opened.failure);
}

function refusalOf({ claim, problem }: Reading, options: EngineOptions, domain: DomainName): Refused | null {
  if (problem !== null)
    return {
      ok: false,
      code: 'status.unreadable',
      message: problem,
      fix: 'Use the version of Heliostat that wrote it, or mend the status branch.',
    };
  if (claim === null || claim.controller === options.controller || options.takeover) return null;
  return {
    ok: false,
    code: 'claim.refused',
    message: `${domain} is run by ${claim.controller} since ${isoTime(claim.since).slice(0, 10)} (home ${claim.home})`,
    fix: 'Look: heliostat status. Take over: heliostat apply --takeover',
  };
}

function unreadable(kind: 'newer' | 'unreadable', domain: DomainName): Refused {
  const what = `the intents of ${domain} on the status branch`;
  return {
    ok: false,
    code: 'status.unreadable',
    message: kind === 'newer' ? `${what} were written by a newer Heliostat` : `${what} cannot be read`,
    fix: 'Use the version of Heliostat that wrote them, or mend the status branch.',
  };
}

function unusable(failure: OpenFailure): Refused {
  if (failure.kind !== 'disk')
    return { ok: false, code: `journal.${failure.kind}`, message: failure.message, fix: failure.fix };
  return {
    ok: false,
    code: 'journal.disk',
    message: describe(failure),
    fix: 'Make room on the disk of the state folder, or give it back its permissions, and try again.',
  };
}
