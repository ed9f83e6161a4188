import { activeSize } from '../base/desired.js';
import type { DomainName } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import { safe } from '../base/safe-text.js';
import { decideDown, finishLeaving } from './down.js';
import { failureOf } from './deadlines.js';
import type { Draft } from './draft.js';
import { newDraft } from './draft.js';
import type { SolutionEntry } from './entries.js';
import type { Facts } from './facts.js';
import { isOpen, modeOf } from './mode.js';
import { notice } from './notice.js';
import { pauseOf } from './halted.js';
import { decideRestartEnd } from './restart.js';
import { isDone } from './done.js';
import { decideRoutes } from './routes.js';
import type { ElementState, SolutionState } from './state.js';
import { decideStandbyEnd, isPastStandby, standbyToBegin } from './standby.js';
import { tallyOf } from './tally.js';
import { currentStep } from './steps.js';
import { decideUp, isEdited } from './up.js';
import { decideStep, stepToBegin } from './decide-step.js';
import type { ElementView } from './view.js';
import { viewElement } from './view.js';

/** Decides what is to be done about one element now. Reads only; asked again after its entries were evolved. */
export function decideElement(
  domain: DomainName,
  solution: SolutionState,
  element: ElementState,
  facts: Facts,
): Draft {
  const draft = newDraft();
  if (solution.detached) return draft;
  const view = viewElement(element, facts);
  notice(view, facts, draft);
  // What was just noticed changes the state that everything else is decided on.
  if (draft.entries.length > 0) return draft;
  const mode = modeOf(solution, element, pauseOf(element.key, facts));
  if (mode === 'halted') return draft;
  const isOnItsWay = mode === 'rollout' && solution.rollout?.phase === 'progressing';
  const first = isOnItsWay ? firstOf(element, solution.former, facts) : null;
  if (first !== null) {
    draft.entries.push(first);
    return draft;
  }
  decideRoutes(view, facts, draft);
  const scene = { domain, view, tally: tallyOf(view, facts), facts, mode, draft };
  if (mode === 'watch') watchOnly(view, draft);
  else decideUp(scene);
  if (mode === 'rollout' || mode === 'repair') decideDown(scene);
  else finishLeaving(scene);
  decideRestartEnd(scene);
  decideStandbyEnd(element, facts, draft);
  if (currentStep(element) === null) decideEnd(view, facts, draft);
  else if (mode === 'rollout') decideStep(view, facts, draft);
  if (mode === 'rollout' && isOpen(solution)) draft.failing ??= failureOf(view, facts, draft);
  return draft;
}

/** What has to stand in the journal before anything is done for a rollout. */
function firstOf(element: ElementState, former: SolutionState['former'], facts: Facts): SolutionEntry | null {
  return standbyToBegin(element) ?? stepToBegin(element, former, facts);
}

/** `repair: report` and `hold`: says what differs, and does nothing. */
function watchOnly(view: ElementView, draft: Draft): void {
  const reason = driftOf(view);
  if (reason !== view.element.drift)
    draft.entries.push({ kind: 'element.drift', element: view.element.name, reason });
}

function driftOf(view: ElementView): SafeText | null {
  for (const instance of view.instances) {
    if (instance.seen.presence === 'unknown' || instance.state.operation !== null) continue;
    if (isPastStandby(view.element, instance.state)) continue;
    const where = instance.state.id.split('/').slice(-2).join('/');
    if (instance.state.lifecycle !== instance.wanted)
      return safe(`${where} is ${instance.state.lifecycle}, should be ${instance.wanted}`);
    // What is kept for the way back is looked at when it is wanted.
    if (isEdited(instance) && !instance.isStandby) return safe(`${where} was changed by hand`);
    if (instance.wanted === 'active' && instance.seen.health === 'bad')
      return safe(`${where} is not healthy`);
  }
  return null;
}

function decideEnd(view: ElementView, facts: Facts, draft: Draft): void {
  const { element } = view;
  if (draft.entries.length > 0) return;
  if (element.target === null) {
    if (element.clusters.size === 0 && element.listeners.size === 0)
      draft.entries.push({ kind: 'element.gone', element: element.name });
    return;
  }
  // Whatever runs after a rollout was given up is kept, and is no state that anybody has found to be good.
  if (element.track !== null && view.whole && !isKnownWhole(element)) {
    draft.entries.push({ kind: 'element.whole', element: element.name, size: activeSize(element.target) });
  } else if (element.track !== null && !element.track.done && isDone(view, facts)) {
    draft.entries.push({ kind: 'track.done', element: element.name });
  }
}

function isKnownWhole(element: ElementState): boolean {
  if (element.wholeSize !== activeSize(element.target)) return false;
  return (element.target?.clusters ?? []).every(
    (desired) => desired.state !== 'active' || element.clusters.get(desired.key)?.everStable === true,
  );
}
