import type { ElementKey, SolutionName } from '../base/names.js';
import type { ClusterState, ElementState, SolutionState } from './state.js';
import type { Tables } from './tables.js';

/** Tables to try things out on: reads fall through, writes stay here, and what is below never changes. */
export interface OverlayTables extends Tables {
  /** To be called before an entry of the solution is evolved: its own tables are copied once. */
  own(solution: SolutionName): void;
}

/** Costs nothing for what is never written, however large the tables are. */
export function overlayOn(below: Tables): OverlayTables {
  const solutions = new OverlayMap<SolutionName, SolutionState>(below.solutions);
  const owned = new Set<SolutionName>();
  return {
    domain: below.domain,
    solutions,
    consumers: new OverlayMap<ElementKey, Set<ElementKey>>(below.consumers, (keys) => new Set(keys)),
    providers: new OverlayMap(below.providers),
    dependents: new OverlayMap(below.dependents),
    ports: new OverlayMap(below.ports),
    own(name) {
      const solution = owned.has(name) ? undefined : solutions.get(name);
      owned.add(name);
      if (solution !== undefined) solutions.set(name, copyOf(solution));
    },
  };
}

/** Values that are changed in place are copied when they are asked for. Knows keys, not how many there are. */
class OverlayMap<K, V> extends Map<K, V> {
  private readonly gone = new Set<K>();

  constructor(
    private readonly below: ReadonlyMap<K, V>,
    private readonly copy: ((value: V) => V) | null = null,
  ) {
    super();
  }

  override get(key: K): V | undefined {
    if (super.has(key) || this.gone.has(key)) return super.get(key);
    const value = this.below.get(key);
    if (value === undefined || this.copy === null) return value;
    const own = this.copy(value);
    super.set(key, own);
    return own;
  }

  override has(key: K): boolean {
    return super.has(key) || (!this.gone.has(key) && this.below.has(key));
  }

  override set(key: K, value: V): this {
    this.gone.delete(key);
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    const had = this.has(key);
    super.delete(key);
    this.gone.add(key);
    return had;
  }
}

function copyOf(solution: SolutionState): SolutionState {
  const elements = new Map(solution.elements);
  for (const [name, element] of elements) elements.set(name, copyOfElement(element));
  return { ...solution, elements };
}

function copyOfElement(element: ElementState): ElementState {
  const clusters = new Map(element.clusters);
  for (const [key, cluster] of clusters) clusters.set(key, copyOfCluster(cluster));
  return { ...element, clusters, listeners: new Map(element.listeners) };
}

function copyOfCluster(cluster: ClusterState): ClusterState {
  return { ...cluster, instances: new Map(cluster.instances) };
}
