import type { Oid } from '../../../ports/repository.js';
import { GitError } from '../failure.js';

/** `rejected`: it said no, and why; what it has may be looked at. */
export type Pushed =
  | { readonly kind: 'pushed' }
  /** Another was faster. Undefined: it does not say what it has now. */
  | { readonly kind: 'moved'; readonly current?: Oid | null }
  | { readonly kind: 'rejected'; readonly reason: string };

export interface Fetching {
  /** A reference of the copy whose history need not come again; null: none. */
  readonly have: string | null;
  /** Commits back from the one that is wanted, what the copy has already included; null: all that are new. */
  readonly depth: number | null;
}

/**
 * A repository on another machine: one question each, nothing is decided and nothing is tried again.
 * @throws {RemoteError} where it did not answer, or not to the end: what was asked may have been done.
 */
export interface Remote {
  /** The branch that its HEAD stands for (`refs/heads/main`); null where it does not say. */
  head(): Promise<string | null>;
  /** References whose names begin so, by full name; a tag stands for its commit. */
  list(prefix: string): Promise<ReadonlyMap<string, Oid>>;
  /** Brings a commit, by its id, and what it needs, into the copy. */
  fetch(wanted: Oid, how: Fetching): Promise<void>;
  /** Moves a reference on if it is still `from`; null: if it is not there. Never forced. */
  push(ref: string, from: Oid | null, to: Oid): Promise<Pushed>;
  /** Whether it would let these credentials push, found out by a read; null: it tells only at a push. */
  offersPush(): Promise<boolean | null>;
  close(): void;
}

/** More than any history has. */
export const wholeDepth = 0x7fffffff;

export type RemoteCode =
  'remote.away' | 'remote.denied' | 'remote.missing' | 'remote.moved' | 'remote.broken' | 'remote.tooLarge';

/** Why it does not answer as it should. */
export class RemoteError extends GitError {
  constructor(
    override readonly code: RemoteCode,
    message: string,
    fix: string,
  ) {
    super({ code, message, fix });
  }
}

export const tokenFix =
  'Put a token that may read the repository, and write to it, into HELIOSTAT_TOKEN, or into a file that remote.token of the configuration names.';
