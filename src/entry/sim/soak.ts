import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withRange, type Range } from '../../sim/ranges.js';
import { emptyTally, type Tally } from '../../sim/tally.js';

/** What all soaks so far came to. */
export interface Soaked {
  readonly schema: 1;
  readonly ranges: readonly Range[];
  readonly tally: Tally;
  /** Wall time of all of them. */
  readonly seconds: number;
  /** Programs that took part, oldest first. */
  readonly revisions: readonly string[];
}

const nothing: Soaked = { schema: 1, ranges: [], tally: emptyTally, seconds: 0, revisions: [] };

/** @throws Error if the file is there and no tally. */
export function readTally(file: string): Soaked {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    throw error;
  }
  const read = JSON.parse(text) as Partial<Soaked>;
  if (read.schema !== 1) throw new Error(`${file} is not a tally of this program`);
  return { ...nothing, ...read };
}

/** Whole or not at all: whoever ends it in between finds the former. */
export function writeTally(file: string, soaked: Soaked): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(soaked)}\n`);
  renameSync(`${file}.new`, file);
}

export function withSeeds(ranges: readonly Range[], seeds: Iterable<number>): Range[] {
  let all = [...ranges];
  for (const seed of [...seeds].sort((a, b) => a - b)) all = withRange(all, [seed, seed]);
  return all;
}
