import type { Json } from '../../base/data.js';
import { printable, printableLines } from '../../base/printable.js';

const longest = 200;

export function isTextOfLines(value: Json | undefined): value is string {
  return typeof value === 'string' && value.includes('\n');
}

export function valueText(value: Json | undefined, most = longest): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return printable(text.length > most ? `${text.slice(0, most)}…` : text);
}

export interface TextLine {
  readonly sign: '-' | '+';
  readonly text: string;
}

/** What is equal at both ends is left out; between them old lines stand before new ones. */
export function textDifference(before: string, after: string): TextLine[] {
  const old = printableLines(before);
  const young = printableLines(after);
  let head = 0;
  while (head < old.length && head < young.length && old[head] === young[head]) head++;
  let tail = 0;
  const room = Math.min(old.length, young.length) - head;
  while (tail < room && old[old.length - 1 - tail] === young[young.length - 1 - tail]) tail++;
  return [
    ...old.slice(head, old.length - tail).map((text): TextLine => ({ sign: '-', text })),
    ...young.slice(head, young.length - tail).map((text): TextLine => ({ sign: '+', text })),
  ];
}
