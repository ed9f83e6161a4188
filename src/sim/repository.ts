import { utf8 } from '../core/base/bytes.js';
import { sha256Hex } from '../core/base/digest.js';
import { blobOid } from '../core/base/git-oid.js';
import type { Revision } from '../core/base/names.js';
import type { CommitInfo, CommitRequest, FileChange, Oid, TreeEntry } from '../ports/repository.js';

export const mainRef = 'refs/heads/main';
export const statusRef = 'refs/heads/heliostat/status';
export const notesRef = 'refs/notes/heliostat';

export type Files = ReadonlyMap<string, string>;

/** Ids of texts, kept across the runs of one process: hashing the same model again and again would cost more than the engine. */
export class OidCache {
  private readonly oids = new Map<string, { readonly oid: Oid; readonly bytes: Uint8Array }>();

  of(text: string): { readonly oid: Oid; readonly bytes: Uint8Array } {
    let known = this.oids.get(text);
    if (known === undefined) {
      const bytes = utf8(text);
      known = { oid: blobOid(bytes), bytes };
      if (this.oids.size > 10_000) this.oids.clear();
      this.oids.set(text, known);
    }
    return known;
  }
}

/** A repository in memory: objects, references, and the commits that people and controllers make. */
export class SimRepository {
  readonly refs = new Map<string, Oid>();
  readonly commits = new Map<Oid, CommitInfo>();
  readonly trees = new Map<Oid, readonly TreeEntry[]>();
  private readonly blobs = new Map<Oid, { readonly text: string; readonly bytes: Uint8Array }>();
  private readonly treeOids = new Map<string, Oid>();
  /** Several ask for the same in turn. */
  private lastChanges: { readonly key: string; readonly files: ReadonlyMap<string, string | null> } | null =
    null;

  constructor(private readonly oids: OidCache) {}

  blob(oid: Oid): Uint8Array | null {
    return this.blobs.get(oid)?.bytes ?? null;
  }

  text(oid: Oid): string | null {
    return this.blobs.get(oid)?.text ?? null;
  }

  /** All files of a commit, by path. */
  filesOf(revision: Oid): Map<string, string> {
    const files = new Map<string, string>();
    const commit = this.commits.get(revision);
    if (commit !== undefined) this.collect(commit.tree, '', files);
    return files;
  }

  private collect(tree: Oid, prefix: string, files: Map<string, string>): void {
    for (const entry of this.trees.get(tree) ?? []) {
      if (entry.kind === 'tree') this.collect(entry.oid, `${prefix}${entry.name}/`, files);
      else files.set(prefix + entry.name, this.text(entry.oid) ?? '');
    }
  }

  /** One file of a commit, or null. */
  fileAt(revision: Oid, path: string): string | null {
    let oid = this.commits.get(revision)?.tree ?? null;
    for (const name of path.split('/')) {
      if (oid === null) return null;
      oid = this.trees.get(oid)?.find((entry) => entry.name === name)?.oid ?? null;
    }
    return oid === null ? null : this.text(oid);
  }

  /** Files of a commit that another does not have so, by path; null: they are gone. */
  changes(from: Oid | null, to: Oid): ReadonlyMap<string, string | null> {
    const key = `${from ?? ''} ${to}`;
    if (this.lastChanges?.key === key) return this.lastChanges.files;
    const files = new Map<string, string | null>();
    const treeOf = (commit: Oid | null): Oid | null =>
      commit === null ? null : (this.commits.get(commit)?.tree ?? null);
    this.compare(treeOf(from), treeOf(to), '', files);
    this.lastChanges = { key, files };
    return files;
  }

  private compare(from: Oid | null, to: Oid | null, prefix: string, into: Map<string, string | null>): void {
    if (from === to) return;
    const before = new Map(this.entriesOf(from).map((entry) => [entry.name, entry]));
    for (const entry of this.entriesOf(to)) {
      const old = before.get(entry.name);
      before.delete(entry.name);
      if (entry.kind === 'tree')
        this.compare(old?.kind === 'tree' ? old.oid : null, entry.oid, `${prefix}${entry.name}/`, into);
      else if (old?.oid !== entry.oid) into.set(prefix + entry.name, this.text(entry.oid));
    }
    for (const { name, kind, oid } of before.values())
      if (kind === 'tree') this.compare(oid, null, `${prefix}${name}/`, into);
      else into.set(prefix + name, null);
  }

  private entriesOf(tree: Oid | null): readonly TreeEntry[] {
    return tree === null ? [] : (this.trees.get(tree) ?? []);
  }

  /** A commit of a person: these files and no others. */
  commit(files: Files, parent: Oid | null, subject: string, wallMs: number): Revision {
    let tree = this.storeTree([]);
    const changes = [...files].map(([path, content]) => ({ path, content }));
    tree = this.withChanges(tree, changes);
    const parents = parent === null ? [] : [parent];
    return this.keep({ tree, parents, message: subject, wallMs, author: 'Ada' });
  }

  /** A commit of a controller: changes to its parent's tree. */
  write({ parent, after, changes, message, wallMs }: CommitRequest): Revision {
    const base = parent === null ? null : this.commits.get(parent)?.tree;
    const tree = this.withChanges(base ?? this.storeTree([]), changes);
    const parents = [parent, after].filter((one) => one != null);
    return this.keep({ tree, parents, message, wallMs, author: 'heliostat' });
  }

  /** From a commit back along first parents, newest first. */
  *firstParents(from: Oid): Generator<CommitInfo> {
    for (let at: string | undefined = from; at !== undefined;) {
      const commit = this.commits.get(at);
      if (commit === undefined) return;
      yield commit;
      at = commit.parents[0];
    }
  }

  isAncestor(ancestor: Oid, descendant: Oid): boolean {
    const known = new Set<string>();
    const open: string[] = [descendant];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === ancestor) return true;
      if (known.has(at)) continue;
      known.add(at);
      open.push(...(this.commits.get(at)?.parents ?? []));
    }
    return false;
  }

  private withChanges(tree: Oid, changes: readonly FileChange[]): Oid {
    const entries = new Map((this.trees.get(tree) ?? []).map((entry) => [entry.name, entry]));
    const below = new Map<string, FileChange[]>();
    for (const { path, content } of changes) {
      const slash = path.indexOf('/');
      if (slash < 0) this.place(entries, path, content);
      else {
        const folder = path.slice(0, slash);
        const list = below.get(folder) ?? [];
        list.push({ path: path.slice(slash + 1), content });
        below.set(folder, list);
      }
    }
    for (const [name, inside] of below) {
      const before = entries.get(name);
      const oid = this.withChanges(before?.kind === 'tree' ? before.oid : this.storeTree([]), inside);
      if ((this.trees.get(oid) ?? []).length === 0) entries.delete(name);
      else entries.set(name, { name, kind: 'tree', oid });
    }
    return this.storeTree([...entries.values()]);
  }

  private place(entries: Map<string, TreeEntry>, name: string, content: string | null): void {
    if (content === null) {
      entries.delete(name);
      return;
    }
    const { oid, bytes } = this.oids.of(content);
    this.blobs.set(oid, { text: content, bytes });
    entries.set(name, { name, kind: 'blob', oid });
  }

  /** Ids of trees and commits need only be unique in one world: a digest would cost more than it tells. */
  private storeTree(entries: readonly TreeEntry[]): Oid {
    const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
    const key = sorted.map((entry) => `${entry.kind[0]}${entry.name}\0${entry.oid}`).join('\n');
    const known = this.treeOids.get(key);
    if (known !== undefined) return known;
    const oid = `7ee${(this.treeOids.size + 1).toString(16).padStart(37, '0')}`;
    this.treeOids.set(key, oid);
    this.trees.set(oid, sorted);
    return oid;
  }

  private keep(about: {
    readonly tree: Oid;
    readonly parents: readonly Oid[];
    readonly message: string;
    readonly wallMs: number;
    readonly author: string;
  }): Revision {
    const [subject = '', ...body] = about.message.split('\n');
    const number = this.commits.size + 1;
    const oid = sha256Hex(`${number} ${about.tree} ${about.message}`).slice(0, 40) as Revision;
    this.commits.set(oid, {
      oid,
      tree: about.tree,
      parents: about.parents as readonly Revision[],
      subject,
      body: body.join('\n').trim(),
      author: about.author,
      authorEmail: `${about.author.toLowerCase()}@example.com`,
      committedMs: about.wallMs,
    });
    return oid;
  }
}
