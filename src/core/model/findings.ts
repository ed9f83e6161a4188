import type { Diagnostic, Severity } from '../base/diagnostic.js';
import { compareDiagnostics } from '../base/diagnostic.js';
import type { LocatedDocument } from './document.js';
import { locate, pointerOf } from './locate.js';
import { shownProblems, withRest, type Mistake } from './problems.js';

/** To be located, put in order and shown, in the worst file; the rest is only counted. */
const considered = 200;

export type Path = readonly (string | number)[];

/** What is wrong with the meaning of one file, by pointer. */
export class Findings {
  readonly #file: string;
  readonly #document: LocatedDocument;
  readonly #found: Diagnostic[] = [];
  readonly #explained = new Set<string>();
  readonly #wrong = new Set<string>();
  #rest = 0;
  #errors = false;

  constructor(file: string, document: LocatedDocument) {
    this.#file = file;
    this.#document = document;
  }

  get errors(): boolean {
    return this.#errors;
  }

  /** At the key, since it is the key that one deletes or renames. */
  atKey(path: Path, mistake: Mistake): void {
    this.#add(pointerOf(...path), mistake, 'key');
  }

  atValue(path: Path, mistake: Mistake): void {
    this.#add(pointerOf(...path), mistake, 'value');
  }

  /** Pointers of all errors, shown or not. */
  get wrong(): ReadonlySet<string> {
    return this.#wrong;
  }

  /** A word about the whole file. */
  ofFile(severity: Severity, mistake: Mistake): void {
    if (severity === 'error') {
      this.#errors = true;
      this.#wrong.add('');
    }
    this.#found.push({ ...mistake, severity, file: this.#file, line: 0, column: 0 });
  }

  /** Whether something was said of this place already; a second word would only confuse. */
  explained(pointer: string): boolean {
    return this.#explained.has(pointer);
  }

  explain(pointer: string): void {
    this.#explained.add(pointer);
  }

  #add(pointer: string, mistake: Mistake, aspect: 'key' | 'value'): void {
    this.#errors = true;
    this.#explained.add(pointer);
    this.#wrong.add(pointer);
    if (this.#found.length >= considered) {
      this.#rest++;
      return;
    }
    const place = locate(this.#document, pointer, aspect);
    this.#found.push({ ...mistake, severity: 'error', file: this.#file, ...place });
  }

  count(more: number): void {
    this.#rest += more;
  }

  get full(): boolean {
    return this.#found.length >= considered;
  }

  list(): Diagnostic[] {
    const sorted = [...this.#found].sort(compareDiagnostics);
    const unshown = this.#rest + Math.max(0, sorted.length - shownProblems);
    return withRest(sorted.slice(0, shownProblems), unshown, this.#file);
  }
}
