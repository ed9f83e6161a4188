import { splitElementKey, splitInstanceId, type ElementKey } from '../../../core/base/names.js';
import { byCodeUnit } from '../../../core/base/order.js';
import type { PlannedStep, Preview } from '../../../core/plan/types.js';
import { timeLine } from './gantt.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { count, durationText, groupBy, padded, widest } from './words.js';

/** Above these the picture tells less than a sum. */
const mostSteps = 200;
const mostInstances = 2000;

/** How the rollout will go: a time line for each instance, and the floor and ceiling of each element. */
export function renderPreview(preview: Preview, paint: Paint): string {
  const { steps, durationMs } = preview;
  const title = `How it will go: ${count(steps.length, 'step')} in about ${durationText(durationMs)}`;
  const body = steps.length > mostSteps ? sums(steps) : timeLine(preview, paint);
  return `${[paint.bold(title), ...body, '', ...limits(preview)].join('\n')}\n`;
}

function sums(steps: readonly PlannedStep[]): string[] {
  const instances = new Set(steps.map((step) => step.instance)).size;
  const bySolution = instances > mostInstances;
  const groups = groupBy(steps, (step) => {
    const element = elementOf(step);
    return bySolution ? element.slice(0, element.indexOf('/')) : element;
  });
  const width = widest(groups.keys());
  return [...groups].map(([name, group]) => `  ${padded(printable(name), width)}  ${sum(group)}`);
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

function elementOf(step: PlannedStep): ElementKey {
  return splitInstanceId(step.instance)?.element ?? ('?/?' as ElementKey);
}

function limits(preview: Preview): string[] {
  const keys = [...new Set([...Object.keys(preview.minHealthy), ...Object.keys(preview.peak)])].sort(
    byCodeUnit,
  );
  if (keys.length > mostSteps) return [totals(preview, keys)];
  const width = widest(keys);
  return keys.map((key) => {
    const healthy = preview.minHealthy[key as ElementKey] ?? 0;
    const peak = preview.peak[key as ElementKey] ?? 0;
    return `  ${padded(printable(key), width)}  never fewer than ${healthy} healthy, at most ${peak} at once`;
  });
}

function totals(preview: Preview, keys: readonly string[]): string {
  const without = keys.filter((key) => (preview.minHealthy[key as ElementKey] ?? 0) === 0);
  const solutions = new Set(without.map((key) => splitElementKey(key as ElementKey).solution)).size;
  return `  ${count(keys.length, 'element')}; ${without.length} of them (in ${count(solutions, 'solution')}) have none healthy at some time`;
}
