import type { Stage } from '../stage.js';
import { routingOf, standsBy } from './state.js';
import type { Act } from '../workload/script.js';
import type { Script } from '../workload/script.js';

/** What a run comes to, run-time values, placement and times aside. */
export interface Ending {
  /** Resources, as `Technology.summary` tells them. */
  readonly summary: readonly string[];
  /** Whom each listener sends to, as `Technology.routing` tells it. */
  readonly routing: readonly string[];
}

export function endingOf({ world, engine }: Pick<Stage, 'world' | 'engine'>): Ending {
  // What a change has replaced may be kept for the way back from its way back.
  const summary = world.technology.summary((id) => engine !== null && standsBy(engine, id));
  return { summary, routing: engine === null ? world.technology.routing() : routingOf(world, engine) };
}

/** 15 and 16: null if two runs came to the same, else where they first differ. */
export function differentEnding(a: Ending, b: Ending): string | null {
  return firstDifferent(a.summary, b.summary) ?? firstDifferent(a.routing, b.routing);
}

function firstDifferent(a: readonly string[], b: readonly string[]): string | null {
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if (a[i] !== b[i]) return `${a[i] ?? 'nothing'} against ${b[i] ?? 'nothing'}`;
  return null;
}

/** Long enough for every rollout, gate and drain to be over. */
const quietMs = 30 * 60_000;

/**
 * 15: a script without faults or blows that changes something at rest and takes it back at rest. What it comes to
 * is to be compared with what the first of its halves, `before`, comes to.
 */
export function revertScripts(script: Script, change: Act['kind']): { before: Script; after: Script } {
  const { seed } = script;
  const peaceful = { ...script, weather: {}, steps: Number.MAX_SAFE_INTEGER };
  const acts: readonly Act[] = [
    { kind: change, seed, afterMs: quietMs },
    { kind: 'commit.revert', seed: revertOfLast, afterMs: quietMs },
  ];
  return { before: { ...peaceful, acts: [] }, after: { ...peaceful, acts } };
}

/** A seed whose first draws let `commit.revert` take back the last commit. */
const revertOfLast = 1;
