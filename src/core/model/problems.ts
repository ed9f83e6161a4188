import type { Diagnostic } from '../base/diagnostic.js';
import { placeAt } from './locate.js';

/** More mistakes in one file help nobody, and a hostile file has 200,000. */
export const shownProblems = 20;

export interface Mistake {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Collects what is wrong with one text, by offset; counts what is too much to show. */
export class Problems {
  readonly #found: Diagnostic[] = [];
  readonly #lineStarts: readonly number[];
  #unshown = 0;

  constructor(lineStarts: readonly number[]) {
    this.#lineStarts = lineStarts;
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  add(offset: number, mistake: Mistake): void {
    if (this.#found.length >= shownProblems) this.#unshown++;
    else this.#found.push({ ...mistake, severity: 'error', file: '', ...placeAt(this.#lineStarts, offset) });
  }

  line(offset: number): number {
    return placeAt(this.#lineStarts, offset).line;
  }

  list(): Diagnostic[] {
    return withRest(this.#found, this.#unshown, '');
  }
}

/** Adds how many more there are, as a word about the whole file. */
export function withRest(shown: readonly Diagnostic[], rest: number, file: string): Diagnostic[] {
  if (rest === 0) return [...shown];
  const message = `${rest} more ${rest === 1 ? 'mistake' : 'mistakes'} in this file ${rest === 1 ? 'is' : 'are'} not shown`;
  const fix = 'Mend those that are shown, then validate again.';
  return [...shown, { code: 'file.more', severity: 'error', message, file, line: 0, column: 0, fix }];
}
