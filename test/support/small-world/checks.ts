import type { RolloutPolicy } from '../../../src/core/base/desired.js';
import { activeSize } from '../../../src/core/base/desired.js';
import type { ElementKey, InstanceId, SolutionName } from '../../../src/core/base/names.js';
import { exposeBinding, splitElementKey, splitInstanceId } from '../../../src/core/base/names.js';
import type { Range } from '../../../src/core/base/version.js';
import { satisfies } from '../../../src/core/base/version.js';
import type { SolutionEntry } from '../../../src/core/rollout/entries.js';
import type { Facts } from '../../../src/core/rollout/facts.js';
import type { ClusterState, ElementState } from '../../../src/core/rollout/state.js';
import type { Tables } from '../../../src/core/rollout/tables.js';
import type { ElementView, InstanceView } from '../../../src/core/rollout/view.js';
import { viewElement } from '../../../src/core/rollout/view.js';

/** What must hold before each entry that is an action of ours; written from the words of the semantics, not from the guards. */
export function checkAction(
  tables: Tables,
  facts: Facts,
  solution: SolutionName,
  entry: SolutionEntry,
): string | null {
  if (entry.kind === 'instance.assigned') return checkAssigned(tables, entry);
  if (entry.kind === 'listener.assigned') {
    const holder = portsInUse(tables).get(entry.port);
    // A port that the model names may change hands before the former holder let it go.
    if (entry.binding === exposeBinding) return null;
    return holder === undefined ? null : `port ${entry.port} of ${holder} given to ${entry.element}`;
  }
  if (entry.kind !== 'operation.begun' && entry.kind !== 'instance.draining') return null;
  const scene = sceneOf(facts, entry.instance);
  if (scene === null) return `an action on ${entry.instance}, which is not known`;
  const { instance } = scene;
  if (instance.seen.presence === 'unknown') return 'an action on what is unknown';
  if (instance.state.operation !== null) return 'two actions on one instance';
  const paused = checkPaused(tables, solution, scene, entry);
  if (paused !== null) return paused;
  if (entry.kind === 'instance.draining') return checkLeave(scene);
  if (tables.solutions.get(solution)?.detached === true) return 'an action on what was let go';
  switch (entry.transition) {
    case 'create':
      return contextsActive(scene) ? null : 'a create whose context is not active';
    case 'start':
      return checkStart(scene);
    case 'stop':
      return checkStop(scene);
    case 'destroy':
    case 'reset':
      if (instance.state.lifecycle === 'active') return `a ${entry.transition} of what is active`;
      return entry.transition === 'destroy' && facts.dependents(instance.state.id) > 0
        ? 'a destroy under what runs on it'
        : null;
    case 'reconfigure':
      return scene.view.instances.some((other) => other.state.operation?.transition === 'reconfigure') &&
        facts.reconfigureInterrupts(instance.cluster.definition.provider)
        ? 'two interrupting reconfigures at a time'
        : null;
    case 'configure':
      return null;
  }
}

interface SceneToCheck {
  readonly facts: Facts;
  readonly element: ElementState;
  readonly view: ElementView;
  readonly instance: InstanceView;
}

/** A paused rollout keeps up what ran, and begins nothing. */
function checkPaused(
  tables: Tables,
  solution: SolutionName,
  { element, instance }: SceneToCheck,
  entry: SolutionEntry,
): string | null {
  if (tables.solutions.get(solution)?.rollout?.phase !== 'paused' || element.track === null) return null;
  if (entry.kind === 'instance.draining') return 'a paused rollout takes something out';
  if (entry.kind !== 'operation.begun') return null;
  if (entry.transition === 'destroy') return 'a paused rollout destroys';
  return entry.transition === 'start' && !instance.state.wasActive
    ? 'a paused rollout starts something new'
    : null;
}

function sceneOf(facts: Facts, id: InstanceId): SceneToCheck | null {
  const key = splitInstanceId(id)?.element;
  const element = key === undefined ? null : facts.element(key);
  if (element === null) return null;
  const view = viewElement(element, facts);
  const instance = view.instances.find((candidate) => candidate.state.id === id);
  return instance === undefined ? null : { facts, element, view, instance };
}

function checkAssigned(
  tables: Tables,
  entry: Extract<SolutionEntry, { kind: 'instance.assigned' }>,
): string | null {
  const { port } = entry.runtime;
  const holder = port === null ? undefined : portsInUse(tables).get(port);
  return holder === undefined || holder === entry.instance
    ? null
    : `port ${port} of ${holder} given to ${entry.instance}`;
}

export function portsInUse(tables: Tables): Map<number, string> {
  const ports = new Map<number, string>();
  for (const solution of tables.solutions.values())
    for (const element of solution.elements.values()) {
      for (const listener of element.listeners.values())
        ports.set(listener.port, `${element.key}#${listener.binding}`);
      for (const cluster of element.clusters.values())
        for (const instance of cluster.instances.values()) {
          const port = instance.runtime?.port ?? null;
          if (port !== null) ports.set(port, instance.id);
        }
    }
  return ports;
}

function amount(policy: RolloutPolicy, which: 'maxSurge' | 'maxUnavailable', base: number): number {
  const { kind, value } = policy[which];
  if (kind === 'count') return value;
  return which === 'maxSurge' ? Math.ceil((base * value) / 100) : Math.floor((base * value) / 100);
}

function unavailable(policy: RolloutPolicy, base: number): number {
  const least = amount(policy, 'maxUnavailable', base);
  return least === 0 && amount(policy, 'maxSurge', base) === 0 ? 1 : least;
}

/** W, N, F, floor and ceiling, from the words of §5. */
export function boundsOf(view: ElementView): { readonly floor: number; readonly ceiling: number } {
  const { element } = view;
  const whole = element.wholeSize;
  const final = finalOf(element);
  const next = activeSize(final);
  const full = Math.max(whole, next);
  const policy = element.target?.rollout;
  if (policy === undefined) return { floor: 0, ceiling: full };
  if (policy.strategy === 'recreate') return { floor: 0, ceiling: full };
  const isFinal = final?.digest === element.target?.digest;
  const base = view.whole && isFinal ? next : whole;
  const floor = base - unavailable(policy, base);
  // Each in full beside the other, and nothing more.
  if (sharesWeight(policy)) return { floor, ceiling: whole + next };
  // Of a step at least what the step is.
  return { floor, ceiling: Math.max(full + amount(policy, 'maxSurge', full), activeSize(element.target)) };
}

/** What it is to be in the end, whichever step it is on. */
function finalOf({ track, target }: ElementState): ElementState['target'] {
  const step = track?.step;
  return step !== undefined && step.digest === target?.digest ? step.final : target;
}

function sharesWeight({ strategy, canary = [] }: RolloutPolicy): boolean {
  return (
    strategy === 'blueGreen' || (strategy === 'canary' && canary.some(({ share }) => share.kind === 'weight'))
  );
}

function healthyIn(view: ElementView, range: Range | null): number {
  return view.instances.filter(
    (other) => other.healthy && (range === null || satisfies(other.cluster.definition.version, range)),
  ).length;
}

/** Some consumer that goes accepts nothing wanted of it, and some that comes nothing that runs of it (§6, third row). */
function isTorn({ element, facts }: SceneToCheck): boolean {
  const isWanted = (of: ElementState | null, key: string): boolean =>
    ((of === null ? null : finalOf(of))?.clusters ?? []).some(
      (one) => one.key === key && one.state === 'active' && one.size > 0,
    );
  const runs = (cluster: ClusterState): boolean =>
    [...cluster.instances.values()].some(
      (i) => i.lifecycle === 'active' || i.operation?.transition === 'start',
    );
  const clusters = [...element.clusters.values()];
  const next = clusters.filter(({ key }) => isWanted(element, key));
  const old = clusters.filter((cluster) => !isWanted(element, cluster.key) && runs(cluster));
  const lacks = (ranges: readonly Range[], of: readonly ClusterState[]): boolean =>
    ranges.some((range) => !of.some(({ definition }) => satisfies(definition.version, range)));
  const rangesOf = (wanted: boolean): Range[] =>
    facts
      .consumers(element.key)
      .flatMap((key) =>
        [...(facts.element(key)?.clusters.values() ?? [])]
          .filter((cluster) =>
            wanted
              ? isWanted(facts.element(key), cluster.key)
              : !isWanted(facts.element(key), cluster.key) && runs(cluster),
          )
          .flatMap(({ definition }) =>
            definition.relationships.flatMap(({ provider, type, range }) =>
              provider === element.key && type === 'service' ? [range] : [],
            ),
          ),
      );
  return next.length > 0 && old.length > 0 && lacks(rangesOf(false), next) && lacks(rangesOf(true), old);
}

function checkStart(scene: SceneToCheck): string | null {
  const { view, facts, instance, element } = scene;
  const exempt = view.instances.filter((other) => isStuck(other, scene)).length;
  const live = view.instances.filter((other) => other.live).length - exempt;
  const holds = (other: InstanceView): boolean =>
    other.live && !other.isNew && facts.dependents(other.state.id) > 0;
  // A context upgrade is always side by side.
  const held = view.instances.filter(holds).length;
  const sideBySide = held > 0 || isTorn(scene);
  const ceiling = sideBySide
    ? Math.max(boundsOf(view).ceiling, Math.max(element.wholeSize, held) + activeSize(element.target))
    : boundsOf(view).ceiling;
  if (live + 1 > ceiling) return `a start above the ceiling (${live} + 1 > ${ceiling})`;
  if (
    element.target?.rollout.strategy === 'recreate' &&
    instance.isNew &&
    !sideBySide &&
    view.instances.some((other) => other.live && !other.isNew)
  )
    return 'recreate starts a new instance beside an old one';
  return unready(scene);
}

/** What it needs is there, so that it may come up. */
function unready(scene: SceneToCheck): string | null {
  const { facts, instance } = scene;
  if (!contextsActive(scene)) return 'a start whose context is not active';
  for (const relationship of instance.cluster.definition.relationships) {
    if (relationship.type !== 'service') continue;
    const provider = facts.element(relationship.provider);
    if (provider === null) return `a start without its provider ${relationship.provider}`;
    if (healthyIn(viewElement(provider, facts), relationship.range) < readyCount(provider))
      return `a start before its provider ${relationship.provider} is ready`;
  }
  return null;
}

/** It was whole in a rollout that never came to its end: what was stable is another one. */
function isOvertaken({ cluster }: InstanceView, { key, name }: ElementState, facts: Facts): boolean {
  const stable = facts.solution?.(splitElementKey(key).solution)?.former[name];
  return stable != null && !stable.clusters.some((desired) => desired.key === cluster.key);
}

/** Left behind, not wanted any more, and may not go because of those that use it. */
function isStuck(other: InstanceView, { facts, view }: SceneToCheck): boolean {
  if (!other.live || other.wanted !== 'initial') return false;
  if (other.cluster.everStable && !isOvertaken(other, view.element, facts)) return false;
  if (facts.dependents(other.state.id) > 0) return true;
  return other.healthy && bindingBroken(other, view, facts) !== null;
}

function readyCount(provider: ElementState): number {
  const next = activeSize(finalOf(provider));
  const size = provider.wholeSize === 0 ? next : Math.min(provider.wholeSize, next);
  const policy = provider.target?.rollout;
  return policy === undefined ? 1 : Math.max(1, size - unavailable(policy, size));
}

function contextsActive({ facts, instance }: SceneToCheck): boolean {
  return instance.cluster.definition.relationships.every((relationship) => {
    if (relationship.type !== 'context') return true;
    const placed = instance.state.runtime?.placement[relationship.name];
    const parts = placed === undefined ? null : splitInstanceId(placed);
    const on =
      parts === null
        ? undefined
        : facts.element(parts.element)?.clusters.get(parts.cluster)?.instances.get(parts.ordinal);
    return on?.lifecycle === 'active' && on.draining === null && on.operation?.transition !== 'stop';
  });
}

/** It leaves the rotation; its stop then follows unconditionally. */
function checkLeave(scene: SceneToCheck): string | null {
  const { view, instance, facts } = scene;
  if (instance.wanted === 'active') return mayBeInterrupted(scene);
  if (facts.dependents(instance.state.id) > 0) return 'a context leaves under what runs on it';
  const { floor } = boundsOf(view);
  const healthy = healthyIn(view, null);
  if (instance.healthy) {
    if (healthy - 1 < floor && !mayMove(scene)) return `a leave below the floor (${healthy} - 1 < ${floor})`;
    const broken = bindingBroken(instance, view, facts);
    return broken === null || mayMove(scene) ? null : broken;
  }
  if (healthy >= floor || mayMove(scene)) return null;
  const { ceiling } = boundsOf(view);
  const successor = view.instances.some(
    (other) => other.isNew && !other.live && other.state.lifecycle === 'inactive' && other.state.ready,
  );
  const live = view.instances.filter((other) => other.live).length;
  return successor && live + 1 > ceiling ? null : 'an unhealthy instance goes without a successor';
}

/** Wanted, and taken out only to come back with another configuration, or because a person asked for it. */
function mayBeInterrupted(scene: SceneToCheck): string | null {
  const { view, instance, facts } = scene;
  const { state, cluster, seen } = instance;
  const digest = facts.configurationDigest(state, cluster);
  const isOutdated = digest !== null && (state.configured !== digest || seen.digest !== state.configured);
  const { restart } = view.element;
  const isAskedFor = restart != null && (state.activeSince ?? 0) < restart.at;
  if (!isAskedFor && (!isOutdated || !facts.reconfigureInterrupts(cluster.definition.provider)))
    return 'what is wanted leaves the rotation';
  if (
    !isOutdated &&
    view.instances.some((other) => other.isNew && other.state.id !== state.id && isAway(other))
  )
    return 'two are restarted at a time';
  if (facts.dependents(state.id) > 0) return 'a context leaves under what runs on it';
  if (!instance.healthy) {
    const others = view.instances.filter((other) => other.isNew && other.state.id !== state.id);
    if (others.some((other) => other.state.draining !== null || other.state.operation?.transition === 'stop'))
      return 'two unhealthy ones are interrupted at a time';
    return unready(scene) === null ? null : 'an interruption of what could not come back';
  }
  const left = healthyIn(view, null) - 1;
  return left >= Math.min(boundsOf(view).floor, Math.max(0, view.element.wholeSize - 1))
    ? null
    : 'an interruption below the floor';
}

function isAway({ state }: InstanceView): boolean {
  return state.lifecycle !== 'active' || state.draining !== null || state.operation?.transition === 'stop';
}

/** Where surge cannot help, at least one may be unavailable. */
function mayMove({ view, instance }: SceneToCheck): boolean {
  const desired = view.element.target?.clusters.find((cluster) => cluster.key === instance.cluster.key);
  // Of a wanted instance only what lives on a context that shrinks is ever taken out.
  const moves = desired?.state === 'active' && instance.state.ordinal < desired.size;
  const left = healthyIn(view, null) - (instance.healthy ? 1 : 0);
  const size = Math.min(view.element.wholeSize, activeSize(view.element.target));
  return moves && left >= Math.min(boundsOf(view).floor, size - 1);
}

function bindingBroken(instance: InstanceView, view: ElementView, facts: Facts): string | null {
  const { element } = view;
  const next = activeSize(finalOf(element));
  const policy = element.target?.rollout;
  const size = Math.min(element.wholeSize, next);
  const floor =
    policy === undefined || next === 0
      ? 1
      : policy.strategy === 'recreate'
        ? 0
        : Math.max(policy.allowDowntime ? 0 : 1, size - unavailable(policy, size));
  for (const key of facts.consumers(element.key))
    for (const cluster of facts.element(key)?.clusters.values() ?? []) {
      const runs = [...cluster.instances.values()].some(
        (other) => other.lifecycle === 'active' || other.operation?.transition === 'start',
      );
      for (const { provider, type, range } of cluster.definition.relationships) {
        if (!runs || provider !== element.key || type !== 'service') continue;
        if (!satisfies(instance.cluster.definition.version, range)) continue;
        if (healthyIn(view, range) - 1 < floor)
          return `${key} ${cluster.key} is left with ${healthyIn(view, range) - 1} of ${floor} backends in ${range}`;
      }
    }
  return null;
}

function checkStop({ view, instance, facts }: SceneToCheck): string | null {
  const { state } = instance;
  if (state.draining === null) {
    if (instance.seen.health !== 'bad') return 'what is well is stopped without leaving the rotation';
    return facts.dependents(state.id) > 0 ? 'a context is restarted under what runs on it' : null;
  }
  const policy = view.element.target?.rollout ?? instance.cluster.policy;
  return state.offSince !== null && facts.now >= state.offSince + policy.drainDelayMs
    ? null
    : 'a stop before it was drained';
}

export function indexesWrong(tables: Tables): string | null {
  const dependents = new Map<InstanceId, number>();
  const ports = new Map<number, string>();
  const consumers = new Map<ElementKey, Set<ElementKey>>();
  for (const solution of tables.solutions.values())
    for (const element of solution.elements.values()) {
      for (const listener of element.listeners.values())
        ports.set(listener.port, `${element.key}#${listener.binding}`);
      for (const cluster of element.clusters.values()) {
        for (const { provider } of cluster.definition.relationships)
          consumers.set(provider, (consumers.get(provider) ?? new Set()).add(element.key));
        for (const instance of cluster.instances.values()) {
          if (instance.runtime?.port != null) ports.set(instance.runtime.port, instance.id);
          for (const on of Object.values(instance.runtime?.placement ?? {}))
            dependents.set(on, (dependents.get(on) ?? 0) + 1);
        }
      }
    }
  for (const [provider, keys] of consumers)
    for (const key of keys)
      if (tables.consumers.get(provider)?.has(key) !== true) return `${key} is no consumer of ${provider}`;
  if (!equalMaps(dependents, tables.dependents)) return 'the index of dependents is not true';
  const isSame =
    ports.size === tables.ports.size && [...ports.keys()].every((port) => tables.ports.has(port));
  return isSame ? null : 'the index of ports is not true';
}

function equalMaps<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
