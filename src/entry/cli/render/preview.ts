import { splitElementKey, splitInstanceId, type ElementKey } from '../../../core/base/names.js';
import { byCodeUnit } from '../../../core/base/order.js';
import type { OrderEdge, PlannedStep, Preview } from '../../../core/plan/types.js';
import { edgeText, limitsText, previewTitle, stageText } from '../../../core/status/words/preview.js';
import {
  linesOf,
  linesOfSolutions,
  timeLine,
  type Line,
  type Widths,
} from '../../../core/status/words/time-line.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { count, durationText, groupBy, padded, widest } from './words.js';

/** Above these the picture tells less than a sum. */
const mostLines = 40;
const mostLimits = 200;
const mostEdges = 40;
/** With the longest label a line has 88 columns. */
const widths: Widths = { track: 56, label: 28 };

/** How the rollout will go: a time line, the floor and ceiling of each element, and what has to wait for what. */
export function renderPreview(preview: Preview, edges: readonly OrderEdge[], paint: Paint): string {
  const title = `How it will go: ${previewTitle(preview)}`;
  const order = edges.length === 0 ? [] : ['', ...orderLines(edges)];
  return `${[paint.bold(title), ...picture(preview, paint), '', ...limits(preview), ...stageLines(preview), ...order].join('\n')}\n`;
}

function picture(preview: Preview, paint: Paint): string[] {
  const lines = linesOf(preview.rows);
  if (lines.length <= mostLines) return drawn(preview, lines, paint);
  const solutions = linesOfSolutions(preview.rows);
  return solutions.length <= mostLines ? drawn(preview, solutions, paint) : sums(preview.steps);
}

function drawn({ durationMs }: Preview, lines: readonly Line[], paint: Paint): string[] {
  return timeLine(durationMs, lines, widths).map(({ label, text, isNote }) =>
    isNote ? `  ${label}  ${paint.dim(text)}` : `  ${label}  ${text}`.trimEnd(),
  );
}

function sums(steps: readonly PlannedStep[]): string[] {
  const groups = [...groupBy(steps, solutionOf)];
  const shown = groups.slice(0, mostLines);
  const width = widest(shown.map(([name]) => name));
  const more = groups.length - shown.length;
  return [
    ...shown.map(([name, group]) => `  ${padded(printable(name), width)}  ${sum(group)}`),
    ...(more === 0 ? [] : [`  and ${count(more, 'more solution', 'more solutions')}: ${sum(steps)} in all`]),
  ];
}

function sum(steps: readonly PlannedStep[]): string {
  const times = steps.map((step) => step.atMs);
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const counts = [...groupBy(steps, (step) => step.transition)].map(
    ([name, of]) => `${of.length} ${printable(name)}`,
  );
  return `${counts.join(', ')}; from ${durationText(first)} to ${durationText(last)}`;
}

function solutionOf(step: PlannedStep): string {
  const element = splitInstanceId(step.instance)?.element;
  return element === undefined ? '?' : splitElementKey(element).solution;
}

function limits(preview: Preview): string[] {
  const keys = [...new Set([...Object.keys(preview.minHealthy), ...Object.keys(preview.peak)])].sort(
    byCodeUnit,
  );
  if (keys.length > mostLimits) return [totals(preview, keys)];
  const width = widest(keys);
  return keys.map((key) => {
    const healthy = preview.minHealthy[key as ElementKey] ?? 0;
    const peak = preview.peak[key as ElementKey] ?? 0;
    return `  ${padded(printable(key), width)}  ${limitsText(healthy, peak)}`;
  });
}

function totals(preview: Preview, keys: readonly string[]): string {
  const without = keys.filter((key) => (preview.minHealthy[key as ElementKey] ?? 0) === 0);
  const solutions = new Set(without.map((key) => splitElementKey(key as ElementKey).solution)).size;
  return `  ${count(keys.length, 'element')}; ${without.length} of them (in ${count(solutions, 'solution')}) have none healthy at some time`;
}

function stageLines({ stages }: Preview): string[] {
  if (stages.length === 0) return [];
  const more = stages.length - mostEdges;
  return [
    '',
    'In steps:',
    ...stages.slice(0, mostEdges).map((stage) => `  ${printable(stageText(stage))}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function orderLines(edges: readonly OrderEdge[]): string[] {
  const more = edges.length - mostEdges;
  return [
    'What goes first:',
    ...edges.slice(0, mostEdges).map((edge) => `  ${printable(edgeText(edge))}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
