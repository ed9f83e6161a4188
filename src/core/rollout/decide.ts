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
import { fail, type Failure } from './fail.js';
import type { Mode } from './mode.js';
import { isOpen, modeOf } from './mode.js';
import { notice } from './notice.js';
import { pauseOf, waitsFor } from './halted.js';
import { decideRestartEnd } from './restart.js';
import { isDone } from './done.js';
import { decideRoutes } from './routes.js';
import type { ElementState, SolutionState } from './state.js';
import { tallyOf } from './tally.js';
import { currentStep, isAwaited } from './steps.js';
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
  const step =
    mode === 'rollout' && solution.rollout?.phase === 'progressing'
      ? stepToBegin(element, solution.former, facts)
      : null;
  if (step !== null) {
    draft.entries.push(step);
    return draft;
  }
  decideRoutes(view, facts, draft);
  const scene = { domain, view, tally: tallyOf(view, facts), facts, mode, draft };
  if (mode === 'watch') watchOnly(view, draft);
  else decideUp(scene);
  if (mode === 'rollout' || mode === 'repair') decideDown(scene);
  else finishLeaving(scene);
  decideRestartEnd(scene);
  if (currentStep(element) === null) decideEnd(view, facts, draft);
  else if (mode === 'rollout') decideStep(view, facts, draft);
  if (mode === 'rollout' && isOpen(solution)) draft.failing ??= failureOf(view, facts, draft);
  return draft;
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
    const where = instance.state.id.split('/').slice(-2).join('/');
    if (instance.state.lifecycle !== instance.wanted)
      return safe(`${where} is ${instance.state.lifecycle}, should be ${instance.wanted}`);
    if (isEdited(instance)) return safe(`${where} was changed by hand`);
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

/** What follows for the solution's rollout once its elements were decided. */
export function decideRollout(
  solution: SolutionState,
  { failing, stuck }: { readonly failing: Failure | null; readonly stuck: SafeText | null },
  facts: Facts,
): SolutionEntry[] {
  const { rollout } = solution;
  if (rollout === null || !isOpen(solution)) return closeRepairs(solution);
  if (failing !== null && rollout.phase === 'progressing') return fail(solution, failing);
  if (failing !== null && rollout.phase === 'reverting') return [blockedBy(failing, rollout.reason)];
  const standing = rollout.phase === 'progressing' ? (stuck ?? awaited(solution, facts)) : null;
  if (standing !== null) return [{ kind: 'rollout.phase', phase: 'paused', reason: standing }];
  const open = [...solution.elements.values()].some(
    (element) => element.target === null || (element.track !== null && !element.track.done),
  );
  // What was done once may have broken since: `applied` is said of what is true now.
  if (open || !areDone(solution, facts)) return [];
  if (rollout.phase === 'reverting')
    return [{ kind: 'rollout.ended', phase: 'reverted', reason: rollout.reason }];
  // What stays out is asked for all the same: that is no state to go back to.
  if (solution.quarantine !== null) return [{ kind: 'rollout.ended', phase: 'succeeded', reason: null }];
  return [
    { kind: 'solution.stable', revision: rollout.revision, desiredDigest: rollout.desiredDigest },
    { kind: 'rollout.ended', phase: 'succeeded', reason: null },
  ];
}

/** Whatever is still on its way waits for a person, by itself or with others. */
function awaited({ elements }: SolutionState, facts: Facts): SafeText | null {
  const open = [...elements.values()].filter(({ track }) => track !== null && !track.done);
  const names = open.filter(isAwaited).map(({ name }) => name);
  if (names.length === 0) return null;
  const canMove = open.some(
    (element) => !isAwaited(element) && (isUnderWay(element) || !waitsFor(element, facts, isAwaited)),
  );
  if (canMove) return null;
  return safe(`${names.join(', ')} ${names.length === 1 ? 'waits' : 'wait'} to be promoted`);
}

/** Something is being done to it, or becomes of what was done. */
function isUnderWay({ clusters, listeners }: ElementState): boolean {
  return (
    [...listeners.values()].some(({ pending }) => pending !== null) ||
    [...clusters.values()].some(({ instances }) =>
      [...instances.values()].some(
        ({ operation, draining, lifecycle, proven }) =>
          operation !== null || draining !== null || (lifecycle === 'active' && !proven),
      ),
    )
  );
}

/** The way back failed as well: a person has to look. */
function blockedBy(failing: Failure, reason: SafeText | null): SolutionEntry {
  const back = safe(`going back failed too: ${failing.reason}`);
  return {
    kind: 'rollout.ended',
    phase: 'blocked',
    reason: reason === null ? back : safe(`${reason}; ${back}`),
  };
}

/** The whole solution: what it did not change may have broken meanwhile, unless nobody is to mend that by himself. */
function areDone(solution: SolutionState, facts: Facts): boolean {
  return [...solution.elements.values()].every(
    (element) =>
      (element.track === null && element.target?.repair !== 'auto') ||
      isDone(viewElement(element, facts), facts),
  );
}

/** A released repair has no rollout that would end it. */
function closeRepairs(solution: SolutionState): SolutionEntry[] {
  const closing = [...solution.elements.values()].filter((element) => element.track?.done === true);
  return closing.map((element) => ({ kind: 'repair.ended', element: element.name }));
}

export type { Mode };
