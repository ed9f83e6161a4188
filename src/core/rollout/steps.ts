import type { CanaryStep, Share } from '../base/canary.js';
import { canaryOf, promoteOf } from '../base/canary.js';
import type { DesiredCluster, DesiredElement } from '../base/desired.js';
import { activeSize } from '../base/desired.js';
import { digestOf } from '../base/digest.js';
import type { ClusterKey } from '../base/names.js';
import type { ClusterState, ElementState } from './state.js';

/** What each step of the way is; the full size, which ends it, is none of them. */
export function stepsOf(final: DesiredElement | null): readonly CanaryStep[] {
  if (final === null) return [];
  const { strategy } = final.rollout;
  if (strategy !== 'canary' && strategy !== 'blueGreen') return [];
  const said = canaryOf(final.rollout);
  const first: readonly CanaryStep[] = strategy === 'blueGreen' && said.length === 0 ? [parked] : said;
  // Who shares by weight hands over all of it before the first instance goes.
  return first.some(({ share }) => share.kind === 'weight') ? [...first, handedOver] : first;
}

const parked: CanaryStep = { share: { kind: 'weight', value: 0 }, pauseMs: 0, gates: [] };
const handedOver: CanaryStep = { share: { kind: 'weight', value: 100 }, pauseMs: 0, gates: [] };

/** Clusters that served before, and are to be replaced. A first deployment has none, nor has a way back. */
export function replacedBy(element: ElementState, final: DesiredElement): readonly ClusterState[] {
  if (element.wholeSize === 0) return [];
  const wanted = new Set(final.clusters.map(({ key }) => key));
  const former = [...element.clusters.values()].filter(
    ({ key, everStable, instances }) =>
      everStable &&
      !wanted.has(key) &&
      [...instances.values()].some(({ lifecycle }) => lifecycle === 'active'),
  );
  return newIn(element, final).length === 0 ? [] : former;
}

function newIn({ clusters }: ElementState, final: DesiredElement): readonly DesiredCluster[] {
  return final.clusters.filter(
    ({ key, state, size }) => state === 'active' && size > 0 && clusters.get(key)?.everStable !== true,
  );
}

/** What the element is held to in a step: what served before beside what is new, each at its share. */
export function stepTarget(
  element: ElementState,
  final: DesiredElement,
  { share }: CanaryStep,
  /** Nothing of what serves may go before those who use it have gone over, which the last step alone lets them do. */
  isTorn: boolean,
): DesiredElement {
  const former = replacedBy(element, final);
  const fresh = new Set(newIn(element, final).map(({ key }) => key));
  const full = activeSize(final);
  const size = sizeOf(share, full);
  const kept = share.kind === 'weight' || isTorn ? element.wholeSize : beside(element.wholeSize, size, full);
  const old = former.map((cluster, i): DesiredCluster => {
    // The first of them keeps what is to be kept; more than one there is only after a rollout that was left behind.
    const weight = share.kind === 'weight' ? 100 - share.value : null;
    const { key, definition } = cluster;
    return { key, state: 'active', size: i === 0 ? kept : 0, weight: i === 0 ? weight : null, definition };
  });
  const next = final.clusters.map((cluster): DesiredCluster => {
    if (!fresh.has(cluster.key)) return cluster;
    return share.kind === 'weight'
      ? { ...cluster, weight: share.value }
      : { ...cluster, size: Math.min(cluster.size, size) };
  });
  const clusters = [...old.filter((cluster) => cluster.size > 0), ...next].sort((a, b) =>
    a.key < b.key ? -1 : 1,
  );
  return { ...final, clusters, digest: digestOf({ stepOf: final.digest, clusters }) };
}

/**
 * So many of what served stay that no more of the traffic goes over than was asked for, nor less is there to serve it.
 */
function beside(whole: number, size: number, full: number): number {
  return Math.max(0, whole - size, Math.ceil((whole * (full - size)) / full));
}

/** At least one instance, and never more than all. */
function sizeOf(share: Share, full: number): number {
  if (share.kind === 'weight') return full;
  const size = share.kind === 'count' ? share.value : Math.ceil((full * share.value) / 100);
  return Math.min(full, Math.max(1, size));
}

/** The step that the element is held to now; null: it goes, or has gone, all the way. */
export function currentStep({ track, target }: ElementState): CanaryStep | null {
  const step = track?.step;
  return step?.digest === target?.digest ? (stepsOf(step?.final ?? null)[step?.index ?? 0] ?? null) : null;
}

/** The last one before all of the traffic, or the rest of the instances, goes over. */
function isLastStep(final: DesiredElement, index: number): boolean {
  const last = stepsOf(final).findLastIndex(({ share }) => share.kind !== 'weight' || share.value < 100);
  return index === Math.max(0, last);
}

/** Before all of the traffic, or the rest of the instances, goes over, a person is asked. */
export function asksPerson(final: DesiredElement, index: number): boolean {
  return promoteOf(final.rollout) === 'manual' && isLastStep(final, index);
}

/** Both stand in full beside each other, and only the traffic is shared. */
export function sharesByWeight(final: DesiredElement | null): boolean {
  return stepsOf(final).some(({ share }) => share.kind === 'weight');
}

/** What it is to be in the end, whatever step it is held to. */
export function finalOf({ track, target }: ElementState): DesiredElement | null {
  const step = track?.step;
  return step !== undefined && step.digest === target?.digest ? step.final : target;
}

/** It served before, and stays beside its successor for no longer than the step that the element is held to. */
export function isKeptForStep(element: ElementState, cluster: ClusterKey): boolean {
  const isIn = (desired: DesiredElement | null): boolean =>
    desired?.clusters.some(({ key }) => key === cluster) === true;
  return isIn(element.target) && !isIn(finalOf(element));
}

/** All of the step is there: it is held for a time, for answers, or for a person. */
export function isHeld(element: ElementState): boolean {
  return currentStep(element) !== null && element.track?.step?.readyAt != null;
}

/** Nothing but a person lets it go on. */
export function isAwaited(element: ElementState): boolean {
  return currentStep(element) !== null && element.track?.step?.awaits === true;
}

/** All of the traffic has gone over by weight: what served before gets none, however many of it are left. */
export function isHandedOver({ track, target }: ElementState): boolean {
  const step = track?.step;
  if (step === undefined || step.digest !== target?.digest) return false;
  const steps = stepsOf(step.final);
  return step.index >= steps.length && sharesByWeight(step.final);
}
