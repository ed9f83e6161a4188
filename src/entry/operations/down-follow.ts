import type { State } from '../../core/journal/fold.js';
import type { StatusView } from '../../core/status/view.js';
import type { ActView, DownHooks, DownRequest } from '../cli/operations.js';
import { interrupted } from './failures.js';
import { askDaemon, pause } from './daemon.js';
import { countElements, detachedIn, gone, stillThere } from './going.js';
import type { Looking } from './looking.js';

const followMs = 200;
/** So long without anything going while something fails: a person has to look. */
const patienceMs = 60_000;

/** The daemon does it; here it is seen how far it is. */
export async function followDown(
  looking: Looking,
  total: number,
  { request, hooks }: { readonly request: DownRequest; readonly hooks: DownHooks },
): Promise<ActView> {
  const { clock } = looking.wired.ports;
  const giveUpAt = clock.monoMs() + (request.timeoutMs ?? Infinity);
  let least = Infinity;
  let movedAt = clock.monoMs();
  for (;;) {
    const { left, detached, failing, daemon } = await lookAt(looking);
    if (left === 0) return gone(looking.location.domain, detached);
    if (left < least) movedAt = clock.monoMs();
    least = Math.min(least, left);
    hooks.progress({ solution: null, phase: null, done: Math.max(0, total - left), total, message: '' });
    if (!daemon) return unfinished(left, 'the daemon has ended');
    if (clock.monoMs() > giveUpAt) return unfinished(left, failing ?? 'it takes longer than was given');
    if (failing !== null && clock.monoMs() - movedAt > patienceMs) return unfinished(left, failing);
    await pause(followMs, request.signal);
    if (request.signal.aborted) throw interrupted(null);
  }
}

interface Left {
  readonly left: number;
  readonly detached: readonly string[];
  readonly failing: string | null;
  readonly daemon: boolean;
}

async function lookAt(looking: Looking): Promise<Left> {
  const view = await askDaemon<StatusView>(looking.location, { verb: 'status' });
  if (view !== null) return leftIn(view);
  const state: State = await looking.read();
  return { left: countElements(state), detached: detachedIn(state), failing: null, daemon: false };
}

function leftIn({ solutions }: StatusView): Left {
  const has = (type: string) => (solution: StatusView['solutions'][number]) =>
    solution.conditions.some((condition) => condition.type === type);
  const ours = solutions.filter((solution) => !has('detached')(solution));
  return {
    left: ours.reduce((sum, { elements }) => sum + elements.length, 0),
    detached: solutions.filter(has('detached')).map(({ name }) => name),
    failing:
      ours.flatMap(({ conditions }) => conditions).find(({ type }) => type === 'failing')?.message ?? null,
    daemon: true,
  };
}

function unfinished(left: number, why: string): ActView {
  return { done: false, message: `${stillThere(left)}: ${why}. Go on with heliostat down` };
}
