import type { ExplainedValue, ExplainView } from '../operations.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { valueText } from './values.js';
import { padded, widest } from './words.js';

/** The configuration in effect; beside each value the line that set it. */
export function renderExplain(view: ExplainView, paint: Paint): string {
  const blocks = view.clusters.map(({ version, values }) => {
    const title = paint.bold(`${printable(view.element)} ${printable(version)}`);
    return `${[title, ...valueRows(values, paint)].join('\n')}\n`;
  });
  return blocks.join('\n') || `${printable(view.element)} has no instances.\n`;
}

function valueRows(values: readonly ExplainedValue[], paint: Paint): string[] {
  const rows = values.map((value) => ({
    text: `${printable(value.path)}: ${valueText(value.value)}`,
    value,
  }));
  const width = Math.min(60, widest(rows.map((row) => row.text)));
  return rows.map(
    ({ text, value }) =>
      `  ${padded(text, width)}  ${paint.dim(`${printable(value.file)}:${value.line} (${printable(value.layer)})`)}`,
  );
}

export function explainJson(view: ExplainView): string {
  const { element, component, clusters } = view;
  return jsonDocument({
    element,
    component,
    clusters: clusters.map(({ version, values }) => ({
      version,
      values: values.map(({ path, value, layer, file, line }) => ({ path, value, layer, file, line })),
    })),
  });
}
