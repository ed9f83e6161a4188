import type { SolutionName } from '../base/names.js';
import type { SolutionEntry } from './entries.js';
import type { Facts } from './facts.js';
import { followEntry } from './fail.js';
import type { SolutionState } from './state.js';
import { goesAlong } from './together.js';

/** What follows for rollouts; to be recorded as one, for what belongs together goes out and back together. */
export interface RolloutDecision {
  readonly entries: readonly SolutionEntry[];
  readonly others: readonly OtherEntry[];
}

export interface OtherEntry {
  readonly solution: SolutionName;
  readonly entry: SolutionEntry;
}

/** What goes back takes along what cannot stay, or was one change with it; decided once, so that no crash comes between. */
export function decideBack(
  solution: SolutionState,
  entries: readonly SolutionEntry[],
  facts: Facts,
): RolloutDecision {
  const back = entries.find(({ kind }) => kind === 'rollout.reverting' || kind === 'rollout.aborted');
  const isBack = back?.kind === 'rollout.reverting' || solution.lastStable === null;
  if (back === undefined || !isBack) return { entries, others: [] };
  const reason = 'reason' in back ? back.reason : null;
  return {
    entries,
    others: goesAlong(solution, facts).map((other) => ({
      solution: other.name,
      entry: followEntry(other, solution, reason),
    })),
  };
}
