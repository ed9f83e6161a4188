import { splitElementKey, splitInstanceId, type SolutionName } from '../../base/names.js';
import { printable } from '../../base/printable.js';
import { count, durationText } from '../../base/words.js';
import type { Action, Change, Preview, ValueChange } from '../../plan/types.js';
import { changeText, componentText, countsText, lostInstances } from '../words/plan.js';
import { bondLines, isDowngrade } from '../words/shape.js';
import { isTextOfLines, textDifference, valueText } from '../words/values.js';
import { part, noCounts, type Part } from './document.js';
import { chunked, code, html, shortened, wrapped } from './escape.js';
import { foldOfLines } from './pieces.js';

/** In a fence: so much a telephone shows without scrolling sideways. */
export const lineWidth = 46;
/** Of one value, or of one line of a text. */
const longestValue = 160;
/** Of one change; all of them are in the plan itself. */
const mostValueLines = 40;

const signs: Readonly<Record<Action, string>> = {
  create: '+',
  update: '!',
  replace: '!',
  reconfigure: '!',
  scale: '!',
  move: '!',
  retire: '-',
  retain: '-',
  repair: '!',
};

/** The line of such a change says all that its reason says. */
const toldByLine: readonly Action[] = ['create', 'retire', 'scale'];

/** One solution: what changes in it, and what that means for who uses it. */
export function solutionPart(name: SolutionName, changes: readonly Change[], preview: Preview | null): Part {
  const counts = { ...noCounts };
  for (const { action } of changes) counts[action]++;
  const lines = changes.flatMap(changeLines);
  const title = `#### ${code(name)}: ${countsText(counts)}`;
  return part(
    'plan',
    'solution',
    `${title}\n\n${foldOfLines(verdict(name, changes, preview), 'diff', lines)}`,
  );
}

/** What matters most of it, in HTML: `never fewer than 2 healthy, about 8 s`. */
function verdict(name: SolutionName, changes: readonly Change[], preview: Preview | null): string {
  const lost = changes.reduce((sum, change) => sum + lostInstances(change), 0);
  const down = changes.filter(isDowngrade).map(({ element }) => splitElementKey(element).element);
  const words = [
    ...(lost > 0 ? [`⛔ <b>destroys ${count(lost, 'instance')} for good</b>`] : []),
    ...(down.length > 0 ? [`⚠️ <b>downgrade of ${namesHtml(down)}</b>`] : []),
    ...(preview === null ? [] : foreseen(name, changes, preview)),
  ];
  return words.length > 0 ? words.join(' · ') : count(changes.length, 'change');
}

function foreseen(name: SolutionName, changes: readonly Change[], preview: Preview): string[] {
  const there = changes.filter(({ before, after }) => before !== null && after !== null && before.size > 0);
  const empty = there.filter(({ element }) => (preview.minHealthy[element] ?? 0) === 0);
  const least = there.reduce((min, { element }) => Math.min(min, preview.minHealthy[element] ?? 0), Infinity);
  const lasts = durationText(endOf(name, preview));
  if (there.length === 0) return [`about ${lasts}`];
  if (empty.length === 0) return [`✅ never fewer than ${least} healthy`, `about ${lasts}`];
  const names = empty.map(({ element }) => splitElementKey(element).element);
  return [`⚠️ <b>none healthy for a time: ${namesHtml(names)}</b>`, `about ${lasts}`];
}

function endOf(name: SolutionName, { rows, steps }: Preview): number {
  let end = 0;
  for (const { element, spans } of rows)
    if (splitElementKey(element).solution === name)
      for (const { toMs, instances } of spans)
        if (Object.keys(instances).some((activity) => activity !== 'serving')) end = Math.max(end, toMs);
  for (const { atMs, instance } of steps)
    if (splitInstanceId(instance)?.solution === name) end = Math.max(end, atMs);
  return end;
}

function namesHtml(names: readonly string[]): string {
  const more = names.length - 3;
  return (
    names
      .slice(0, 3)
      .map((name) => html(name, 63))
      .join(', ') + (more > 0 ? ` and ${more} more` : '')
  );
}

/** Sign in column 0; what belongs to a change is set in by four blanks behind its own sign. */
function changeLines(change: Change): string[] {
  const sign = change.destroysData ? '-' : signs[change.action];
  const notes = [
    change.action,
    ...(change.destroysData ? ['DESTROYS FOR GOOD'] : []),
    ...(isDowngrade(change) ? ['DOWNGRADE'] : []),
  ];
  return [...headLines(sign, changeText(change), notes.join(', ')), ...details(change)];
}

function headLines(sign: string, text: string, notes: string): string[] {
  const shown = shortened(text, 200);
  const line = `${sign} ${shown}  ${notes}`;
  return line.length <= lineWidth ? [line] : [`${sign} ${shown}`, `${sign}     ${notes}`];
}

function details(change: Change): string[] {
  const component = componentText(change);
  const isTold = toldByLine.includes(change.action) || isVersionAlone(change);
  return [
    ...(isTold
      ? []
      : wrapped(printable(shortened(change.reason, 300)), lineWidth - 5).map((line) => `     ${line}`)),
    ...(component === null ? [] : [`!    ${component}`]),
    ...(change.after === null ? [] : bondLines(change).flatMap(bondText)),
    ...(change.after === null || raisedOf(change) !== null ? [] : valuesLines(change.values, '   ')),
  ];
}

/** The line above says it already. */
function isVersionAlone(change: Change): boolean {
  const raised = raisedOf(change);
  return raised !== null && change.reason === `version ${raised.before} → ${raised.after}`;
}

/** Where an element goes from one version to another: both. */
export function raisedOf({ before, after }: Change): { before: string; after: string } | null {
  const [old, young] = [before?.clusters[0]?.version, after?.clusters[0]?.version];
  return old === undefined || young === undefined || old === young ? null : { before: old, after: young };
}

function bondText(line: string): string[] {
  const sign = line.startsWith('~') ? '!' : line.slice(0, 1);
  return wrapped(line.slice(2), lineWidth - 5).map((piece) => `${sign}    ${piece}`);
}

/** On as many lines as it takes. */
function broken(start: string, text: string): string[] {
  return chunked(text, lineWidth - start.length).map((piece) => `${start}${piece}`);
}

/** Before and after on lines of their own, so that neither is far to the right. */
export function valuesLines(values: readonly ValueChange[], indent: string): string[] {
  const lines = values.flatMap((value) => valueLines(value, indent));
  const more = lines.length - mostValueLines;
  return more <= 1 ? lines : [...lines.slice(0, mostValueLines), ` ${indent} … and ${more} more lines`];
}

function valueLines({ path, before, after }: ValueChange, indent: string): string[] {
  const name = printable(shortened(path, 120));
  if (isTextOfLines(before) && isTextOfLines(after))
    return [
      `!${indent} ${name}:`,
      ...textDifference(before, after).flatMap(({ sign, text }) =>
        broken(`${sign}${indent}   `, shortened(text, longestValue)),
      ),
    ];
  return [
    ...(before === undefined ? [] : valueOf(`-${indent}`, name, valueText(before, longestValue))),
    ...(after === undefined ? [] : valueOf(`+${indent}`, name, valueText(after, longestValue))),
  ];
}

function valueOf(start: string, name: string, value: string): string[] {
  const line = `${start} ${name}: ${value}`;
  if (line.length <= lineWidth) return [line];
  return [`${start} ${name}:`, ...broken(`${start}   `, value)];
}
