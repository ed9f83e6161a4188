import type { Revision } from '../core/base/names.js';
import type { SafeText } from '../core/base/safe-text.js';

/** A Git object id, 40 hex digits. */
export type Oid = string;

export interface TreeEntry {
  readonly name: string;
  readonly oid: Oid;
  readonly kind: 'blob' | 'executable' | 'tree' | 'symlink' | 'submodule';
}

export interface CommitInfo {
  readonly oid: Revision;
  readonly tree: Oid;
  readonly parents: readonly Revision[];
  readonly subject: string;
  readonly body: string;
  readonly author: string;
  readonly authorEmail: string;
  /** Wall time of the commit, milliseconds since 1970. */
  readonly committedMs: number;
}

export type Unavailable = { readonly kind: 'unavailable'; readonly message: SafeText };

/** Objects of the repository, read by id; nothing is ever checked out. */
export interface Source {
  /** Null if there is no such commit (a shallow clone, a lost object). */
  commit(revision: Revision): Promise<CommitInfo | null>;
  /** Entries in Git's order; null if there is no such tree. */
  tree(oid: Oid): Promise<readonly TreeEntry[] | null>;
  /** In the order asked; null for an object that is missing or larger than `limitBytes`. */
  blobs(oids: readonly Oid[], limitBytes: number): Promise<readonly (Uint8Array | null)[]>;
  /** Sizes in bytes in the order asked, without reading the contents; null for a missing object or no blob. */
  sizes(oids: readonly Oid[]): Promise<readonly (number | null)[]>;
}

export type SwapResult =
  | { readonly kind: 'swapped' }
  | { readonly kind: 'lost'; readonly current: Oid | null }
  /** `isBusy`: somebody else is writing just now, and nothing is wrong. */
  | (Unavailable & { readonly isBusy?: boolean });

/** Somebody is at work where the branch is checked out. */
export type Occupied = { readonly kind: 'occupied'; readonly message: SafeText };

/** Why what `read` says is no longer known to hold. */
export interface Away {
  /** Under which `heliostat explain` tells of it. */
  readonly code: string;
  readonly message: SafeText;
}

/** Null content removes the path. */
export type FileChange = { readonly path: string; readonly content: string | null };

export interface CommitRequest {
  readonly parent: Oid | null;
  /** A second parent, of which nothing is taken over: where a branch stood that is to go on with this commit. */
  readonly after?: Oid;
  /** Applied to the parent's tree. Folders that become empty vanish. */
  readonly changes: readonly FileChange[];
  readonly message: string;
  /** `Name <address>`, a person who asked for it; absent: ourselves, who commit it in any case. */
  readonly author?: string;
  readonly wallMs: number;
}

/** References, and the commits that Heliostat itself writes. Nothing here touches index or work tree. */
export interface Refs {
  /** Full name (`refs/heads/main`); null if there is no such ref. */
  read(ref: string): Promise<Oid | null>;
  /** The branch that HEAD stands for (`refs/heads/main`), null if detached. A linked work tree has its own HEAD. */
  head(): Promise<{ readonly branch: string | null; readonly oid: Oid | null }>;
  list(prefix: string): Promise<readonly { readonly ref: string; readonly oid: Oid }[]>;
  /** Atomic for every Git that looks: exclusive `<ref>.lock`, re-read, rename. `from` null: must not exist. */
  compareAndSwap(ref: string, from: Oid | null, to: Oid): Promise<SwapResult>;
  /**
   * Moves a branch by commits of ours. Where it is checked out the work tree moves along if nothing of it is changed, as
   * `receive.denyCurrentBranch=updateInstead` has it; else it stays, and so does the branch.
   */
  advance(ref: string, from: Oid, to: Oid): Promise<SwapResult | Occupied>;
  /** Writes blobs, trees and the commit, durable and never torn, and returns its id; moves no ref. */
  commit(request: CommitRequest): Promise<Oid>;
  /**
   * Adds notes to `refs/notes/<name>` in one commit by compare-and-swap. A line `key: …` replaces the line of an
   * existing note with that key, and its other lines stay; text without keys replaces it whole.
   */
  note(name: string, notes: ReadonlyMap<Revision, string>, wallMs: number): Promise<SwapResult>;
  /**
   * Of references that are kept on another machine, which may be out of reach: then `read` gives what they were when it
   * was looked at last. Null: they are as they were read.
   */
  away?(): Promise<Away | null>;
}

/** `main` of `refs/heads/main`. */
export function shortBranch(ref: string): string {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : ref;
}
