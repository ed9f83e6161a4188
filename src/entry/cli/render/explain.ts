import type { Json } from '../../../core/base/data.js';
import type { ExplainedCluster, ExplainedValue } from '../../../core/graph/explain.js';
import type { ExplainView } from '../operations.js';
import { placeText } from './diagnostics.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';
import { printable, printableLines } from './printable.js';
import { valueText } from '../../../core/status/words/values.js';
import { count, padded, widest } from './words.js';

/** The configuration in effect; beside each value the line that set it. */
export function renderExplain({ domain, explained }: ExplainView, paint: Paint): string {
  const name = paint.bold(`${printable(domain)}/${printable(explained.key)}`);
  const head = `${name}  ${paint.dim(placeText(explained.position))}\n`;
  return [
    head,
    ...explained.clusters.map((cluster) => clusterBlock(explained.component, cluster, paint)),
  ].join('\n');
}

function clusterBlock(component: string, cluster: ExplainedCluster, paint: Paint): string {
  const { version, size, state, release } = cluster;
  const title = `${printable(component)} ${printable(version)} (${count(size, 'instance')}${state === 'active' ? '' : `, ${state}`})`;
  const lines = [
    `${paint.bold(title)}${release === null ? '' : `  ${paint.dim(placeText(release))}`}`,
    ...valueRows(cluster.values, paint),
    ...(cluster.configuration === null
      ? []
      : ['  what the provider gets:', ...dataLines(cluster.configuration)]),
  ];
  return `${lines.join('\n')}\n`;
}

function valueRows(values: readonly ExplainedValue[], paint: Paint): string[] {
  const rows = values.map((value) => ({
    text: `${printable(value.path)}: ${valueText(value.value)}`,
    value,
  }));
  const width = Math.min(60, widest(rows.map((row) => row.text)));
  return rows.map(
    ({ text, value }) =>
      `  ${padded(text, width)}  ${paint.dim(`${placeText(value.origin)} (${printable(value.layer)})`)}`,
  );
}

function dataLines(data: Json): string[] {
  return printableLines(JSON.stringify(data, null, 2)).map((line) => `    ${line}`);
}

export function explainJson({ domain, explained }: ExplainView): string {
  const { key, component, position, clusters } = explained;
  return jsonDocument({
    element: `${domain}/${key}`,
    component,
    file: position.file,
    line: position.line,
    clusters: clusters.map((cluster) => ({
      version: cluster.version,
      generation: cluster.generation,
      state: cluster.state,
      size: cluster.size,
      values: cluster.values.map(({ path, value, layer, origin }) => ({
        path,
        value,
        layer,
        file: origin.file,
        line: origin.line,
      })),
      configuration: cluster.configuration,
    })),
  });
}
