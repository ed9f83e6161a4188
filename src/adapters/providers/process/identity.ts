import type { Census, MarkedProcess } from './census.js';
import type { ProcessStat } from './proc.js';
import type { InstanceRecord } from './records.js';

/** Which process *is* the instance. More than one: two resources with one key. */
export type Sighting =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly process: MarkedProcess }
  | { readonly kind: 'several'; readonly processes: readonly MarkedProcess[] };

/**
 * Only a session leader can be an instance, since descendants inherit the key. Of several with one run
 * the first is it, and the others left its session; of two runs each is one.
 */
export function sightingOf(
  owner: string,
  census: Census,
  record: InstanceRecord | null,
  boot: string,
): Sighting {
  const processes = new Map<number, MarkedProcess>();
  for (const leader of leadersByRun(owner, census, record).values()) processes.set(leader.pid, leader);
  const recorded = recordedProcess(census, record, boot);
  if (recorded !== null) processes.set(recorded.pid, recorded);
  const all = [...processes.values()].sort(byAge);
  const [first] = all;
  if (first === undefined) return { kind: 'none' };
  return all.length === 1 ? { kind: 'one', process: first } : { kind: 'several', processes: all };
}

function leadersByRun(
  owner: string,
  census: Census,
  record: InstanceRecord | null,
): Map<string, MarkedProcess> {
  const leaders = new Map<string, MarkedProcess>();
  for (const process of census.byOwner.get(owner) ?? []) {
    // Of the recorded run the leader is known by pid and start time: anything else is its offspring.
    if (process.session !== process.pid || process.marks.run === record?.process?.run) continue;
    const best = leaders.get(process.marks.run);
    if (best === undefined || byAge(process, best) < 0) leaders.set(process.marks.run, process);
  }
  return leaders;
}

/** Found by pid and start time, for programs that write over their environment (PostgreSQL, nginx). */
function recordedProcess(census: Census, record: InstanceRecord | null, boot: string): MarkedProcess | null {
  const wanted = record?.process;
  if (!record || !wanted || wanted.bootId !== boot) return null;
  const stat = census.living.get(wanted.pid);
  if (stat?.startTime !== wanted.startTime) return null;
  const { owner, home } = record;
  return { ...stat, marks: { owner, home, digest: wanted.digest, run: wanted.run } };
}

function byAge(a: ProcessStat, b: ProcessStat): number {
  return a.startTime - b.startTime || a.pid - b.pid;
}

/** What has to go for the instance to be gone: its sessions and groups, and all that inherited the key. */
export function bodyOf(owner: string, census: Census, sighting: Sighting): ProcessStat[] {
  const leaders = new Set(processesOf(sighting).map((process) => process.pid));
  const inherited = new Set((census.byOwner.get(owner) ?? []).map((process) => process.pid));
  return [...census.living.values()].filter(
    (stat) => inherited.has(stat.pid) || leaders.has(stat.group) || leaders.has(stat.session),
  );
}

export function processesOf(sighting: Sighting): readonly MarkedProcess[] {
  if (sighting.kind === 'none') return [];
  return sighting.kind === 'one' ? [sighting.process] : sighting.processes;
}

/**
 * The group that a dead leader left behind and that wrote over its environment. Its number cannot belong
 * to somebody else while members remain, unless a later leader died as well: so they must also work in our folder.
 */
export function strandedGroup(
  census: Census,
  record: InstanceRecord | null,
  boot: string,
  worksInFolder: (pid: number) => boolean,
): ProcessStat[] {
  const wanted = record?.process;
  if (!wanted || wanted.bootId !== boot || census.living.has(wanted.pid)) return [];
  return [...census.living.values()].filter(
    (stat) => stat.group === wanted.pid && stat.session === wanted.pid && worksInFolder(stat.pid),
  );
}
