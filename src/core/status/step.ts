import { promoteOf, type Share } from '../base/canary.js';
import type { DesiredElement } from '../base/desired.js';
import type { DomainName } from '../base/names.js';
import { isoTime } from '../base/time.js';
import type { ElementState } from '../rollout/state.js';
import { currentStep, stepsOf } from '../rollout/steps.js';
import type { StepView } from './view.js';

/** The step that an element is held to, and what it waits for; null: it is on none. */
export function stepView(element: ElementState, domain: DomainName): StepView | null {
  const step = element.track?.step;
  const current = currentStep(element);
  if (step === undefined || current === null) return null;
  const { index, readyWallMs, awaits, promoted, final } = step;
  const isHeld = step.readyAt !== null;
  return {
    number: index + 1,
    of: stepsOf(final).length,
    share: shareText(current.share),
    state: awaits ? 'awaited' : isHeld ? 'held' : 'begun',
    pauseUntilMs:
      isHeld && readyWallMs !== undefined && current.pauseMs > 0 ? readyWallMs + current.pauseMs : null,
    gates: current.gates.map(({ name, count, failureLimit }) => {
      const { state = 'open', good = 0, bad = 0, detail = null } = step.gates[name] ?? {};
      return { name, state, good, count, bad, failureLimit, lastAnswer: detail };
    }),
    promotion: promoteOf(final.rollout) === 'auto' ? 'auto' : promoted ? 'promoted' : 'manual',
    command: awaits ? `heliostat promote ${domain}/${element.key} --reason TEXT` : null,
  };
}

/** In one line, for people: `step 2 of 4 (25 % of the traffic): pause until …, gate errors: 3 of 5 measured well`. */
export function stepText(view: StepView, timeText: (ms: number) => string = isoTime): string {
  const { number, of, share } = view;
  return `step ${number} of ${of} (${share}): ${waitsFor(view, timeText).join(', ')}`;
}

function waitsFor(view: StepView, timeText: (ms: number) => string): string[] {
  const { state, pauseUntilMs, gates, promotion } = view;
  const asked = gates.map(gateText);
  if (state === 'awaited') return [...asked, 'waits to be promoted by a person'];
  return [
    ...(state === 'begun' ? ['its instances come up'] : []),
    ...(pauseUntilMs === null ? [] : [`pause until ${timeText(pauseUntilMs)}`]),
    ...asked,
    ...(state === 'held' && pauseUntilMs === null && asked.length === 0 ? ['it stands'] : []),
    ...(promotion === 'promoted' ? ['promoted already'] : []),
  ];
}

function gateText({
  name,
  state,
  good,
  count,
  bad,
  failureLimit,
  lastAnswer,
}: StepView['gates'][number]): string {
  const measured = `${good} of ${count} measured well${bad === 0 ? '' : `, ${bad} not (at most ${failureLimit})`}`;
  const last = lastAnswer === null ? '' : `, last: ${lastAnswer}`;
  switch (state) {
    case 'passed':
      return `gate ${name} is passed`;
    case 'unmeasurable':
      return `gate ${name} cannot be measured${last}`;
    case 'failed':
      return `gate ${name} has failed${last}`;
    case 'open':
      return `gate ${name}: ${measured}${last}`;
  }
}

/** `2 instances`, `25 % of the instances`, `10 % of the traffic`. */
export function shareText({ kind, value }: Share): string {
  switch (kind) {
    case 'count':
      return `${value} instance${value === 1 ? '' : 's'}`;
    case 'percent':
      return `${value} % of the instances`;
    case 'weight':
      return `${value} % of the traffic`;
  }
}

/** `step 2 of 4 (25 % of the traffic)`; beyond the last one it goes all the way. */
export function stepName(final: DesiredElement, index: number): string {
  const steps = stepsOf(final);
  const step = steps[index];
  return step === undefined
    ? 'the rest of the way'
    : `step ${index + 1} of ${steps.length} (${shareText(step.share)})`;
}
