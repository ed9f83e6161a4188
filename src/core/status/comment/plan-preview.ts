import { splitElementKey, type DomainName, type ElementKey } from '../../base/names.js';
import { byCodeUnit } from '../../base/order.js';
import { count } from '../../base/words.js';
import type { OrderEdge, PlannedStage, Preview } from '../../plan/types.js';
import { edgeText, limitsText, previewTitle, stageHead, stageWaits } from '../words/preview.js';
import { linesOf, linesOfSolutions, timeLine, type Widths } from '../words/time-line.js';
import { part, type Part } from './document.js';
import { code, fence, inline } from './escape.js';
import { bullets, commands, fold, paragraphs } from './pieces.js';

/** With the longest label a line has 58 columns. */
const widths: Widths = { track: 38, label: 18 };
const mostLines = 24;
const mostLimits = 30;
const mostOthers = 40;

/** How it will go, by the code that then does it. */
export function previewParts(domain: DomainName, preview: Preview, edges: readonly OrderEdge[]): Part[] {
  if (preview.steps.length === 0) return [];
  const text = paragraphs([
    `#### How it will go`,
    `${previewTitle(preview)}.`,
    limits(preview),
    stages(domain, preview.stages),
    order(edges),
  ]);
  return [part('plan', 'list', text), ...picture(preview)];
}

function limits({ minHealthy, peak }: Preview): string {
  const keys = [...new Set([...Object.keys(minHealthy), ...Object.keys(peak)])].sort(
    byCodeUnit,
  ) as ElementKey[];
  const line = (key: ElementKey) => `${code(key)}: ${limitsText(minHealthy[key] ?? 0, peak[key] ?? 0)}`;
  if (keys.length <= mostLimits) return bullets(keys.map(line));
  const without = keys.filter((key) => (minHealthy[key] ?? 0) === 0);
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
  const elements = linesOf(preview.rows);
  const lines = elements.length <= mostLines ? elements : linesOfSolutions(preview.rows);
  if (lines.length === 0 || lines.length > mostLines) return [];
  const drawn = timeLine(preview.durationMs, lines, widths).map(({ label, text }) =>
    `${label}  ${text}`.trimEnd(),
  );
  return [part('plan', 'picture', fold('Time line', fence('text', drawn), drawn.length <= 12))];
}
