import type { DesiredCluster, DesiredElement, RolloutPolicy } from '../../core/base/desired.js';
import { activeSize } from '../../core/base/desired.js';
import type { BindingKey, ElementKey, InstanceId } from '../../core/base/names.js';
import { exposeBinding, splitElementKey, splitInstanceId } from '../../core/base/names.js';
import type { Range, Version } from '../../core/base/version.js';
import { satisfies } from '../../core/base/version.js';
import type { ClusterState, ElementState, InstanceState, Listener } from '../../core/rollout/state.js';
import { elementAt } from '../../core/rollout/tables.js';
import type { Engine } from '../../engine/engine.js';
import { wantedCluster } from './state.js';

/** One instance, by what its controller knows: the journal, and what it saw itself. */
export interface Standing {
  readonly state: InstanceState;
  readonly cluster: ClusterState;
  /** Active, or on its way up or down. */
  readonly live: boolean;
  /** Of an active cluster of the target, within its size. */
  readonly isNew: boolean;
  /** Seen well and in rotation, for long enough where it has to prove itself. */
  readonly healthy: boolean;
}

/** How an element stands, in the words of the semantics; what a controller may do to it is measured by that. */
export class Stand {
  readonly instances: readonly Standing[];
  readonly whole: boolean;

  /** `as`: tables of listeners that are to be taken for acknowledged; `back`: an instance that is taken for not draining. */
  constructor(
    readonly engine: Engine,
    readonly element: ElementState,
    private readonly as: { readonly listener?: Listener; readonly back?: InstanceId } = {},
  ) {
    this.instances = [...element.clusters.values()].flatMap((cluster) =>
      [...cluster.instances.values()].map((state) => this.standing(cluster, state)),
    );
    this.whole = (element.target?.clusters ?? []).every(
      (desired) => desired.state !== 'active' || this.healthyNew(desired.key) >= desired.size,
    );
  }

  private healthyNew(key: ClusterState['key']): number {
    return this.instances.filter(({ cluster, isNew, healthy }) => cluster.key === key && isNew && healthy)
      .length;
  }

  private standing(cluster: ClusterState, state: InstanceState): Standing {
    const transition = state.operation?.transition;
    const live = state.lifecycle === 'active' || transition === 'start' || transition === 'stop';
    const isNew =
      wantedCluster(this.engine, state.id)?.state === 'active' && !misplacedIn(this.engine, state);
    return { state, cluster, live, isNew, healthy: this.isHealthy(cluster, state) };
  }

  private isHealthy(cluster: ClusterState, state: InstanceState): boolean {
    const { core } = this.engine;
    const isLeaving = state.draining !== null && this.as.back !== state.id;
    if (state.lifecycle !== 'active' || isLeaving || state.operation?.transition === 'stop') return false;
    const seen = core.sightings.seen(state.id);
    if (seen.presence !== 'present' || seen.health !== 'good') return false;
    return this.isRouted(cluster, state.id) && this.provenAt(cluster, state, seen.goodSince) <= core.now();
  }

  private provenAt(
    { everStable }: ClusterState,
    { activeSince }: InstanceState,
    goodSince: number | null,
  ): number {
    const prove = everStable ? 0 : (this.element.target?.rollout.minHealthyTimeMs ?? 0);
    return Math.max(goodSince ?? 0, activeSince ?? 0) + prove;
  }

  /** In rotation of each listener that is for its version; one that was never told keeps nobody out. */
  private isRouted(cluster: ClusterState, id: InstanceId): boolean {
    const weight = this.element.target?.clusters.find(({ key }) => key === cluster.key)?.weight;
    const weights: number[] = [];
    for (const known of this.element.listeners.values()) {
      const listener = known.binding === this.as.listener?.binding ? this.as.listener : known;
      if (listener.backends === null || !isFor(listener.binding, cluster.definition.version)) continue;
      const backend = listener.backends.find(({ instance }) => instance === id);
      if (backend === undefined) return false;
      weights.push(backend.weight);
    }
    return weight === 0 || weights.length === 0 || weights.some((one) => one > 0);
  }

  healthy(range: Range | null = null): number {
    return this.instances.filter(
      ({ healthy, cluster }) => healthy && (range === null || satisfies(cluster.definition.version, range)),
    ).length;
  }

  of(id: string): Standing | null {
    return this.instances.find(({ state }) => state.id === id) ?? null;
  }

  /** What it is to be in the end, whichever step it is on. */
  private get final(): DesiredElement | null {
    return finalOf(this.element);
  }

  /** The least number that must be healthy. */
  get floor(): number {
    const { target, wholeSize } = this.element;
    if (target === null || target.rollout.strategy === 'recreate') return 0;
    const size = this.whole && this.final === target ? activeSize(target) : wholeSize;
    return Math.max(0, size - unavailable(target.rollout, size));
  }

  /** The most that may be live. Where a context is replaced, or neither side of a pair can go first, old and new stand side by side. */
  get ceiling(): number {
    const { target, wholeSize } = this.element;
    const next = activeSize(this.final);
    const full = Math.max(wholeSize, next);
    const plain =
      target === null || target.rollout.strategy === 'recreate'
        ? full
        : isBeside(this.element)
          ? wholeSize + next
          : Math.max(full + amount(target.rollout, 'maxSurge', full), activeSize(target));
    const held = this.heldOld;
    return held === 0 && !this.isTorn ? plain : Math.max(plain, Math.max(wholeSize, held) + next);
  }

  /** A consumer that is to go accepts nothing of what is wanted, and one that is wanted nothing of what is to go. */
  private get isTorn(): boolean {
    const wanted = (this.final?.clusters ?? []).filter(({ state, size }) => state === 'active' && size > 0);
    const isWanted = (key: string): boolean => wanted.some((one) => one.key === key);
    const old = [...this.element.clusters.values()].filter(({ key }) => !isWanted(key) && this.livesIn(key));
    const versions = (some: readonly { readonly definition: { readonly version: Version } }[]): Version[] =>
      some.map(({ definition }) => definition.version);
    const lacks = (isOld: boolean, some: readonly Version[]): boolean =>
      [...this.ranges(isOld)].some((range) => !some.some((version) => satisfies(version, range)));
    return (
      wanted.length > 0 && old.length > 0 && lacks(true, versions(wanted)) && lacks(false, versions(old))
    );
  }

  private livesIn(key: ClusterState['key']): boolean {
    return this.instances.some(({ cluster, state }) => cluster.key === key && comesOrRuns(state));
  }

  /** That services are used in: by what runs of consumers and is to go, or by what is wanted of them. */
  private *ranges(isOld: boolean): Generator<Range> {
    const { tables } = this.engine.core.state;
    for (const key of tables.consumers.get(this.element.key) ?? []) {
      const consumer = elementAt(tables, key);
      for (const cluster of consumer?.clusters.values() ?? []) {
        const isWanted = (finalOf(consumer)?.clusters ?? []).some(
          (one) => one.key === cluster.key && one.state === 'active' && one.size > 0,
        );
        const runs = [...cluster.instances.values()].some(comesOrRuns);
        if (isOld ? isWanted || !runs : !isWanted) continue;
        for (const { provider, type, range } of cluster.definition.relationships)
          if (provider === this.element.key && type === 'service') yield range;
      }
    }
  }

  /** Old ones that something still lives on. */
  get heldOld(): number {
    return this.instances.filter(({ live, isNew, state }) => live && !isNew && this.carries(state.id)).length;
  }

  /** Live ones that count: those that nobody goes back to, not desired any more and not free to go do not. */
  get live(): number {
    return this.instances.filter((one) => one.live && !this.isStuck(one)).length;
  }

  private isStuck({ cluster, state, healthy }: Standing): boolean {
    const isDesired = this.element.target?.clusters.some(({ key }) => key === cluster.key) ?? false;
    if (isDesired || (cluster.everStable && !this.isOvertaken(cluster))) return false;
    return this.carries(state.id) || (healthy && this.brokenBinding(cluster.definition.version, 1) !== null);
  }

  /** It was whole in a rollout that never came to its end: what was stable is another one. */
  private isOvertaken({ key }: ClusterState): boolean {
    const { solution, element } = splitElementKey(this.element.key);
    const stable = this.engine.core.state.tables.solutions.get(solution)?.former[element];
    return stable != null && !stable.clusters.some((cluster) => cluster.key === key);
  }

  /** Whether something was placed on it. */
  carries(id: InstanceId): boolean {
    for (const key of this.engine.core.state.tables.consumers.get(this.element.key) ?? [])
      for (const cluster of elementAt(this.engine.core.state.tables, key)?.clusters.values() ?? [])
        for (const { runtime } of cluster.instances.values())
          if (Object.values(runtime?.placement ?? {}).includes(id)) return true;
    return false;
  }

  /** How many healthy backends each consumer that runs must keep. */
  get bindingFloor(): number {
    const { target, wholeSize } = this.element;
    const next = activeSize(this.final);
    if (target === null || next === 0) return 1;
    const { rollout } = target;
    if (rollout.strategy === 'recreate') return 0;
    const size = Math.min(wholeSize, next);
    return Math.max(rollout.allowDowntime ? 0 : 1, size - unavailable(rollout, size));
  }

  /** How many make the element ready for one that wants to start. */
  get readyCount(): number {
    const { target, wholeSize } = this.element;
    const next = activeSize(this.final);
    const size = wholeSize === 0 ? next : Math.min(wholeSize, next);
    return target === null ? 1 : Math.max(1, size - unavailable(target.rollout, size));
  }

  /** A running consumer that has too few backends once `fewer` of this version are gone; null: none has. */
  brokenBinding(version: Version, fewer: number): string | null {
    const { tables } = this.engine.core.state;
    for (const key of tables.consumers.get(this.element.key) ?? [])
      for (const cluster of elementAt(tables, key)?.clusters.values() ?? [])
        for (const { provider, type, range } of cluster.definition.relationships) {
          if (provider !== this.element.key || type !== 'service' || !satisfies(version, range)) continue;
          const left = this.healthy(range) - fewer;
          if (left < this.bindingFloor && runs(cluster))
            return `${key} ${cluster.key} keeps ${left} of ${this.bindingFloor} backends in ${range}`;
        }
    return null;
  }
}

/** The stand of the element that an instance or a key names; null: there is none. */
export function standOf(engine: Engine, key: ElementKey | undefined, back?: InstanceId): Stand | null {
  const element = key === undefined ? null : elementAt(engine.core.state.tables, key);
  return element === null ? null : new Stand(engine, element, back === undefined ? {} : { back });
}

export function isFor(binding: BindingKey, version: Version): boolean {
  return binding === exposeBinding || satisfies(version, binding as string as Range);
}

function runs(cluster: ClusterState): boolean {
  return [...cluster.instances.values()].some(
    ({ lifecycle, operation }) => lifecycle === 'active' || operation?.transition === 'start',
  );
}

/** Lives on a context instance that is not wanted any more, and there is another place that it could go to. */
export function misplacedIn(engine: Engine, { element, cluster, runtime }: InstanceState): boolean {
  const { tables } = engine.core.state;
  const relationships = elementAt(tables, element)?.clusters.get(cluster)?.definition.relationships ?? [];
  return Object.entries(runtime?.placement ?? {}).some(([name, on]) => {
    const parts = splitInstanceId(on);
    const target = parts === null ? null : (elementAt(tables, parts.element)?.target ?? null);
    const range = relationships.find((relationship) => relationship.name === name)?.range;
    const isPlace = ({ state, size, definition }: DesiredCluster): boolean =>
      state === 'active' && size > 0 && (range === undefined || satisfies(definition.version, range));
    return target?.clusters.some(isPlace) === true && wantedCluster(engine, on)?.state !== 'active';
  });
}

function amount(policy: RolloutPolicy, which: 'maxSurge' | 'maxUnavailable', base: number): number {
  const { kind, value } = policy[which];
  if (kind === 'count') return value;
  const exact = (base * value) / 100;
  return which === 'maxSurge' ? Math.ceil(exact) : Math.floor(exact);
}

function unavailable(policy: RolloutPolicy, base: number): number {
  const least = amount(policy, 'maxUnavailable', base);
  return least === 0 && amount(policy, 'maxSurge', base) === 0 ? 1 : least;
}

function finalOf(element: ElementState | null): DesiredElement | null {
  const step = element?.track?.step;
  const target = element?.target ?? null;
  return step !== undefined && step.digest === target?.digest ? step.final : target;
}

/** Old and new stand beside each other in full, and only the traffic is shared. */
function isBeside({ target }: ElementState): boolean {
  const { strategy, canary = [] } = target?.rollout ?? {};
  return strategy === 'blueGreen' || canary.some(({ share }) => share.kind === 'weight');
}

function comesOrRuns({ lifecycle, operation }: InstanceState): boolean {
  return lifecycle === 'active' || operation?.transition === 'start';
}
