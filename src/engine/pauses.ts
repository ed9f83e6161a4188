import type { SafeText } from '../core/base/safe-text.js';
import { safe } from '../core/base/safe-text.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain, inSolution } from '../core/journal/entry.js';
import type { State } from '../core/journal/fold.js';
import type { Pause } from '../core/rollout/pause.js';
import { overduePauses, solutionsUnder } from '../core/rollout/pause.js';
import type { Core } from './core.js';

/** Pauses whose time has come end by themselves. */
export function overdue(state: State, wallMs: number): Item[] {
  return overduePauses(state.domain.pauses ?? [], wallMs).flatMap((pause) =>
    pauseEnded(state, pause, { who: null, reason: safe('its time is over') }),
  );
}

/**
 * What waited goes on, with clocks that begin anew. They come first: should the end itself be lost with the machine,
 * the pause ends once more, and no deadline has passed meanwhile.
 */
export function pauseEnded(
  { tables }: State,
  { target }: Pause,
  by: { readonly who: SafeText | null; readonly reason: SafeText },
): Item[] {
  const items: Item[] = [];
  for (const name of solutionsUnder(target, tables.solutions.keys())) {
    const rollout = tables.solutions.get(name)?.rollout ?? null;
    if (rollout?.phase === 'progressing' || rollout?.phase === 'reverting')
      items.push(inSolution(name, { kind: 'rollout.phase', phase: rollout.phase, reason: rollout.reason }));
  }
  return [...items, inDomain({ kind: 'pause.ended', target, ...by })];
}

/** The clock of the wall may be set meanwhile: it is looked at again after so many milliseconds. */
const longestSleepMs = 60_000;

/** Wakes the loop when a pause is to end. */
export class Pauses {
  private armedFor: number | null = null;

  constructor(private readonly core: Core) {}

  wake(): void {
    const { alarms, ports, state } = this.core;
    const ends = (state.domain.pauses ?? []).flatMap(({ untilWallMs }) => untilWallMs ?? []);
    if (ends.length === 0) return alarms.clear('pause');
    const next = Math.min(...ends);
    if (alarms.isSet('pause') && this.armedFor === next) return;
    this.armedFor = next;
    const left = Math.max(1, next - ports.clock.wallMs());
    alarms.set('pause', ports.clock.monoMs() + Math.min(left, longestSleepMs));
  }
}
