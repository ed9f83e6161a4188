import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface JournalLine {
  /** Engine time, in milliseconds: it runs only while a controller runs, whatever becomes of the clock. */
  readonly at: number;
  readonly wallMs: number;
  readonly stream: string;
  readonly sequence: number;
  readonly entry: { readonly kind: string } & Readonly<Record<string, unknown>>;
}

interface Batch {
  readonly at: number;
  readonly wallMs: number;
  readonly records: readonly (readonly [string, number, JournalLine['entry']])[];
}

/** What the files of a journal say, in order; a frame that is being written is left out. */
export function journalLines(folder: string): JournalLine[] {
  const files = readdirSync(folder).filter((name) => name.startsWith('journal.'));
  const number = (name: string): number => Number(name.slice(name.indexOf('.') + 1));
  return files
    .sort((a, b) => number(a) - number(b))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .flatMap((line) => batchesOf(line))
    .flatMap(({ at, wallMs, records }) =>
      records.map(([stream, sequence, entry]) => ({ at, wallMs, stream, sequence, entry })),
    );
}

function batchesOf(line: string): readonly Batch[] {
  const text = /^\d+ [0-9a-f]{8} (\[.*)$/.exec(line)?.[1];
  return text === undefined ? [] : (JSON.parse(text) as Batch[]);
}
