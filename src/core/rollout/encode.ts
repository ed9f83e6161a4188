import { invariant } from '../base/assert.js';
import { equalData } from '../base/data.js';
import type { ClusterDefinition, RolloutPolicy } from '../base/desired.js';
import type { ElementName, SolutionName } from '../base/names.js';
import type { EncodedSolution } from './entries.js';
import type { ClusterState, ElementState, InstanceState, Listener, SolutionState } from './state.js';

interface EncodedElement extends Omit<ElementState, 'clusters' | 'listeners'> {
  readonly listeners: readonly Listener[];
  readonly clusters: readonly EncodedCluster[];
}

interface EncodedCluster extends Omit<ClusterState, 'instances' | 'definition' | 'policy'> {
  /** Null: as in the element's target, where it stands already. */
  readonly definition: ClusterDefinition | null;
  readonly policy: RolloutPolicy | null;
  readonly instances: readonly InstanceState[];
}

/** Tables as sorted lists: equal states give equal data. */
export function encodeSolution(solution: SolutionState): EncodedSolution {
  return { ...solution, elements: sorted(solution.elements.values(), (e) => e.name).map(encodeElement) };
}

export function decodeSolution(encoded: EncodedSolution): SolutionState {
  return {
    ...encoded,
    name: encoded.name as SolutionName,
    elements: decodeElements(encoded.elements),
    // Journals of before this was kept do not say it.
    former: (encoded as Partial<EncodedSolution>).former ?? {},
    quarantine: (encoded as Partial<EncodedSolution>).quarantine ?? null,
  };
}

export function encodeElement(element: ElementState): unknown {
  const encoded: EncodedElement = {
    ...element,
    listeners: sorted(element.listeners.values(), (listener) => listener.binding),
    clusters: sorted(element.clusters.values(), (cluster) => cluster.key).map((cluster) =>
      encodeCluster(cluster, element),
    ),
  };
  return encoded;
}

function encodeCluster(cluster: ClusterState, element: ElementState): EncodedCluster {
  // By content: which objects are shared differs between a life and its replay.
  return {
    ...cluster,
    definition: equalData(wantedDefinition(element, cluster), cluster.definition) ? null : cluster.definition,
    policy: equalData(element.target?.rollout, cluster.policy) ? null : cluster.policy,
    instances: [...cluster.instances.values()].sort((a, b) => a.ordinal - b.ordinal),
  };
}

function wantedDefinition(
  { target }: Pick<ElementState, 'target'>,
  { key }: Pick<ClusterState, 'key'>,
): ClusterDefinition | null {
  return target?.clusters.find((cluster) => cluster.key === key)?.definition ?? null;
}

function decodeElements(encoded: readonly unknown[]): Map<ElementName, ElementState> {
  return new Map(
    (encoded as readonly EncodedElement[]).map((element) => [element.name, decodeElement(element)]),
  );
}

function decodeElement(element: EncodedElement): ElementState {
  return {
    ...element,
    listeners: new Map(element.listeners.map((listener) => [listener.binding, listener])),
    clusters: new Map(element.clusters.map((cluster) => [cluster.key, decodeCluster(cluster, element)])),
  };
}

function decodeCluster(cluster: EncodedCluster, element: EncodedElement): ClusterState {
  const definition = cluster.definition ?? wantedDefinition(element, cluster);
  const policy = cluster.policy ?? element.target?.rollout ?? null;
  invariant(definition !== null && policy !== null, `${element.key} ${cluster.key} has no definition`);
  const instances = new Map(cluster.instances.map((instance) => [instance.ordinal, instance]));
  return { ...cluster, definition, policy, instances };
}

function sorted<T>(items: Iterable<T>, key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
