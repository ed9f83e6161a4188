import type { Transition } from '../base/desired.js';
import { safe } from '../base/safe-text.js';
import { floorOf } from './amounts.js';
import { assignMissing } from './assign.js';
import { wake } from './draft.js';
import { locate, placementFor, unreadyContext, unreadyService } from './needs.js';
import { isNextToRestart, isToRestart } from './restart.js';
import { mayInterrupt, mayStart } from './tally.js';
import { nextTryAt, troubleAfter } from './trouble.js';
import type { Trouble } from './state.js';
import type { Scene } from './scene.js';
import type { InstanceView } from './view.js';

/** Everything that brings instances to the state that the target wants them in. */
export function decideUp(scene: Scene): void {
  assignMissing(scene);
  for (const instance of scene.view.instances) {
    if (scene.mode === 'paused' && !instance.state.wasActive) continue;
    const wanted = scene.mode === 'paused' && instance.state.wasActive ? 'active' : instance.wanted;
    if (wanted === 'initial' || (wanted === 'inactive' && instance.isStandby) || !isActionable(instance))
      continue;
    const transition = nextUp(instance, wanted, scene);
    if (transition !== null && mayTry(instance, scene)) attempt(instance, transition, scene);
    else if (transition === null && isNextToRestart(instance, scene)) leaveToRestart(instance, scene);
  }
}

/** Nothing is done to what is unknown, held, or under way already. */
export function isActionable(instance: InstanceView): boolean {
  return (
    instance.state.operation === null &&
    instance.seen.presence !== 'unknown' &&
    instance.seen.foreignHome === null
  );
}

function nextUp(instance: InstanceView, wanted: 'inactive' | 'active', scene: Scene): Transition | null {
  const { state, seen, cluster } = instance;
  switch (state.lifecycle) {
    case 'failure':
      return 'reset';
    case 'initial':
      return 'create';
    case 'inactive': {
      const digest = scene.facts.configurationDigest(state, cluster);
      if (!state.ready || (digest !== null && (state.configured !== digest || isEdited(instance))))
        return 'configure';
      return wanted === 'active' ? 'start' : null;
    }
    case 'active': {
      if (wanted === 'inactive' || state.draining !== null) return null;
      if (scene.mode !== 'paused' && isOutdated(instance, scene)) return 'reconfigure';
      return seen.health === 'bad' && mayRestart(instance, scene) ? 'stop' : null;
    }
  }
}

/** What was well once is restarted at once, what comes up gets its time first; in a rollout that time is a deadline. */
function mayRestart({ state }: InstanceView, { view, facts, mode, draft }: Scene): boolean {
  if (state.proven) return true;
  if (mode === 'rollout' || state.activeSince === null) return false;
  const deadline = state.activeSince + (view.element.target?.rollout.healthyDeadlineMs ?? 0);
  if (facts.now < deadline) wake(draft, deadline);
  return facts.now >= deadline;
}

/** Its configuration is not what it was given: a manual change. */
export function isEdited({ seen, state }: InstanceView): boolean {
  return seen.digest !== null && state.configured !== null && seen.digest !== state.configured;
}

function isOutdated(instance: InstanceView, scene: Scene): boolean {
  const digest = scene.facts.configurationDigest(instance.state, instance.cluster);
  return isEdited(instance) || (digest !== null && instance.state.configured !== digest);
}

/** What kept an instance from coming up does not keep it from going. */
export function concerns(trouble: Trouble, instance: InstanceView): boolean {
  const { transition } = trouble;
  return (
    instance.wanted !== 'initial' ||
    transition === 'stop' ||
    transition === 'destroy' ||
    transition === 'reset'
  );
}

/** For what is not in the model any more. */
const defaultRepairIntervalMs = 300_000;

/** Waits out the pause between two tries, and between two rounds of them. */
export function mayTry(instance: InstanceView, { facts, draft, mode, view }: Scene): boolean {
  const trouble = instance.state.trouble;
  // A pause keeps up what is not wanted any more.
  if (trouble === null || (mode !== 'paused' && !concerns(trouble, instance))) return true;
  if (!trouble.exhausted) {
    const at = nextTryAt(trouble, instance.cluster.definition.retries);
    if (facts.now >= at) return true;
    wake(draft, at);
    return false;
  }
  if (mode === 'rollout' && instance.isNew) return false;
  const nextRound = trouble.lastAt + (view.element.target?.repairIntervalMs ?? defaultRepairIntervalMs);
  if (facts.now < nextRound) {
    wake(draft, nextRound);
    return false;
  }
  draft.entries.push({ kind: 'instance.trouble', instance: instance.state.id, trouble: null });
  return false;
}

function attempt(instance: InstanceView, transition: Transition, scene: Scene): void {
  const { facts, tally, view } = scene;
  switch (transition) {
    case 'reset':
      return begin(instance, 'reset', null, scene);
    case 'create':
      return attemptCreate(instance, scene);
    case 'configure': {
      const digest = facts.configurationDigest(instance.state, instance.cluster);
      if (digest !== null) begin(instance, 'configure', digest, scene);
      else scene.draft.waiting = true;
      return;
    }
    case 'start':
      if (
        unreadyService(instance.cluster, facts) !== null ||
        unreadyContext(instance.state, instance.cluster, facts) !== null
      ) {
        scene.draft.waiting = true;
        return;
      }
      if (!mayStart(view, tally)) return;
      tally.live++;
      tally.starting.add(instance);
      return begin(instance, 'start', instance.state.configured, scene);
    case 'reconfigure':
      return attemptReconfigure(instance, scene);
    case 'stop':
      return attemptRestart(instance, scene);
    case 'destroy':
      return;
  }
}

function attemptCreate(instance: InstanceView, scene: Scene): void {
  const { state, cluster } = instance;
  const lost = Object.values(state.runtime?.placement ?? {}).some((on) => locate(on, scene.facts) === null);
  if (lost || state.runtime === null) {
    const placement = placementFor(cluster, scene.facts, new Map(), scene.mode === 'rollout');
    if (placement === null) scene.draft.waiting = true;
    if (placement === null || state.runtime === null) return;
    scene.draft.entries.push({
      kind: 'instance.assigned',
      instance: state.id,
      runtime: { ...state.runtime, placement },
    });
  } else if (unreadyContext(state, cluster, scene.facts) === null) begin(instance, 'create', null, scene);
  else scene.draft.waiting = true;
}

function attemptReconfigure(instance: InstanceView, scene: Scene): void {
  const digest = scene.facts.configurationDigest(instance.state, instance.cluster);
  if (digest === null) return;
  // Under what lives on it nothing is stopped: the provider does it in its moment.
  if (interrupts(instance, scene) && scene.facts.dependents(instance.state.id) === 0)
    return leaveToRestart(instance, scene);
  // One at a time: a configuration that does harm must not reach all of them at once.
  if (isReconfiguring(scene)) return;
  begin(instance, 'reconfigure', digest, scene);
}

function isReconfiguring({ view, draft }: Scene): boolean {
  return (
    view.instances.some((other) => other.state.operation?.transition === 'reconfigure') ||
    draft.entries.some((entry) => entry.kind === 'operation.begun' && entry.transition === 'reconfigure')
  );
}

/** It cannot be given another configuration while it runs: drained, stopped, configured and started again. */
function leaveToRestart(instance: InstanceView, { view, tally, facts, draft }: Scene): void {
  if (!mayInterrupt(view, instance, tally, facts)) {
    if (instance.healthyAt !== null && instance.healthyAt > facts.now) wake(draft, instance.healthyAt);
    return;
  }
  // It could not come back.
  if (
    unreadyService(instance.cluster, facts) !== null ||
    unreadyContext(instance.state, instance.cluster, facts) !== null
  ) {
    draft.waiting = true;
    return;
  }
  draft.entries.push({ kind: 'instance.draining', instance: instance.state.id });
  tally.goingDown++;
  tally.restarting++;
  if (!instance.healthy) return;
  tally.healthy--;
  tally.leaving.add(instance);
  // Not every wanted one is well any more, so what is not wanted has to stay.
  tally.floor = floorOf(view.element, false);
}

/** Left the rotation for another configuration, or because a person has it restarted. */
export function isRestarting(instance: InstanceView, scene: Scene): boolean {
  if (isToRestart(instance, scene.view.element)) return instance.state.draining !== null;
  return instance.state.draining !== null && interrupts(instance, scene) && isOutdated(instance, scene);
}

function interrupts({ cluster }: InstanceView, { facts }: Scene): boolean {
  return facts.reconfigureInterrupts(cluster.definition.provider);
}

/** Running but not well: restarted only while its providers are ready, one at a time, and never under what lives on it. */
function attemptRestart(instance: InstanceView, scene: Scene): void {
  const { facts, tally } = scene;
  if (
    tally.restarting > 0 ||
    facts.dependents(instance.state.id) > 0 ||
    unreadyService(instance.cluster, facts) !== null
  )
    return;
  const failure = {
    transition: 'health' as const,
    reason: instance.seen.detail ?? safe('is not healthy'),
    retryable: true,
  };
  const trouble = troubleAfter(instance.state, instance.cluster.definition.retries, failure, facts.now);
  scene.draft.entries.push({ kind: 'instance.trouble', instance: instance.state.id, trouble });
  // When the round is used up, running badly is better than not running.
  if (trouble.exhausted) return;
  tally.restarting++;
  begin(instance, 'stop', null, scene);
}

export function begin(
  instance: InstanceView,
  transition: Transition,
  digest: InstanceView['state']['configured'],
  scene: Scene,
): void {
  scene.draft.entries.push({
    kind: 'operation.begun',
    instance: instance.state.id,
    transition,
    digest,
    reason: safe(scene.mode === 'repair' ? 'repair' : 'rollout'),
  });
}
