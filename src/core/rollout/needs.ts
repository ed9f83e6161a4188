import type { Relationship } from '../base/desired.js';
import { clusterFor } from '../base/desired.js';
import type { BindingKey, ElementKey, InstanceId } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import { satisfies } from '../base/version.js';
import { readyCountOf } from './amounts.js';
import type { Facts } from './facts.js';
import type { ClusterState, ElementState, InstanceState } from './state.js';
import { finalOf } from './steps.js';
import type { InstanceView } from './view.js';
import { countHealthyInRange, viewElement } from './view.js';

/** Why a transition has to wait for another element; null: it need not. */
export type Waiting = { readonly on: ElementKey; readonly relationship: string } | null;

/** *start* waits for every service provider to be ready. */
export function unreadyService(cluster: ClusterState, facts: Facts): Waiting {
  for (const relationship of cluster.definition.relationships) {
    if (relationship.type === 'service' && !isReady(relationship, facts)) {
      return { on: relationship.provider, relationship: relationship.name };
    }
  }
  return null;
}

/** Its binding has the healthy backends that it should have. */
export function isReady(relationship: Relationship, facts: Facts): boolean {
  const provider = facts.element(relationship.provider);
  if (provider === null) return false;
  if (provider.listeners.get(relationship.range as string as BindingKey)?.backends === null) return false;
  return countHealthyInRange(viewElement(provider, facts), relationship.range) >= readyCountOf(provider);
}

/** *create* waits for the instances that it was placed on to be active. */
export function unreadyContext(instance: InstanceState, cluster: ClusterState, facts: Facts): Waiting {
  for (const relationship of cluster.definition.relationships) {
    if (relationship.type !== 'context') continue;
    const placed = instance.runtime?.placement[relationship.name];
    if (placed === undefined || !isActiveContext(placed, facts))
      return { on: relationship.provider, relationship: relationship.name };
  }
  return null;
}

export function isActiveContext(id: InstanceId, facts: Facts): boolean {
  const found = locate(id, facts);
  return (
    found !== null &&
    found.lifecycle === 'active' &&
    found.draining === null &&
    facts.seen(id).health === 'good'
  );
}

export function locate(id: InstanceId, facts: Facts): InstanceState | null {
  const parts = splitInstanceId(id);
  if (parts === null) return null;
  return facts.element(parts.element)?.clusters.get(parts.cluster)?.instances.get(parts.ordinal) ?? null;
}

/** One instance of each context: the ready one that carries the fewest, ties by ordinal. Null: one is missing. */
export function placementFor(
  cluster: ClusterState,
  facts: Facts,
  extra: ReadonlyMap<InstanceId, number>,
  /** Only on what stays to the end of a rollout in steps: what goes with the last of them would take it along. */
  isToStay: boolean,
): Record<string, InstanceId> | null {
  const placement: Record<string, InstanceId> = {};
  for (const relationship of cluster.definition.relationships) {
    if (relationship.type !== 'context') continue;
    const chosen = leastLoaded(relationship, facts, extra, isToStay);
    if (chosen === null) return null;
    placement[relationship.name] = chosen;
  }
  return placement;
}

function leastLoaded(
  relationship: Relationship,
  facts: Facts,
  extra: ReadonlyMap<InstanceId, number>,
  isToStay: boolean,
): InstanceId | null {
  const provider = facts.element(relationship.provider);
  let best: { id: InstanceId; load: number } | null = null;
  for (const view of provider === null ? [] : viewElement(provider, facts).instances) {
    const usable =
      view.wanted === 'active' &&
      view.healthy &&
      (!isToStay || staysInTheEnd(provider, view)) &&
      satisfies(view.cluster.definition.version, relationship.range);
    if (!usable) continue;
    const load = facts.dependents(view.state.id) + (extra.get(view.state.id) ?? 0);
    if (best === null || load < best.load) best = { id: view.state.id, load };
  }
  return best?.id ?? null;
}

function staysInTheEnd(element: ElementState | null, { cluster, state }: InstanceView): boolean {
  const final = element === null ? null : finalOf(element);
  return clusterFor(final, cluster.key, state.ordinal)?.state === 'active';
}
