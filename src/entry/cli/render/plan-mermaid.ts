import { splitElementKey } from '../../../core/base/names.js';
import type { Activity, PlannedStage, PreviewRow, PreviewSpan } from '../../../core/plan/types.js';
import { edgeText, previewTitle, stageName } from '../../../core/status/words/preview.js';
import { rowLabel, versionsWithTwoGenerations } from '../../../core/status/words/time-line.js';
import type { PlanView } from '../operations.js';
import { mermaidText } from './mermaid.js';
import { groupBy } from './words.js';

/** GitHub draws no diagram of more than 50,000 characters; a section has up to a few hundred. */
const mostSections = 60;
const mostCharacters = 45_000;

const words: { readonly [activity in Activity]: string } = {
  creating: 'creating',
  configuring: 'configuring',
  starting: 'starting',
  turningHealthy: 'turning healthy',
  serving: 'serving',
  reconfiguring: 'reconfiguring',
  draining: 'draining',
  stopping: 'stopping',
  resetting: 'resetting',
  destroying: 'destroying',
  waiting: 'waiting',
};

/** Of the four looks that a bar can have. */
const looks: { readonly [activity in Activity]?: string } = {
  serving: 'done, ',
  turningHealthy: 'active, ',
  starting: 'active, ',
  draining: 'crit, ',
  stopping: 'crit, ',
};

/** The simulated rollout as a diagram that GitHub draws: one section an element and version, or a solution if there are many. */
export function planMermaid({ plan, preview }: PlanView): string {
  const isEmpty = preview === null || preview.steps.length === 0;
  const title = isEmpty ? `${plan.domain}: nothing to do` : `${plan.domain}: ${previewTitle(preview)}`;
  const head = [
    'gantt',
    `  title ${mermaidText(title)}`,
    '  dateFormat x',
    // Seconds or milliseconds since 1970 are the same in every time zone.
    `  axisFormat ${(preview?.durationMs ?? 0) < 10_000 ? '%Q ms' : '%s s'}`,
  ];
  // A diagram without any bar is an error to the renderer.
  if (isEmpty) return `${[...head, '  section All', '  as it should be :milestone, 0, 0ms'].join('\n')}\n`;
  const notes = plan.edges.map((edge) => `  %% ${mermaidText(edgeText(edge))}`);
  const sections = [...stageSection(preview.stages), ...sectionsOf(preview.rows)];
  return `${within([...head, ...notes.slice(0, mostSections)], sections).join('\n')}\n`;
}

type Section = readonly string[];

/** Where each step of a canary begins, and which of them a person has to let go on. */
function stageSection(stages: readonly PlannedStage[]): Section[] {
  if (stages.length === 0) return [];
  const milestones = stages.slice(0, mostSections).map((stage) => {
    const name = `${stageName(stage)}${stage.awaitsPerson ? ', waits for a person' : ''}`;
    return `  ${mermaidText(name)} :milestone, ${Math.round(stage.atMs)}, 0ms`;
  });
  return [['  section In steps', ...milestones]];
}

function sectionsOf(rows: readonly PreviewRow[]): Section[] {
  const twice = versionsWithTwoGenerations(rows);
  if (rows.length <= mostSections) return rows.map((row) => section(rowLabel(row, twice), row.spans));
  const solutions = groupBy(rows, ({ element }) => splitElementKey(element).solution);
  return [...solutions].map(([name, of]) =>
    section(
      name,
      of.flatMap(({ spans }) => spans),
    ),
  );
}

function section(name: string, spans: readonly PreviewSpan[]): Section {
  const bars = barsOf(spans).map(
    ({ activity, fromMs, toMs }) =>
      `  ${words[activity]} :${looks[activity] ?? ''}${Math.round(fromMs)}, ${Math.max(1, Math.round(toMs - fromMs))}ms`,
  );
  return [`  section ${mermaidText(name)}`, ...bars];
}

interface Bar {
  readonly activity: Activity;
  readonly fromMs: number;
  toMs: number;
}

/** As long as any instance is about it. */
function barsOf(spans: readonly PreviewSpan[]): Bar[] {
  const bars: Bar[] = [];
  const last = new Map<string, Bar>();
  for (const { fromMs, toMs, instances } of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    for (const activity of Object.keys(instances) as Activity[]) {
      const open = last.get(activity);
      if (open !== undefined && open.toMs >= fromMs) {
        open.toMs = Math.max(open.toMs, toMs);
        continue;
      }
      const bar = { activity, fromMs, toMs };
      last.set(activity, bar);
      bars.push(bar);
    }
  }
  return bars;
}

/** As much as the renderer takes, and a word about the rest. */
function within(head: readonly string[], sections: readonly Section[]): string[] {
  const lines = [...head];
  let size = lines.join('\n').length;
  for (const [i, one] of sections.entries()) {
    size += one.join('\n').length + 1;
    if (size > mostCharacters)
      return [...lines, `  section and ${sections.length - i} more`, '  left out :milestone, 0, 0ms'];
    lines.push(...one);
  }
  return lines;
}
