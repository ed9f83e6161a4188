import type { DesiredElement } from '../base/desired.js';
import { activeSize } from '../base/desired.js';
import { digestOf } from '../base/digest.js';
import type { DomainName } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import { safe } from '../base/safe-text.js';
import { decideDown, finishLeaving } from './down.js';
import { failureOf } from './deadlines.js';
import type { Draft } from './draft.js';
import { newDraft } from './draft.js';
import type { SolutionEntry } from './entries.js';
import type { Facts } from './facts.js';
import type { Mode } from './mode.js';
import { isOpen, modeOf } from './mode.js';
import { notice } from './notice.js';
import { decideRoutes, routesSettled } from './routes.js';
import type { ElementState, SolutionState } from './state.js';
import { tallyOf } from './tally.js';
import { decideUp, isEdited } from './up.js';
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
  const mode = modeOf(solution, element);
  decideRoutes(view, facts, draft);
  const scene = { domain, view, tally: tallyOf(view, facts), facts, mode, draft };
  if (mode === 'watch') watchOnly(view, draft);
  else decideUp(scene);
  if (mode === 'rollout' || mode === 'repair') decideDown(scene);
  else finishLeaving(scene);
  decideEnd(view, facts, draft);
  if (mode === 'rollout' && isOpen(solution)) draft.failing = failureOf(view, facts, draft);
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
  if (view.whole && !isKnownWhole(element)) {
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

/** A = T for this element: everything wanted is there and well, everything else is gone, every listener knows. */
export function isDone(view: ElementView, facts: Facts): boolean {
  if (!view.whole || !routesSettled(view, facts)) return false;
  const wantedCount = (view.element.target?.clusters ?? []).reduce(
    (sum, desired) => sum + (desired.state === 'initial' ? 0 : desired.size),
    0,
  );
  return (
    view.instances.length === wantedCount &&
    view.instances.every(
      (instance) =>
        instance.state.operation === null &&
        instance.seen.presence === 'present' &&
        instance.state.lifecycle === instance.wanted &&
        (instance.wanted === 'active' || instance.state.ready) &&
        !isEdited(instance) &&
        instance.state.configured === facts.configurationDigest(instance.state, instance.cluster),
    )
  );
}

/** What follows for the solution's rollout once its elements were decided. */
export function decideRollout(
  solution: SolutionState,
  failing: SafeText | null,
  facts: Facts,
): SolutionEntry[] {
  const { rollout } = solution;
  if (rollout === null || !isOpen(solution)) return closeRepairs(solution);
  if (failing !== null && rollout.phase === 'progressing') return fail(solution, failing);
  const open = [...solution.elements.values()].some(
    (element) => element.target === null || (element.track !== null && !element.track.done),
  );
  // What was done once may have broken since: `applied` is said of what is true now.
  if (open || !areDone(solution, facts)) return [];
  return [
    { kind: 'solution.stable', revision: rollout.revision, desiredDigest: rollout.desiredDigest },
    { kind: 'rollout.ended', phase: 'succeeded', reason: null },
  ];
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

function fail(solution: SolutionState, reason: SafeText): SolutionEntry[] {
  return onFailureOf(solution) === 'abort'
    ? [abortEntry(solution, reason)]
    : [{ kind: 'rollout.phase', phase: 'paused', reason }];
}

/** Ends the rollout where it stands: what runs is the target until the next change. */
export function abortEntry(
  solution: SolutionState,
  reason: SafeText,
): Extract<SolutionEntry, { kind: 'rollout.aborted' }> {
  return { kind: 'rollout.aborted', targets: whatRuns(solution), reason };
}

/** The strictest wish of the elements that are still on their way. */
function onFailureOf(solution: SolutionState): 'pause' | 'abort' {
  const open = [...solution.elements.values()].filter(
    (element) => element.track !== null && !element.track.done && element.target !== null,
  );
  return open.length > 0 && open.every((element) => element.target?.rollout.onFailure === 'abort')
    ? 'abort'
    : 'pause';
}

/** `abort` makes what runs the target until the next change. */
function whatRuns(solution: SolutionState): { [element: string]: ElementState['target'] } {
  const targets: { [element: string]: ElementState['target'] } = {};
  for (const element of solution.elements.values()) {
    if (element.track === null || element.track.done || element.target === null) continue;
    const clusters = [...element.clusters.values()].flatMap((cluster) => {
      const running = [...cluster.instances.values()].filter(
        (i) => i.lifecycle === 'active' && (i.proven || (cluster.everStable && i.trouble === null)),
      );
      const size = running.length === 0 ? 0 : Math.max(...running.map((i) => i.ordinal)) + 1;
      const weight = element.target?.clusters.find((desired) => desired.key === cluster.key)?.weight ?? null;
      return size === 0
        ? []
        : [{ key: cluster.key, state: 'active' as const, size, weight, definition: cluster.definition }];
    });
    targets[element.name] = clusters.length === 0 ? null : stoppedAt(element.target, clusters);
  }
  return targets;
}

/** Its own digest: what was given up must not pass for what the model asks for, or it would never be tried again. */
function stoppedAt(target: DesiredElement, clusters: DesiredElement['clusters']): DesiredElement {
  return { ...target, clusters, digest: digestOf({ abortedFrom: target.digest, clusters }) };
}

export type { Mode };
