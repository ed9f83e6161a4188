import type { SolutionName } from '../core/base/names.js';
import type { Item } from '../core/journal/entry.js';
import { inSolution } from '../core/journal/entry.js';
import type { RolloutDecision } from '../core/rollout/go-back.js';

/** What was decided of a solution, and of those that end or go back with it: one batch. */
export function rolloutItems(solution: SolutionName, { entries, others }: RolloutDecision): Item[] {
  return [
    ...entries.map((entry) => inSolution(solution, entry)),
    ...others.map((other) => inSolution(other.solution, other.entry)),
  ];
}

/** Each once. */
export function goingAlong({ others }: RolloutDecision): SolutionName[] {
  return [...new Set(others.map(({ solution }) => solution))];
}
