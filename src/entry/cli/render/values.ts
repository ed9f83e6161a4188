import type { Json } from '../../../core/base/data.js';
import type { ValueChange } from '../../../core/plan/types.js';
import type { Paint } from './paint.js';
import { printable, printableLines } from './printable.js';

const longest = 200;

/** Each value that differs, on a line of its own; texts of several lines line by line. */
export function valueLines(change: ValueChange, paint: Paint): string[] {
  const path = printable(change.path);
  const { before, after } = change;
  if (isText(before) && isText(after)) {
    return [
      `${paint.yellow('~')} ${path}:`,
      ...textDifference(before, after, paint).map((line) => `    ${line}`),
    ];
  }
  if (before === undefined) return [`${paint.green('+')} ${path}: ${valueText(after)}`];
  if (after === undefined) return [`${paint.red('-')} ${path}: ${valueText(before)}`];
  return [`${paint.yellow('~')} ${path}: ${valueText(before)} → ${valueText(after)}`];
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.includes('\n');
}

export function valueText(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return printable(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** What is equal at both ends is left out; between them old lines stand before new ones. */
function textDifference(before: string, after: string, paint: Paint): string[] {
  const old = printableLines(before);
  const young = printableLines(after);
  let head = 0;
  while (head < old.length && head < young.length && old[head] === young[head]) head++;
  let tail = 0;
  const room = Math.min(old.length, young.length) - head;
  while (tail < room && old[old.length - 1 - tail] === young[young.length - 1 - tail]) tail++;
  return [
    ...old.slice(head, old.length - tail).map((line) => paint.red(`- ${line}`)),
    ...young.slice(head, young.length - tail).map((line) => paint.green(`+ ${line}`)),
  ];
}
