import type { InstanceId } from '../../../core/base/names.js';
import type { ChildProcess } from 'node:child_process';
import type { Exit } from './launch.js';
import { isAlive } from './proc.js';

/** A process that was alive when last looked at. */
export interface Watched {
  readonly id: InstanceId;
  readonly owner: string;
  readonly pid: number;
  readonly startTime: number;
  /** A child of ours tells of its end itself. */
  readonly child: boolean;
}

export type Notify = (ids: readonly InstanceId[]) => void;

/** Who is alive, who wants to know of ends, and how children ended. */
export interface Watchlist {
  track(watched: Watched): void;
  trackChild(watched: Omit<Watched, 'child'>, child: ChildProcess): void;
  forget(owner: string): void;
  /** How the recorded process ended, where it was a child of ours. */
  exitOf(pid: number, startTime: number): Exit | null;
  subscribe(owner: string, notify: Notify): () => void;
  /** Looks for the ends of what is not a child, so many at most; answers how many were looked at. */
  poll(from: number, count: number): number;
  ids(): readonly InstanceId[];
}

/** Ends that are remembered, so that a crash is explained after the process is gone. */
const exitLimit = 2_000;

export function watchlist(): Watchlist {
  const watched = new Map<string, Watched>();
  const exits = new Map<string, Exit>();
  const listeners = new Set<{ readonly owner: string; readonly notify: Notify }>();

  function ended(one: Watched): void {
    if (watched.get(one.owner)?.pid === one.pid) watched.delete(one.owner);
    for (const listener of listeners) if (one.owner.startsWith(listener.owner)) listener.notify([one.id]);
  }

  function remember(one: Omit<Watched, 'child'>, exit: Exit): void {
    const [oldest] = exits.keys();
    if (exits.size >= exitLimit && oldest !== undefined) exits.delete(oldest);
    exits.set(`${one.pid}@${one.startTime}`, exit);
  }

  return {
    track(one) {
      const before = watched.get(one.owner);
      if (before?.pid !== one.pid || before.startTime !== one.startTime) watched.set(one.owner, one);
    },
    trackChild(one, child) {
      const entry = { ...one, child: true };
      watched.set(one.owner, entry);
      child.once('exit', (code, signal) => {
        remember(one, { code, signal });
        ended(entry);
      });
    },
    forget: (owner) => void watched.delete(owner),
    exitOf: (pid, startTime) => exits.get(`${pid}@${startTime}`) ?? null,
    subscribe(owner, notify) {
      const listener = { owner, notify };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    poll(from, count) {
      const slice = [...watched.values()].slice(from, from + count);
      for (const one of slice) if (!one.child && !isAlive(one.pid, one.startTime)) ended(one);
      return slice.length;
    },
    ids: () => [...watched.values()].map((one) => one.id),
  };
}
