import type { ElementState } from './state.js';

/** A cluster that nobody wants and that has no instance is forgotten. */
export function dropEmptyClusters(element: ElementState): void {
  for (const cluster of element.clusters.values()) {
    const wanted = element.target?.clusters.some((desired) => desired.key === cluster.key) ?? false;
    if (!wanted && cluster.instances.size === 0) element.clusters.delete(cluster.key);
  }
}
