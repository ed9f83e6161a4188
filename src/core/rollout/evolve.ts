import { unreachable } from '../base/assert.js';
import type { DesiredElement, Transition } from '../base/desired.js';
import type { ClusterKey, ElementName, InstanceId, OperationId, SolutionName } from '../base/names.js';
import { elementKey, splitInstanceId } from '../base/names.js';
import { decodeElements } from './encode.js';
import type { SolutionEntry } from './entries.js';
import type {
  ClusterState,
  ElementState,
  EngineMs,
  InstanceState,
  Listener,
  RolloutState,
  SolutionState,
} from './state.js';

/** Where an entry stands: all that `evolve` may know beside the entry itself. */
export interface Place {
  readonly stream: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly at: EngineMs;
  readonly wallMs: number;
}

/** Derived, never random, never used twice. */
export function operationId(place: Pick<Place, 'stream' | 'sequence' | 'epoch'>): OperationId {
  return `${place.epoch}.${place.stream}.${place.sequence}` as OperationId;
}

export function emptySolution(name: SolutionName): SolutionState {
  return {
    name,
    elements: new Map(),
    rollout: null,
    desiredDigest: null,
    revision: null,
    lastStable: null,
    detached: false,
  };
}

/**
 * The only way in which a solution's state changes: total, no decisions. Replaces records in the
 * solution's tables and returns its head.
 */
export function evolve(solution: SolutionState, entry: SolutionEntry, place: Place): SolutionState {
  switch (entry.kind) {
    case 'rollout.planned':
      return planned(solution, entry, place);
    case 'rollout.phase':
      return phase(solution, entry, place);
    case 'rollout.ended':
      endTracks(solution);
      return withRollout(solution, { phase: entry.phase, reason: entry.reason });
    case 'rollout.superseded':
      return withRollout(solution, { phase: 'superseded', reason: entry.reason });
    case 'rollout.aborted':
      setTargets(solution, entry.targets);
      endTracks(solution);
      return withRollout(solution, { phase: 'failed', reason: entry.reason });
    case 'solution.stable':
      return { ...solution, lastStable: { revision: entry.revision, desiredDigest: entry.desiredDigest } };
    case 'solution.restored':
      return { ...entry.state, elements: decodeElements(entry.state.elements) };
    case 'solution.down':
      setTargets(solution, entry.targets);
      endTracks(solution);
      return { ...solution, desiredDigest: null };
    case 'solution.detached':
      return { ...solution, detached: true };
    case 'solution.attached':
      return { ...solution, detached: false };
    case 'operator.acted':
      return solution;
    case 'element.gone':
      solution.elements.delete(entry.element);
      return solution;
    case 'track.done':
    case 'element.whole':
    case 'element.drift':
    case 'repair.released':
    case 'repair.ended':
      changeElement(solution, entry.element, (element) => elementAfter(element, entry, place.at));
      return solution;
    case 'listener.assigned':
    case 'listener.gone':
    case 'route.begun':
    case 'route.ended':
      changeElement(solution, entry.element, (element) => routed(element, entry, place.at));
      return solution;
    case 'instance.assigned':
    case 'instance.healthy':
    case 'instance.draining':
    case 'instance.kept':
    case 'instance.observed':
    case 'instance.trouble':
    case 'operation.begun':
    case 'operation.ended':
      changeInstance(solution, entry, place);
      return solution;
    default:
      return unreachable(entry);
  }
}

type Of<Kind extends SolutionEntry['kind']> = Extract<SolutionEntry, { kind: Kind }>;

function planned(solution: SolutionState, entry: Of<'rollout.planned'>, place: Place): SolutionState {
  setTargets(solution, entry.targets);
  for (const name of Object.keys(entry.targets) as ElementName[]) {
    changeElement(solution, name, (element) => ({
      ...withoutTroubles(element),
      track: { startedAt: place.at, progressAt: place.at, done: false },
    }));
  }
  const rollout: RolloutState = {
    id: entry.rollout,
    revision: entry.revision,
    arrival: entry.arrival,
    phase: 'progressing',
    reason: null,
    planDigest: entry.planDigest,
    desiredDigest: entry.desiredDigest,
    startedAt: place.at,
    startedWallMs: place.wallMs,
    changes: Object.fromEntries(
      entry.changes.map((change) => [change.element.slice(solution.name.length + 1), change.action]),
    ),
  };
  return { ...solution, rollout, desiredDigest: entry.desiredDigest, revision: entry.revision };
}

/** Leaving a pause starts the clocks and the rounds of retries anew. */
function phase(solution: SolutionState, entry: Of<'rollout.phase'>, place: Place): SolutionState {
  if (entry.phase === 'progressing') {
    for (const element of solution.elements.values()) {
      if (element.track === null || element.track.done) continue;
      solution.elements.set(element.name, {
        ...element,
        track: { ...element.track, startedAt: place.at, progressAt: place.at },
      });
      withoutTroubles(element);
    }
  }
  return withRollout(solution, { phase: entry.phase, reason: entry.reason });
}

/** The rounds of retries begin anew. */
function withoutTroubles(element: ElementState): ElementState {
  for (const { instances } of element.clusters.values())
    for (const instance of instances.values())
      if (instance.trouble !== null) instances.set(instance.ordinal, { ...instance, trouble: null });
  return element;
}

function withRollout(solution: SolutionState, change: Pick<RolloutState, 'phase' | 'reason'>): SolutionState {
  return solution.rollout === null ? solution : { ...solution, rollout: { ...solution.rollout, ...change } };
}

function endTracks(solution: SolutionState): void {
  for (const element of solution.elements.values()) {
    if (element.track !== null) solution.elements.set(element.name, { ...element, track: null });
  }
}

function setTargets(
  solution: SolutionState,
  targets: { readonly [element: ElementName]: DesiredElement | null },
): void {
  for (const [name, target] of Object.entries(targets) as [ElementName, DesiredElement | null][]) {
    const element = solution.elements.get(name) ?? emptyElement(solution.name, name);
    if (target !== null)
      for (const cluster of target.clusters) {
        const known = element.clusters.get(cluster.key);
        element.clusters.set(
          cluster.key,
          known
            ? { ...known, definition: cluster.definition, policy: target.rollout }
            : emptyCluster(cluster.key, cluster.definition, target.rollout),
        );
      }
    solution.elements.set(name, { ...element, target, drift: null });
    dropEmptyClusters(solution.elements.get(name) as ElementState);
  }
}

function emptyElement(solution: SolutionName, name: ElementName): ElementState {
  return {
    key: elementKey(solution, name),
    name,
    target: null,
    wholeSize: 0,
    clusters: new Map(),
    listeners: new Map(),
    track: null,
    drift: null,
  };
}

function emptyCluster(
  key: ClusterKey,
  definition: ClusterState['definition'],
  policy: ClusterState['policy'],
): ClusterState {
  return { key, definition, policy, everStable: false, instances: new Map() };
}

function dropEmptyClusters(element: ElementState): void {
  for (const cluster of element.clusters.values()) {
    const wanted = element.target?.clusters.some((desired) => desired.key === cluster.key) ?? false;
    if (!wanted && cluster.instances.size === 0) element.clusters.delete(cluster.key);
  }
}

function changeElement(
  solution: SolutionState,
  name: ElementName,
  change: (element: ElementState) => ElementState,
): void {
  const element = solution.elements.get(name);
  if (element !== undefined) solution.elements.set(name, change(element));
}

function elementAfter(
  element: ElementState,
  entry: Of<'track.done' | 'element.whole' | 'element.drift' | 'repair.released' | 'repair.ended'>,
  at: EngineMs,
): ElementState {
  switch (entry.kind) {
    case 'track.done':
      return element.track === null ? element : { ...element, track: { ...element.track, done: true } };
    case 'repair.released':
      return {
        ...element,
        drift: null,
        track: element.track ?? { startedAt: at, progressAt: at, done: false },
      };
    case 'repair.ended':
      return { ...element, track: null };
    case 'element.drift':
      return { ...element, drift: entry.reason };
    case 'element.whole':
      for (const desired of element.target?.clusters ?? []) {
        const cluster = element.clusters.get(desired.key);
        if (cluster !== undefined && desired.state === 'active')
          element.clusters.set(desired.key, { ...cluster, everStable: true });
      }
      return { ...element, wholeSize: entry.size };
  }
}

function routed(
  element: ElementState,
  entry: Of<'listener.assigned' | 'listener.gone' | 'route.begun' | 'route.ended'>,
  at: EngineMs,
): ElementState {
  const listener = element.listeners.get(entry.binding);
  switch (entry.kind) {
    case 'listener.assigned':
      element.listeners.set(entry.binding, {
        binding: entry.binding,
        port: entry.port,
        backends: null,
        pending: null,
        changedAt: at,
        failure: null,
        failedAt: null,
      });
      return element;
    case 'listener.gone':
      element.listeners.delete(entry.binding);
      noteDrained(element, at);
      return element;
    case 'route.begun':
      if (listener !== undefined)
        element.listeners.set(entry.binding, { ...listener, pending: entry.backends });
      return element;
    case 'route.ended':
      if (listener !== undefined) routeEnded(element, listener, entry, at);
      // A gateway that always fails would push the deadline for ever.
      return entry.failure === null ? progressed(element, at) : element;
  }
}

function routeEnded(element: ElementState, listener: Listener, entry: Of<'route.ended'>, at: EngineMs): void {
  if (entry.failure !== null) {
    element.listeners.set(entry.binding, {
      ...listener,
      pending: null,
      failure: entry.failure,
      failedAt: at,
    });
    noteDrained(element, at);
    return;
  }
  element.listeners.set(entry.binding, {
    ...listener,
    backends: listener.pending,
    pending: null,
    changedAt: at,
    failure: null,
    failedAt: null,
  });
  noteDrained(element, at);
}

/** Whoever drains and gets nothing new any more, by whatever listener that was. */
function noteDrained(element: ElementState, at: EngineMs): void {
  for (const { instances } of element.clusters.values())
    for (const instance of instances.values())
      if (instance.draining !== null && instance.offSince === null && !isRouted(element, instance.id))
        instances.set(instance.ordinal, { ...instance, offSince: at });
}

/** True while some listener still sends it something new. */
export function isRouted(element: ElementState, id: InstanceId): boolean {
  for (const listener of element.listeners.values()) {
    if (listener.backends?.some((backend) => backend.instance === id && backend.weight > 0)) return true;
    if (listener.pending?.some((backend) => backend.instance === id && backend.weight > 0)) return true;
  }
  return false;
}

export function findInstance(
  element: ElementState,
  id: InstanceId,
): { cluster: ClusterState; instance: InstanceState } | null {
  const parts = splitInstanceId(id);
  const cluster = parts === null ? undefined : element.clusters.get(parts.cluster);
  const instance = parts === null ? undefined : cluster?.instances.get(parts.ordinal);
  return cluster !== undefined && instance !== undefined ? { cluster, instance } : null;
}

function progressed(element: ElementState, at: EngineMs): ElementState {
  return element.track === null || element.track.done
    ? element
    : { ...element, track: { ...element.track, progressAt: at } };
}

type InstanceEntry = Of<
  | 'instance.assigned'
  | 'instance.healthy'
  | 'instance.draining'
  | 'instance.kept'
  | 'instance.observed'
  | 'instance.trouble'
  | 'operation.begun'
  | 'operation.ended'
>;

function changeInstance(solution: SolutionState, entry: InstanceEntry, place: Place): void {
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
      return { ...instance, trouble: entry.trouble };
    case 'instance.observed':
      // Found running, it was configured by somebody who left no entry of it: what it has is what it says.
      return {
        ...settled(instance, entry.lifecycle, place.at),
        ready: entry.lifecycle === 'initial' ? false : instance.ready || entry.digest != null,
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
      return ended(instance, entry, place.at);
  }
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

function ended(instance: InstanceState, entry: Of<'operation.ended'>, at: EngineMs): InstanceState | null {
  const transition = instance.operation?.transition;
  if (transition === undefined) return instance;
  const free = { ...instance, operation: null, trouble: entry.trouble };
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
