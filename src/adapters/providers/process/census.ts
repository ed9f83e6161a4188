import { breathe } from '../parts/waiting.js';
import { pidsOnMachine, readMarks, readStat, type Marks, type ProcessStat } from './proc.js';

export interface MarkedProcess extends ProcessStat {
  readonly marks: Marks;
}

/** All living processes of the machine at one time, by pid, and those that carry an owner key. */
export interface Census {
  readonly living: ReadonlyMap<number, ProcessStat>;
  readonly marked: readonly MarkedProcess[];
  /** The same, by owner key. */
  readonly byOwner: ReadonlyMap<string, readonly MarkedProcess[]>;
}

/** Takes a census that began after the call; calls that come while one runs share the next one. */
export type TakeCensus = () => Promise<Census>;

interface Known {
  readonly startTime: number;
  readonly marks: Marks | null;
  readonly sinceMs: number;
}

/**
 * Between fork and exec a child shows the environment of its parent, so that
 * "carries no key" is believed for good only of a process that was seen for this long.
 */
const settledMs = 10_000;
const sliceSize = 200;

export function censusTaker(monoMs: () => number = () => performance.now()): TakeCensus {
  let known = new Map<number, Known>();
  let running: Promise<Census> | null = null;
  let next: Promise<Census> | null = null;

  function marksOf(stat: ProcessStat): Known {
    const before = known.get(stat.pid);
    const same = before?.startTime === stat.startTime ? before : undefined;
    if (same !== undefined && (same.marks !== null || monoMs() - same.sinceMs > settledMs)) return same;
    // Session 0: threads of the kernel, and what lives outside our container.
    const marks = stat.session === 0 ? null : readMarks(stat.pid);
    return { startTime: stat.startTime, marks, sinceMs: same?.sinceMs ?? monoMs() };
  }

  async function count(): Promise<Census> {
    const living = new Map<number, ProcessStat>();
    const marked: MarkedProcess[] = [];
    const seen = new Map<number, Known>();
    const pids = pidsOnMachine();
    for (let i = 0; i < pids.length; i++) {
      if (i % sliceSize === sliceSize - 1) await breathe();
      const stat = readStat(pids[i] as number);
      if (stat === null) continue;
      const entry = marksOf(stat);
      seen.set(stat.pid, entry);
      living.set(stat.pid, stat);
      if (entry.marks !== null) marked.push({ ...stat, marks: entry.marks });
    }
    known = seen;
    return { living, marked, byOwner: groupedByOwner(marked) };
  }

  function begin(): Promise<Census> {
    const census = count().finally(() => {
      if (running === census) running = null;
    });
    running = census;
    return census;
  }

  return () => {
    if (next !== null) return next;
    if (running === null) {
      // Calls of the same turn share one.
      next = Promise.resolve().then(() => {
        next = null;
        return begin();
      });
      return next;
    }
    next = running.then(after, after);
    return next;

    function after(): Promise<Census> {
      next = null;
      return begin();
    }
  };
}

function groupedByOwner(marked: readonly MarkedProcess[]): Map<string, MarkedProcess[]> {
  const groups = new Map<string, MarkedProcess[]>();
  for (const process of marked) {
    const group = groups.get(process.marks.owner);
    if (group === undefined) groups.set(process.marks.owner, [process]);
    else group.push(process);
  }
  return groups;
}
