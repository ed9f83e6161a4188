import type { Transition } from '../base/desired.js';
import type { ElementName, InstanceId } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import { dropEmptyClusters } from './clusters.js';
import type { SolutionEntry } from './entries.js';
import { isRouted, progressed } from './evolve-route.js';
import type { Place } from './place.js';
import { operationId } from './place.js';
import { sinceOf } from './since.js';
import type { ClusterState, ElementState, EngineMs, InstanceState, SolutionState, Trouble } from './state.js';

type Of<Kind extends SolutionEntry['kind']> = Extract<SolutionEntry, { kind: Kind }>;

type InstanceEntry = Of<
  | 'instance.assigned'
  | 'instance.healthy'
  | 'instance.draining'
  | 'instance.kept'
  | 'instance.observed'
  | 'instance.trouble'
  | 'instance.foreign'
  | 'operation.begun'
  | 'operation.ended'
>;

export function changeInstance(solution: SolutionState, entry: InstanceEntry, place: Place): void {
  const parts = splitInstanceId(entry.instance);
  const name = parts?.element.slice(solution.name.length + 1) as ElementName | undefined;
  const element = name === undefined ? undefined : solution.elements.get(name);
  const cluster = parts === null ? undefined : element?.clusters.get(parts.cluster);
  if (parts === null || element === undefined || cluster === undefined) return;
  const known =
    cluster.instances.get(parts.ordinal) ??
    (entry.kind === 'instance.assigned'
      ? emptyInstance(entry.instance, element, cluster, parts.ordinal)
      : null);
  if (known === null) return;
  const after = instanceAfter(known, entry, place, element);
  if (after === null) {
    cluster.instances.delete(parts.ordinal);
    dropEmptyClusters(element);
  } else cluster.instances.set(parts.ordinal, after);
  if (countsAsProgress(entry))
    solution.elements.set(element.name, progressed(solution.elements.get(element.name) ?? element, place.at));
}

/** A failed try is no progress, or a provider that always fails would push its own deadline. */
function countsAsProgress(entry: InstanceEntry): boolean {
  return (
    entry.kind === 'instance.healthy' ||
    (entry.kind === 'operation.ended' && entry.outcome === 'done' && entry.trouble === null)
  );
}

function emptyInstance(
  id: InstanceId,
  element: ElementState,
  cluster: ClusterState,
  ordinal: number,
): InstanceState {
  return {
    id,
    element: element.key,
    cluster: cluster.key,
    ordinal,
    lifecycle: 'initial',
    operation: null,
    runtime: null,
    configured: null,
    ready: false,
    draining: null,
    offSince: null,
    activeSince: null,
    proven: false,
    wasActive: false,
    trouble: null,
  };
}

/** What no listener stands in front of has nothing to drain, so that it counts as drained at once. */
function offSince(instance: InstanceState, element: ElementState, at: EngineMs): EngineMs | null {
  if (isRouted(element, instance.id)) return null;
  const policy = element.target?.rollout ?? element.clusters.get(instance.cluster)?.policy;
  return element.listeners.size > 0 ? at : at - (policy?.drainDelayMs ?? 0);
}

/** Null: the identity is free again. */
function instanceAfter(
  instance: InstanceState,
  entry: InstanceEntry,
  place: Place,
  element: ElementState,
): InstanceState | null {
  switch (entry.kind) {
    case 'instance.assigned':
      return { ...instance, runtime: entry.runtime };
    case 'instance.healthy':
      return { ...instance, proven: true };
    case 'instance.draining':
      return { ...instance, draining: place.at, offSince: offSince(instance, element, place.at) };
    case 'instance.kept':
      return { ...instance, draining: null, offSince: null };
    case 'instance.trouble':
      return { ...instance, trouble: begun(entry.trouble, instance.trouble, place) };
    case 'instance.foreign':
      return {
        ...instance,
        foreignSinceWallMs: entry.foreign ? sinceOf(instance.foreignSinceWallMs, place.wallMs) : null,
      };
    case 'instance.observed':
      // What it has is what it says: it may have been made anew by somebody who left no entry of it. Found stopped, and
      // saying nothing, it is given its configuration again; found running, it was given one.
      return {
        ...settled(instance, entry.lifecycle, place.at),
        ready: entry.digest != null || (entry.lifecycle === 'active' && instance.ready),
        configured: entry.digest ?? instance.configured,
      };
    case 'operation.begun':
      return {
        ...instance,
        operation: {
          id: operationId(place),
          transition: entry.transition,
          begunAt: place.at,
          digest: entry.digest,
        },
      };
    case 'operation.ended':
      return ended(instance, entry, place);
  }
}

/** A trouble is as old as its first failure. */
function begun(trouble: Trouble | null, before: Trouble | null, { wallMs }: Place): Trouble | null {
  return trouble === null ? null : { ...trouble, sinceWallMs: sinceOf(before?.sinceWallMs, wallMs) };
}

function settled(
  instance: InstanceState,
  lifecycle: InstanceState['lifecycle'],
  at: EngineMs,
): InstanceState {
  if (lifecycle === 'active') {
    return {
      ...instance,
      lifecycle,
      activeSince: instance.lifecycle === 'active' ? instance.activeSince : at,
      wasActive: true,
    };
  }
  return {
    ...instance,
    lifecycle,
    activeSince: null,
    proven: false,
    // What was on its way out is out: a paused rollout does not bring it back.
    wasActive: instance.wasActive && instance.draining === null,
    draining: null,
    offSince: null,
  };
}

function ended(instance: InstanceState, entry: Of<'operation.ended'>, place: Place): InstanceState | null {
  const { at } = place;
  const transition = instance.operation?.transition;
  if (transition === undefined) return instance;
  const free = { ...instance, operation: null, trouble: begun(entry.trouble, instance.trouble, place) };
  if (entry.outcome === 'unknown') return free;
  if (entry.outcome === 'failed') return breaks(transition) ? settled(free, 'failure', at) : free;
  const digest = instance.operation?.digest ?? null;
  switch (transition) {
    case 'create':
      return { ...settled(free, 'inactive', at), ready: false, configured: null };
    case 'configure':
      return { ...free, ready: true, configured: digest };
    case 'reconfigure':
      return { ...free, configured: digest };
    case 'start':
      return settled(free, 'active', at);
    case 'stop':
      return settled(free, 'inactive', at);
    case 'reset':
      return { ...settled(free, 'initial', at), ready: false, configured: null };
    case 'destroy':
      return null;
  }
}

/** After these a half-done resource may be left, so that it is reset before the next try. */
function breaks(transition: Transition): boolean {
  return transition === 'create' || transition === 'configure' || transition === 'start';
}
