import type { Lifecycle } from '../base/desired.js';
import { clusterFor } from '../base/desired.js';
import type { BindingKey } from '../base/names.js';
import { exposeBinding, splitInstanceId } from '../base/names.js';
import type { Range, Version } from '../base/version.js';
import { satisfies } from '../base/version.js';
import type { Facts, Seen } from './facts.js';
import { isOnStandby } from './standby.js';
import type { ClusterState, ElementState, EngineMs, InstanceState, Listener } from './state.js';

/** One instance with all that decisions ask of it. */
export interface InstanceView {
  readonly state: InstanceState;
  readonly cluster: ClusterState;
  readonly seen: Seen;
  /** What the target asks of it; surplus instances are wanted `initial`. */
  readonly wanted: Exclude<Lifecycle, 'failure'>;
  /** Lives on a context instance that goes: it is made anew on another one, one of an element at a time. */
  readonly moves: boolean;
  /** Kept for the way back: nothing is done to it once it is stopped. */
  readonly isStandby: boolean;
  /** Of an active desired cluster, within its size. */
  readonly isNew: boolean;
  /** Active, or on its way up or down, draining included. */
  readonly live: boolean;
  readonly inRotation: boolean;
  /** Probed good and in rotation, long enough where it must prove itself. */
  readonly healthy: boolean;
  /** When it will be healthy if nothing changes; null if more than time is missing. */
  readonly healthyAt: EngineMs | null;
}

export interface ElementView {
  readonly element: ElementState;
  readonly instances: readonly InstanceView[];
  /** Every desired active instance exists and is healthy. */
  readonly whole: boolean;
}

/** How long a new instance has to be good before it counts; by the target's policy. */
export function viewElement(element: ElementState, facts: Facts): ElementView {
  const instances: InstanceView[] = [];
  const moving = movingOf(element, facts);
  for (const cluster of [...element.clusters.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    for (const state of [...cluster.instances.values()].sort((a, b) => a.ordinal - b.ordinal)) {
      instances.push(viewInstance(element, cluster, { state, moves: state === moving }, facts));
    }
  }
  return { element, instances, whole: isWhole(element, instances) };
}

/** Whoever is on its way already goes first, so that no second one begins before. */
function movingOf(element: ElementState, facts: Facts): InstanceState | null {
  let moving: InstanceState | null = null;
  for (const desired of element.target?.clusters ?? []) {
    const cluster = element.clusters.get(desired.key);
    if (cluster === undefined || !hasContext(cluster)) continue;
    for (const state of cluster.instances.values()) {
      if (state.ordinal >= desired.size || !isMisplaced(state, cluster, facts)) continue;
      if (moving === null || rank(state) > rank(moving)) moving = state;
    }
  }
  return moving;
}

function rank(state: InstanceState): number {
  return (state.lifecycle !== 'active' || state.draining !== null ? 1_000_000 : 0) + state.ordinal;
}

function hasContext(cluster: ClusterState): boolean {
  return cluster.definition.relationships.some((relationship) => relationship.type === 'context');
}

function isMisplaced(state: InstanceState, { definition }: ClusterState, facts: Facts): boolean {
  return Object.entries(state.runtime?.placement ?? {}).some(([name, on]) => {
    const parts = splitInstanceId(on);
    const target = parts === null ? null : (facts.element(parts.element)?.target ?? null);
    if (parts === null || target === null) return false;
    if (clusterFor(target, parts.cluster, parts.ordinal)?.state === 'active') return false;
    // With nowhere to go it stays, until what it belongs to is replaced as well.
    const range = definition.relationships.find((relationship) => relationship.name === name)?.range;
    return target.clusters.some(
      (other) =>
        other.state === 'active' &&
        other.size > 0 &&
        (range === undefined || satisfies(other.definition.version, range)),
    );
  });
}

function viewInstance(
  element: ElementState,
  cluster: ClusterState,
  { state, moves }: { readonly state: InstanceState; readonly moves: boolean },
  facts: Facts,
): InstanceView {
  const seen = facts.seen(state.id);
  const desired = moves ? null : clusterFor(element.target, cluster.key, state.ordinal);
  const isStandby = desired === null && isOnStandby(element, state, facts);
  const wanted = desired?.state ?? (isStandby ? 'inactive' : 'initial');
  const transition = state.operation?.transition;
  const live = state.lifecycle === 'active' || transition === 'start' || transition === 'stop';
  const inRotation =
    state.lifecycle === 'active' &&
    state.draining === null &&
    transition !== 'stop' &&
    routedEverywhere(element, cluster, state);
  const good = inRotation && seen.presence === 'present' && seen.health === 'good';
  const proveMs = cluster.everStable ? 0 : (element.target?.rollout.minHealthyTimeMs ?? 0);
  const since = Math.max(seen.goodSince ?? 0, state.activeSince ?? 0);
  const healthyAt = good ? since + proveMs : null;
  return {
    state,
    cluster,
    seen,
    wanted,
    moves,
    isStandby,
    isNew: wanted === 'active',
    live,
    inRotation,
    healthy: healthyAt !== null && healthyAt <= facts.now,
    healthyAt,
  };
}

/**
 * It served when it was last judged, and this controller has not asked it yet, or not for long enough: that it does not
 * count as healthy says nothing of it, and consumers may have no other. Its probe tells in a moment.
 */
export function isUnjudged({ state, cluster, seen, inRotation, healthy }: InstanceView): boolean {
  if (healthy || !inRotation || !state.proven || cluster.definition.health === null) return false;
  return seen.presence === 'present' && seen.health !== 'bad';
}

/** An element without any listener for this version is in rotation as soon as it is active. */
function routedEverywhere(element: ElementState, cluster: ClusterState, state: InstanceState): boolean {
  // Parked on purpose: its share is nothing, so that it is where it should be.
  const parked = element.target?.clusters.find((desired) => desired.key === cluster.key)?.weight === 0;
  let isIdle = false;
  let isServing = false;
  for (const listener of element.listeners.values()) {
    // A listener that was never told sends to nobody yet: it takes no traffic from anyone.
    if (listener.backends === null || !bindingAccepts(listener.binding, cluster.definition.version)) continue;
    const backend = listener.backends.find(({ instance }) => instance === state.id);
    if (backend === undefined) return false;
    if (backend.weight > 0) isServing = true;
    else isIdle = true;
  }
  // Those whom it serves have it, though others get another version.
  return !isIdle || isServing || parked;
}

/** The outside takes every version, a consumer those in its range. */
export function bindingAccepts(binding: BindingKey, version: Version): boolean {
  return binding === exposeBinding || satisfies(version, binding as string as Range);
}

function isWhole(element: ElementState, instances: readonly InstanceView[]): boolean {
  for (const desired of element.target?.clusters ?? []) {
    if (desired.state !== 'active') continue;
    const healthy = instances.filter(
      (view) => view.cluster.key === desired.key && view.isNew && view.healthy,
    ).length;
    if (healthy < desired.size) return false;
  }
  return true;
}

export function countHealthy(view: ElementView): number {
  return view.instances.reduce((sum, instance) => sum + (instance.healthy ? 1 : 0), 0);
}

export function countHealthyInRange(view: ElementView, range: Range): number {
  return view.instances.reduce(
    (sum, instance) =>
      sum + (instance.healthy && satisfies(instance.cluster.definition.version, range) ? 1 : 0),
    0,
  );
}

export function countLive(view: ElementView): number {
  return view.instances.reduce((sum, instance) => sum + (instance.live ? 1 : 0), 0);
}

/** Has at least one instance that needs its providers now. */
export function isLiveCluster(cluster: ClusterState): boolean {
  for (const instance of cluster.instances.values()) {
    if (instance.lifecycle === 'active' || instance.operation?.transition === 'start') return true;
  }
  return false;
}

export function hasListeners(element: ElementState): boolean {
  return element.listeners.size > 0;
}

export function isSettled(listener: Listener): boolean {
  return listener.pending === null && listener.failure === null && listener.backends !== null;
}
