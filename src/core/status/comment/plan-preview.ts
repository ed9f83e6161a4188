import { splitElementKey, type DomainName, type ElementKey } from '../../base/names.js';
import { byCodeUnit } from '../../base/order.js';
import { count } from '../../base/words.js';
import type { OrderEdge, Plan, PlannedStage, Preview } from '../../plan/types.js';
import { edgeText, limitsText, previewTitle, stageHead, stageWaits } from '../words/preview.js';
import { linesOf, linesOfSolutions, timeLine, type Line, type Widths } from '../words/time-line.js';
import { part, type Part } from './document.js';
import { code, fence, inline } from './escape.js';
import { bullets, commands, fold, paragraphs } from './pieces.js';

/** With the longest label a line has 46 columns. */
const widths: Widths = { track: 29, label: 15 };
const mostLines = 24;
const mostLimits = 30;
const mostOthers = 40;

/** How it will go, by the code that then does it. */
export function previewParts({ domain, changes, edges }: Plan, preview: Preview): Part[] {
  const young = new Set(changes.filter(({ before }) => before === null).map(({ element }) => element));
  if (preview.steps.length === 0) return [];
  const text = paragraphs([
    `#### How it will go`,
    `${previewTitle(preview)}.`,
    limits(preview, young),
    stages(domain, preview.stages),
    order(edges),
  ]);
  return [part('plan', 'list', text), ...picture(preview)];
}

function limits({ minHealthy, peak }: Preview, young: ReadonlySet<ElementKey>): string {
  const keys = [...new Set([...Object.keys(minHealthy), ...Object.keys(peak)])].sort(
    byCodeUnit,
  ) as ElementKey[];
  const limit = (key: ElementKey) =>
    young.has(key)
      ? `new, at most ${peak[key] ?? 0} at once`
      : limitsText(minHealthy[key] ?? 0, peak[key] ?? 0);
  const line = (key: ElementKey) => `${code(key)}: ${limit(key)}`;
  if (keys.length <= mostLimits) return bullets(keys.map(line));
  const without = keys.filter((key) => (minHealthy[key] ?? 0) === 0 && !young.has(key));
  const solutions = new Set(without.map((key) => splitElementKey(key).solution)).size;
  return `${count(keys.length, 'element')}; ${without.length} of them (in ${count(solutions, 'solution')}) have none healthy at some time.`;
}

function stages(domain: DomainName, all: readonly PlannedStage[]): string {
  if (all.length === 0) return '';
  const lines = all.slice(0, mostOthers).map((stage) => {
    const waits = [...stageWaits(stage), ...(stage.awaitsPerson ? ['then **a person promotes**'] : [])];
    return `${inline(stageHead(stage))}${waits.length === 0 ? '' : `: ${waits.map(waitText).join('; ')}`}`;
  });
  const asked = all.filter(({ awaitsPerson }) => awaitsPerson).map(({ element }) => element);
  const promote = asked.map((element) => `heliostat promote ${domain}/${element} --reason TEXT`);
  return paragraphs(['**In steps**', bullets(limited(lines, all.length)), commands(promote.slice(0, 5))]);
}

function waitText(text: string): string {
  return text.includes('**') ? text : inline(text);
}

function order(edges: readonly OrderEdge[]): string {
  if (edges.length === 0) return '';
  const lines = edges.slice(0, mostOthers).map((edge) => inline(edgeText(edge)));
  return paragraphs(['**What goes first**', bullets(limited(lines, edges.length))]);
}

function limited(lines: readonly string[], all: number): string[] {
  return all === lines.length ? [...lines] : [...lines, `and ${all - lines.length} more`];
}

function picture(preview: Preview): Part[] {
  const elements = withoutSolution(linesOf(preview.rows));
  const lines = elements.length <= mostLines ? elements : linesOfSolutions(preview.rows);
  if (lines.length === 0 || lines.length > mostLines) return [];
  const drawn = timeLine(preview.durationMs, lines, widths).map(({ label, text }) =>
    `${label}  ${text}`.trimEnd(),
  );
  return [part('plan', 'picture', fold('Time line', fence('text', drawn), drawn.length <= 12))];
}

/** Of one solution alone nobody has to be told which. */
function withoutSolution(lines: readonly Line[]): readonly Line[] {
  const solutions = new Set(lines.map(({ label }) => label.split('/')[0]));
  return solutions.size > 1
    ? lines
    : lines.map(({ label, spans }) => ({ label: label.slice(label.indexOf('/') + 1), spans }));
}
