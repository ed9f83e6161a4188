import type { Revision } from '../../core/base/names.js';
import type { Model } from './model.js';

/** What the people who made a commit know of it. */
export interface Expectation {
  readonly revision: Revision;
  readonly parent: Revision | null;
  /** Null: it must be accepted. Else what is wrong with it, and it must be rejected. */
  readonly mistake: string | null;
  /** What it asks for; of one with a mistake, what it would ask for without. */
  readonly model: Model;
  /** The commit that this one undoes, or null. */
  readonly revertOf: Revision | null;
}

export class Expectations {
  private readonly byRevision = new Map<Revision, Expectation>();

  add(expectation: Expectation): void {
    this.byRevision.set(expectation.revision, expectation);
  }

  of(revision: string): Expectation | null {
    return this.byRevision.get(revision as Revision) ?? null;
  }

  all(): IterableIterator<Expectation> {
    return this.byRevision.values();
  }

  /**
   * Whether what is wrong with a commit was wrong before already, and touches nobody: a release that nothing uses was
   * changed. Whom an older mistake touches is stale, which is said.
   */
  isInherited(revision: string, forerunner: string): boolean {
    const [now, before] = [this.of(revision), this.of(forerunner)];
    const [, changed] = /^changed release (.+)$/.exec(now?.mistake ?? '') ?? [];
    if (now === null || changed === undefined || before?.mistake !== now.mistake) return false;
    return ![...now.model.elements.values()].some((one) => `${one.component}@${one.version}` === changed);
  }
}
