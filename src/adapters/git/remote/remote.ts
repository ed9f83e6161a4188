import type { Oid } from '../../../ports/repository.js';

/** `rejected`: it said no, and why; what it has may be looked at. */
export type Pushed =
  | { readonly kind: 'pushed' }
  | { readonly kind: 'moved'; readonly current: Oid | null }
  | { readonly kind: 'rejected'; readonly reason: string };

/**
 * A repository on another machine: one question each, nothing is decided and nothing is tried again.
 * @throws {RemoteError} where it did not answer, or not to the end: what was asked may have been done.
 */
export interface Remote {
  /** The branch that its HEAD stands for (`refs/heads/main`); null where it does not say. */
  head(): Promise<string | null>;
  /** References whose names begin so, by full name. */
  list(prefix: string): Promise<ReadonlyMap<string, Oid>>;
  /** Brings the commits of these references into the copy; at most so many of each that the copy knows nothing of. */
  fetch(refs: readonly string[], depth: number): Promise<void>;
  /** Moves a reference on if it is still `from`; null: if it is not there. Never forced. */
  push(ref: string, from: Oid | null, to: Oid): Promise<Pushed>;
  close(): void;
}

/** Why it does not answer as it should. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';

  constructor(
    /** `remote.away`, `remote.denied`, `remote.missing`, `remote.moved`, `remote.broken`. */
    readonly code: string,
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}
