import type { ElementKey, SolutionName } from '../base/names.js';
import type { PlannedStage } from '../plan/types.js';
import type { SolutionEntry } from './entries.js';
import { asksPerson, stepsOf } from './steps.js';

/** The step that an element begins, for people; null: it goes the rest of the way. */
export function stageOf(
  solution: SolutionName,
  { element, final, index }: Extract<SolutionEntry, { kind: 'step.begun' }>,
  atMs: number,
): PlannedStage | null {
  const steps = stepsOf(final);
  const step = steps[index];
  if (step === undefined) return null;
  return {
    atMs,
    element: `${solution}/${element}` as ElementKey,
    number: index + 1,
    of: steps.length,
    share: step.share,
    pauseMs: step.pauseMs,
    gates: step.gates.map(({ name }) => name),
    awaitsPerson: asksPerson(final, index),
  };
}
