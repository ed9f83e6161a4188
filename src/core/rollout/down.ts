import { byCodeUnit } from '../base/order.js';
import { wake } from './draft.js';
import { placementFor } from './needs.js';
import { mayLeave } from './tally.js';
import type { Scene } from './scene.js';
import { isPastStandby } from './standby.js';
import { begin, isActionable, isRestarting, mayTry } from './up.js';
import type { InstanceView } from './view.js';

/** Everything that the target does not want any more: out of the rotation, drained, stopped, destroyed. */
export function decideDown(scene: Scene): void {
  for (const instance of stopOrder(scene.view.instances)) {
    if (!isActionable(instance)) continue;
    if (instance.wanted === 'active') keep(instance, scene);
    else if (instance.wanted === 'inactive') {
      if (instance.state.lifecycle === 'active') leave(instance, scene);
    } else lower(instance, scene);
  }
}

/**
 * What left the rotation is stopped, whatever became of the rollout since, and what was kept for its time goes where
 * nothing else is repaired; nothing more.
 */
export function finishLeaving(scene: Scene): void {
  const { element, instances } = scene.view;
  for (const instance of stopOrder(instances)) {
    if (!isActionable(instance)) continue;
    if (scene.mode === 'watch' && instance.wanted === 'initial' && isPastStandby(element, instance.state))
      lower(instance, scene);
    if (instance.state.draining === null) continue;
    if (instance.wanted === 'active') keep(instance, scene);
    else leave(instance, scene);
  }
}

/** Unhealthy first, then what was never stable, then the last stable; highest ordinal first. */
export function stopOrder(instances: readonly InstanceView[]): InstanceView[] {
  const rank = (instance: InstanceView): number =>
    !instance.healthy ? 0 : !instance.cluster.everStable ? 1 : 2;
  return [...instances].sort(
    (a, b) =>
      rank(a) - rank(b) || b.state.ordinal - a.state.ordinal || byCodeUnit(a.cluster.key, b.cluster.key),
  );
}

/** A newer commit wants it after all; or it went only to come back with another configuration. */
function keep(instance: InstanceView, scene: Scene): void {
  if (instance.state.draining === null || instance.state.lifecycle !== 'active') return;
  if (isRestarting(instance, scene)) return leave(instance, scene);
  scene.draft.entries.push({ kind: 'instance.kept', instance: instance.state.id });
}

function lower(instance: InstanceView, scene: Scene): void {
  if (instance.state.lifecycle === 'active') return leave(instance, scene);
  if (scene.facts.dependents(instance.state.id) > 0 || !mayTry(instance, scene)) return;
  // `destroy` also frees the run-time values of what was never created.
  begin(instance, instance.state.lifecycle === 'failure' ? 'reset' : 'destroy', null, scene);
}

function leave(instance: InstanceView, scene: Scene): void {
  const { draft, facts, tally, view } = scene;
  const { draining, offSince } = instance.state;
  if (draining === null) {
    // It goes when another place is ready, not before.
    const isToStay = scene.mode === 'rollout';
    if (instance.moves && placementFor(instance.cluster, facts, new Map(), isToStay) === null) return;
    if (!mayLeave(view, instance, tally, facts)) {
      if (instance.healthyAt !== null && instance.healthyAt > facts.now) wake(draft, instance.healthyAt);
      return;
    }
    draft.entries.push({ kind: 'instance.draining', instance: instance.state.id });
    if (instance.live) tally.goingDown++;
    if (instance.healthy) {
      tally.healthy--;
      tally.leaving.add(instance);
    }
    return;
  }
  if (offSince === null) return;
  const drained = offSince + (view.element.target?.rollout ?? instance.cluster.policy).drainDelayMs;
  if (facts.now < drained) wake(draft, drained);
  else if (mayTry(instance, scene)) begin(instance, 'stop', null, scene);
}
