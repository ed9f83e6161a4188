import type { Redactor } from '../../../core/base/safe-text.js';
import { foreignHomeOf } from '../parts/home.js';
import { refuse } from '../parts/outcomes.js';
import { censusTaker, type Census, type TakeCensus } from './census.js';
import { bodyOf, processesOf, sightingOf, strandedGroup, type Sighting } from './identity.js';
import { bootId, currentDirectory, type ProcessStat } from './proc.js';
import { placesOf, readRecord, type InstanceRecord, type Places } from './records.js';
import { watchlist, type Watchlist } from './watchlist.js';

export interface HostOptions {
  readonly instancesDir: string;
  readonly home: string;
  readonly redact: Redactor;
  readonly logLimitBytes: number;
  readonly graceMs: number;
  readonly pollMs: number;
  readonly environment: NodeJS.ProcessEnv;
}

/** What all verbs of one provider share. */
export interface Host {
  readonly options: HostOptions;
  readonly takeCensus: TakeCensus;
  readonly boot: string;
  readonly watchlist: Watchlist;
}

export interface Subject {
  readonly id: string;
  readonly owner: string;
}

/** What is there of one instance, on disk and among the processes. */
export interface View {
  readonly places: Places;
  readonly record: InstanceRecord | null;
  readonly sighting: Sighting;
  readonly foreignHome: string | null;
}

export function hostOf(options: HostOptions): Host {
  return { options, takeCensus: censusTaker(), boot: bootId(), watchlist: watchlist() };
}

export function viewOf(host: Host, subject: Subject, census: Census): View {
  const { instancesDir, home } = host.options;
  const places = placesOf(instancesDir, subject.id);
  const record = readRecord(places.record);
  // A record of another owner key (a domain that was set up anew) says nothing of this one's processes.
  const own = record?.owner === subject.owner ? record : null;
  const sighting = sightingOf(subject.owner, census, own, host.boot);
  const marked = [...processesOf(sighting), ...(census.byOwner.get(subject.owner) ?? [])];
  const homes = marked.map((process) => foreignHomeOf(process.marks.home, home));
  const stranger =
    record !== null && own === null && !record.reset ? `${record.home} (${record.owner})` : null;
  return { places, record, sighting, foreignHome: homes.find((one) => one !== null) ?? stranger };
}

/** @throws {TransitionFailure} if what is there belongs to somebody else, or there are two of it. */
export function demandOurs(view: View): void {
  if (view.foreignHome !== null) {
    throw refuse('process.foreign', `what is there belongs to ${view.foreignHome}; nothing was touched`);
  }
  if (view.sighting.kind === 'several') {
    throw refuse(
      'process.duplicate',
      `${pidsIn(view.sighting)} carry one owner key; end all but one of them`,
    );
  }
}

export function pidsIn(sighting: Sighting): string {
  return processesOf(sighting)
    .map((process) => `pid ${process.pid}`)
    .join(' and ');
}

/** Every process that belongs to the instance, its leader dead or alive. */
export async function bodyNow(host: Host, subject: Subject): Promise<readonly ProcessStat[]> {
  const census = await host.takeCensus();
  const view = viewOf(host, subject, census);
  if (view.foreignHome !== null) return [];
  const inFolder = (pid: number): boolean => `${currentDirectory(pid)}/`.startsWith(`${view.places.folder}/`);
  const body = bodyOf(subject.owner, census, view.sighting);
  const stranded = strandedGroup(census, view.record, host.boot, inFolder);
  return [...new Map([...body, ...stranded].map((stat) => [stat.pid, stat])).values()];
}
