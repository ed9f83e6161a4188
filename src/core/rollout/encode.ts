import type { ElementName, SolutionName } from '../base/names.js';
import type { EncodedSolution } from './entries.js';
import type { ClusterState, ElementState, SolutionState } from './state.js';

/** Tables as sorted lists: equal states give equal data. */
export function encodeSolution(solution: SolutionState): EncodedSolution {
  return { ...solution, elements: sorted(solution.elements.values(), (e) => e.name).map(encodeElement) };
}

export function decodeSolution(encoded: EncodedSolution): SolutionState {
  return { ...encoded, name: encoded.name as SolutionName, elements: decodeElements(encoded.elements) };
}

export function encodeElement(element: ElementState): unknown {
  return {
    ...element,
    listeners: sorted(element.listeners.values(), (l) => l.binding),
    clusters: sorted(element.clusters.values(), (c) => c.key).map((cluster) => ({
      ...cluster,
      instances: [...cluster.instances.values()].sort((a, b) => a.ordinal - b.ordinal),
    })),
  };
}

export function decodeElements(encoded: readonly unknown[]): Map<ElementName, ElementState> {
  return new Map(
    (
      encoded as (Omit<ElementState, 'clusters' | 'listeners'> & { clusters: never[]; listeners: never[] })[]
    ).map((element) => [
      element.name,
      {
        ...element,
        listeners: new Map(
          (element.listeners as { binding: never }[]).map((listener) => [
            listener.binding,
            listener as never,
          ]),
        ),
        clusters: new Map(
          (
            element.clusters as (Omit<ClusterState, 'instances'> & { instances: { ordinal: number }[] })[]
          ).map(decodeCluster),
        ),
      },
    ]),
  );
}

function decodeCluster(
  cluster: Omit<ClusterState, 'instances'> & { instances: { ordinal: number }[] },
): [never, ClusterState] {
  const instances = new Map(cluster.instances.map((instance) => [instance.ordinal, instance]));
  return [cluster.key as never, { ...cluster, instances } as unknown as ClusterState];
}

function sorted<T>(items: Iterable<T>, key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
