import { splitInstanceId } from '../../../core/base/names.js';
import type { PlannedStep, Preview } from '../../../core/plan/types.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { durationText, groupBy, padded, widest } from './words.js';

const width = 48;

const marks: Readonly<Record<string, string>> = {
  create: 'c',
  configure: 'f',
  start: 's',
  reconfigure: 'r',
  stop: 'x',
  destroy: 'd',
  reset: 'z',
};

/** What an instance is after a step, until its next one. */
const afterwards: Readonly<Record<string, string>> = {
  create: '·',
  configure: '·',
  start: '━',
  reconfigure: '━',
  stop: '·',
  destroy: ' ',
  reset: ' ',
};

/** One row an instance, in order of the first step; time runs to the right. */
export function timeLine(preview: Preview, paint: Paint): string[] {
  const end = Math.max(1, preview.durationMs, ...preview.steps.map((step) => step.atMs));
  const groups = groupBy(preview.steps, (step) => step.instance);
  const ambiguous = versionsWithTwoGenerations(groups.keys());
  const rows = [...groups].map(([id, steps]) => ({ label: label(id, ambiguous), steps }));
  const labels = widest(rows.map((row) => row.label));
  const middle = durationText(end / 2);
  const scale =
    padded(padded('0', Math.floor((width - middle.length) / 2)) + middle, width) + durationText(end);
  return [
    `  ${padded('', labels)}  ${paint.dim(scale)}`,
    ...rows.map((row) => `  ${padded(row.label, labels)}  ${track(row.steps, end)}`.trimEnd()),
    `  ${padded('', labels)}  ${paint.dim(legend(preview.steps))}`,
  ];
}

function track(steps: readonly PlannedStep[], end: number): string {
  const cells = Array<string>(width + 1).fill(' ');
  const first = steps[0]?.transition;
  let fill =
    first === 'create' || first === 'reset' ? ' ' : first === 'start' || first === 'configure' ? '·' : '─';
  let from = 0;
  for (const step of steps) {
    const at = Math.max(from, Math.min(width, Math.floor((step.atMs / end) * width)));
    cells.fill(fill, from, at);
    cells[at] = marks[step.transition] ?? '?';
    fill = afterwards[step.transition] ?? ' ';
    // Steps of one moment share a cell: the last one is what matters from there on.
    from = Math.min(width, at + 1);
    if (at === width) return cells.join('');
  }
  cells.fill(fill, from);
  return cells.join('');
}

function legend(steps: readonly PlannedStep[]): string {
  const used = new Set(steps.map((step) => step.transition));
  const letters = Object.entries(marks).filter(([name]) => used.has(name));
  return letters.map(([name, letter]) => `${letter} ${name}`).join('  ');
}

/** `shop/api 1.4.0 #0`; with the generation only where one version has two. */
function label(id: string, ambiguous: ReadonlySet<string>): string {
  const parts = splitInstanceId(id);
  if (parts === null) return printable(id);
  const [version = '', generation = ''] = parts.cluster.split('~');
  const name = `${parts.element} ${version}`;
  return printable(`${name}${ambiguous.has(name) ? `~${generation}` : ''} #${parts.ordinal}`);
}

function versionsWithTwoGenerations(ids: Iterable<string>): ReadonlySet<string> {
  const seen = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const id of ids) {
    const parts = splitInstanceId(id);
    if (parts === null) continue;
    const [version = ''] = parts.cluster.split('~');
    const name = `${parts.element} ${version}`;
    if ((seen.get(name) ?? parts.cluster) !== parts.cluster) ambiguous.add(name);
    seen.set(name, parts.cluster);
  }
  return ambiguous;
}
