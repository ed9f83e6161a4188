import { activeSize, type DesiredElement } from '../base/desired.js';
import { sortedBy } from '../base/order.js';
import type { Version } from '../base/version.js';
import { compareVersions } from '../base/version.js';
import type { DesiredDomain } from '../graph/types.js';
import type { GraphEdge, GraphNode, GraphView } from './view.js';

/** What uses what and what runs on what, as a model asks for it. */
export function graphView(desired: DesiredDomain): GraphView {
  const nodes: GraphNode[] = [];
  const edges = new Map<string, GraphEdge>();
  for (const solution of desired.solutions.values()) {
    for (const element of solution.elements.values()) {
      nodes.push(nodeOf(element));
      for (const edge of edgesOf(element)) edges.set(edgeKey(edge), edge);
    }
  }
  return {
    domain: desired.name,
    nodes: sortedBy(nodes, ({ id }) => id),
    edges: sortedBy(edges.values(), edgeKey),
  };
}

function nodeOf(element: DesiredElement): GraphNode {
  const versions = new Set<Version>(element.clusters.map(({ definition }) => definition.version));
  return {
    id: element.key,
    solution: element.solution,
    element: element.name,
    component: element.component,
    versions: [...versions].sort(compareVersions),
    size: activeSize(element),
  };
}

/** Clusters side by side that ask for the same are one edge. */
function edgesOf(element: DesiredElement): GraphEdge[] {
  return element.clusters.flatMap(({ definition }) =>
    definition.relationships.map(({ name, provider, type, range }) => ({
      from: element.key,
      to: provider,
      type,
      relationship: name,
      range,
    })),
  );
}

function edgeKey({ from, to, relationship, range }: GraphEdge): string {
  return [from, to, relationship, range].join('\0');
}
