import { fromUtf8 } from '../base/bytes.js';
import type { Diagnostic } from '../base/diagnostic.js';
import { Problems } from './problems.js';
import { codePointName } from './quote.js';

export interface TextLimits {
  readonly bytes: number;
  /** Of maps and lists in each other. */
  readonly depth: number;
  /** Keys and values of a file, an alias counted as all that it repeats. */
  readonly nodes: number;
  /** What the parser is handed, spaces and line ends included: it takes up to 2 µs and 1 kB (as an error) for each. */
  readonly lexemes: number;
  readonly keysOfMap: number;
  readonly aliases: number;
}

/** Far above what people write (a solution of 500 elements has some 10,000 nodes), far below what hurts. */
export const textLimits: TextLimits = {
  bytes: 1_048_576,
  depth: 64,
  nodes: 50_000,
  lexemes: 250_000,
  keysOfMap: 10_000,
  aliases: 100,
};

export type Scanned =
  | { readonly text: string; readonly lineStarts: readonly number[] }
  | { readonly problems: readonly Diagnostic[]; readonly lineStarts: readonly number[] };

/** What can be judged without a parser, in one pass each: size, encoding, characters that hide something. */
export function scan(bytes: Uint8Array, limits: TextLimits): Scanned {
  if (bytes.length > limits.bytes) return tooLarge(bytes.length, limits.bytes);
  const decoded = fromUtf8(bytes);
  if (decoded === null) return notUtf8(bytes);
  const text = decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded;
  const lineStarts = lineStartsOf(text);
  const problems = new Problems(lineStarts);
  // A lone carriage return hides the line before it on a terminal; the others turn the order of what is shown, or
  // make a line break that some editors show and others do not.
  const unseen =
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)/g;
  for (let match = unseen.exec(text); match !== null; match = unseen.exec(text)) {
    problems.add(match.index, unseenCharacter(match[0]));
  }
  return problems.any ? { problems: problems.list(), lineStarts } : { text, lineStarts };
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function tooLarge(bytes: number, limit: number): Scanned {
  const problems = new Problems([0]);
  problems.add(0, {
    code: 'yaml.size',
    message: `the file has ${bytes} bytes; at most ${limit} are read`,
    fix: 'Split the file, or keep large data among the artifacts of a component.',
  });
  return { problems: problems.list(), lineStarts: [0] };
}

function notUtf8(bytes: Uint8Array): Scanned {
  let line = 1;
  let column = 1;
  let at = 0;
  while (at < bytes.length) {
    const size = sizeOfCharacter(bytes[at] ?? 0);
    if (fromUtf8(bytes.subarray(at, at + size)) === null) break;
    column = bytes[at] === 10 ? 1 : column + (size === 4 ? 2 : 1);
    if (bytes[at] === 10) line++;
    at += size;
  }
  const message = `byte ${hex(bytes[at])} is not UTF-8`;
  const fix = 'Save the file as UTF-8.';
  const problem = { code: 'yaml.encoding', severity: 'error', message, file: '', line, column, fix } as const;
  return { problems: [problem], lineStarts: [0] };
}

function sizeOfCharacter(head: number): number {
  return head < 0xc0 ? 1 : head < 0xe0 ? 2 : head < 0xf0 ? 3 : 4;
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}

function unseenCharacter(character: string) {
  const name = codePointName(character);
  return {
    code: 'yaml.character',
    message: `the character ${name} cannot be seen, and would hide what the file says`,
    fix: `Remove it; inside a text it can be written as "\\u${name.slice(2)}" in double quotes.`,
  };
}
