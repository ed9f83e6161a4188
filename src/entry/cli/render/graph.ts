import type { GraphEdge, GraphNode, GraphView } from '../../../core/status/view.js';
import { jsonDocument } from './json.js';
import { mermaidText } from './mermaid.js';
import { printable } from './printable.js';
import { count, groupBy } from './words.js';

/** `uses >=1.2 <3`, `runs on ^1`: what the types of dependencies mean. */
function edgeText(edge: GraphEdge): string {
  return `${edge.type === 'context' ? 'runs on' : 'uses'} ${printable(edge.range)}`;
}

function nodeText(node: GraphNode): string {
  const versions = node.versions.map(printable).join(' + ');
  return `${printable(node.element)} ${versions} (${count(node.size, 'instance')})`;
}

/** Mermaid: what GitHub shows in Markdown. Consumers on the left, what they need on the right. */
export function renderMermaid(view: GraphView): string {
  const ids = numbered(view);
  const lines = ['graph LR'];
  let group = 0;
  for (const [solution, nodes] of groupBy(view.nodes, (node) => node.solution)) {
    lines.push(`  subgraph s${group++}["${mermaidText(solution)}"]`);
    for (const node of nodes) lines.push(`    ${ids.get(node.id) ?? ''}["${mermaidText(nodeText(node))}"]`);
    lines.push('  end');
  }
  for (const edge of known(view, ids)) {
    const line = edge.type === 'context' ? '==>' : '-->';
    lines.push(
      `  ${ids.get(edge.from) ?? ''} ${line}|"${mermaidText(edgeText(edge))}"| ${ids.get(edge.to) ?? ''}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The language of Graphviz. */
export function renderDot(view: GraphView): string {
  const ids = numbered(view);
  const lines = ['digraph heliostat {', '  rankdir=LR;', '  node [shape=box];'];
  let group = 0;
  for (const [solution, nodes] of groupBy(view.nodes, (node) => node.solution)) {
    lines.push(`  subgraph cluster_${group++} {`, `    label=${quoted(printable(solution))};`);
    for (const node of nodes) lines.push(`    ${ids.get(node.id) ?? ''} [label=${quoted(nodeText(node))}];`);
    lines.push('  }');
  }
  for (const edge of known(view, ids)) {
    const style = edge.type === 'context' ? ', style=bold' : '';
    const ends = `${ids.get(edge.from) ?? ''} -> ${ids.get(edge.to) ?? ''}`;
    lines.push(`  ${ends} [label=${quoted(edgeText(edge))}${style}];`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** `schemas/output/graph.schema.json`. */
export function graphJson(view: GraphView): string {
  const { domain } = view;
  return jsonDocument({
    domain,
    nodes: view.nodes.map(({ id, solution, element, component, versions, size }) => ({
      id: `${domain}/${id}`,
      solution,
      element,
      component,
      versions,
      size,
    })),
    edges: view.edges.map(({ from, to, type, relationship, range }) => ({
      from: `${domain}/${from}`,
      to: `${domain}/${to}`,
      type,
      relationship,
      range,
    })),
  });
}

function numbered(view: GraphView): Map<string, string> {
  return new Map(view.nodes.map((node, index) => [node.id, `n${index}`]));
}

function known(view: GraphView, ids: ReadonlyMap<string, string>): readonly GraphEdge[] {
  return view.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
}
