import type { ElementKey, ElementName, SolutionName } from '../base/names.js';
import { elementKey, splitElementKey } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import type { SolutionState } from './state.js';

/** The whole domain, a solution, or one element. */
export type PauseTarget = '*' | SolutionName | ElementKey;

/** Asked for by a person: nothing is rolled out and nothing is repaired until it ends. */
export interface Pause {
  readonly target: PauseTarget;
  readonly who: SafeText;
  readonly reason: SafeText;
  /** Milliseconds since 1970, as all times here: people were told them, whatever runs meanwhile. */
  readonly sinceWallMs: number;
  /** When it ends by itself; null: when a person ends it. */
  readonly untilWallMs: number | null;
}

/** Whether the second is the first, or a part of it. */
export function contains(outer: PauseTarget, inner: PauseTarget): boolean {
  return outer === '*' || outer === inner || inner.startsWith(`${outer}/`);
}

/** Of those that an element stands under, the one that ends last; null: there is none. */
export function pauseOver(pauses: readonly Pause[], target: PauseTarget): Pause | null {
  let longest: Pause | null = null;
  for (const pause of pauses)
    if (contains(pause.target, target) && (longest === null || endOf(pause) > endOf(longest)))
      longest = pause;
  return longest;
}

function endOf({ untilWallMs }: Pause): number {
  return untilWallMs ?? Number.POSITIVE_INFINITY;
}

/** Those whose time has come. */
export function overduePauses(pauses: readonly Pause[], wallMs: number): Pause[] {
  return pauses.filter((pause) => endOf(pause) <= wallMs);
}

/** Why the rollout under way in a solution does not go on; null where nothing that it changes is paused. */
export function pauseOfRollout(pauses: readonly Pause[], solution: SolutionState): Pause | null {
  if (pauses.length === 0) return null;
  const whole = pauseOver(pauses, solution.name);
  if (whole !== null) return whole;
  for (const { key, track } of solution.elements.values()) {
    const pause = track === null || track.done ? null : pauseOver(pauses, key);
    if (pause !== null) return pause;
  }
  return null;
}

/** Solutions of which something is paused, or was, by a pause of this target. */
export function solutionsUnder(target: PauseTarget, names: Iterable<SolutionName>): SolutionName[] {
  if (target === '*') return [...names];
  return [target.includes('/') ? splitElementKey(target as ElementKey).solution : (target as SolutionName)];
}

/** For people: `prod`, `prod/shop`, `prod/shop/api`. */
export function pausedName(domain: string, target: PauseTarget): string {
  return target === '*' ? domain : `${domain}/${target}`;
}

export function pauseTarget(solution: SolutionName | null, element: ElementName | null): PauseTarget {
  if (solution === null) return '*';
  return element === null ? solution : elementKey(solution, element);
}
