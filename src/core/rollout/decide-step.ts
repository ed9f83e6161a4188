import type { Gate } from '../base/canary.js';
import type { DesiredElement } from '../base/desired.js';
import { safe } from '../base/safe-text.js';
import type { Draft } from './draft.js';
import { wake } from './draft.js';
import type { Facts } from './facts.js';
import type { Failure } from './fail.js';
import { isWholeButForStranded, standsInStep } from './done.js';
import type { ElementState, GateProgress, StepState, Targets } from './state.js';
import { standsTwice } from './side-by-side.js';
import { asksPerson, currentStep, replacedBy, stepsOf, stepTarget } from './steps.js';
import type { ElementView } from './view.js';

/** The step that the element has to begin before anything else is done to it; null: none. */
export function stepToBegin(
  element: ElementState,
  /** What elements were when the solution was last stable. */
  former: Targets,
  facts: Facts,
): Draft['entries'][number] | null {
  const { track, target } = element;
  if (track === null || track.done || target === null) return null;
  const { step } = track;
  if (step?.digest === target.digest) return null;
  // Nothing has to be tried out of what was stable.
  if (former[element.name]?.digest === target.digest) return null;
  const steps = stepsOf(target);
  if (steps.length === 0 || replacedBy(element, target).length === 0) return null;
  return begin(
    element,
    target,
    isSameWay(step, target) ? Math.min(step?.index ?? 0, steps.length) : 0,
    facts,
  );
}

/** Another size on the same way does not begin it anew. */
function isSameWay(step: StepState | undefined, final: DesiredElement): boolean {
  const keys = (of: DesiredElement): string => of.clusters.map(({ key }) => key).join();
  return step !== undefined && keys(step.final) === keys(final);
}

function begin(
  element: ElementState,
  final: DesiredElement,
  index: number,
  facts: Facts,
): Draft['entries'][number] {
  const step = stepsOf(final)[index];
  const target = step === undefined ? final : stepTarget(element, final, step, standsTwice(element, facts));
  return { kind: 'step.begun', element: element.name, index, target, final };
}

/** What follows for the step that it is on. */
export function decideStep(view: ElementView, facts: Facts, draft: Draft): void {
  const { element } = view;
  const step = element.track?.step;
  const current = currentStep(element);
  if (step === undefined || current === null || draft.entries.length > 0) return;
  if (step.readyAt === null) {
    if (standsInStep(view, facts)) draft.entries.push({ kind: 'step.ready', element: element.name });
    return;
  }
  // From here on it waits: for time, for answers, for a person.
  draft.waiting = true;
  const hasPassed = measure(view, step, facts, draft);
  const over = step.readyAt + current.pauseMs;
  if (facts.now < over) wake(draft, over);
  // What was well once may have broken since.
  if (!hasPassed || facts.now < over || !isWholeButForStranded(view, facts) || draft.entries.length > 0)
    return;
  if (!step.promoted && asksPerson(step.final, step.index)) {
    if (!step.awaits) draft.entries.push({ kind: 'step.awaits', element: element.name });
    return;
  }
  draft.entries.push(begin(element, step.final, step.index + 1, facts));
}

/** True: every gate of the step has passed. */
function measure({ element }: ElementView, step: StepState, facts: Facts, draft: Draft): boolean {
  let hasPassed = true;
  for (const gate of stepsOf(step.final)[step.index]?.gates ?? []) {
    const progress = step.gates[gate.name];
    if (progress?.state === 'passed') continue;
    hasPassed = false;
    if (progress?.state === 'failed') {
      draft.failing = failureOfGate(element, step, gate, progress);
      break;
    }
    if (progress?.state === 'unmeasurable') {
      draft.stuck = safe(
        `gate ${gate.name} of ${element.name} cannot be measured: ${progress.detail ?? 'no answer'}`,
      );
      continue;
    }
    if (progress?.isOpen === true) continue;
    const due = progress?.measuredAt == null ? facts.now : progress.measuredAt + gate.intervalMs;
    if (facts.now < due) wake(draft, due);
    else draft.entries.push({ kind: 'gate.begun', element: element.name, gate: gate.name });
  }
  return hasPassed;
}

function failureOfGate(
  { name }: ElementState,
  { index, final }: StepState,
  gate: Gate,
  { good, bad, detail, answers = [] }: GateProgress,
): Failure {
  const where = `in step ${index + 1} of ${stepsOf(final).length}`;
  return {
    element: name,
    cluster: null,
    instance: null,
    reason: safe(
      `gate ${gate.name} of ${name} failed ${where}, ${bad} bad of ${good + bad} measured: ${detail ?? 'no answer'}`,
    ),
    evidence: answers.map((answer) => safe(`gate ${gate.name} ${answer}`)),
  };
}
