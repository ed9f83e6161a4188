import { digestOf } from '../../core/base/digest.js';
import { isHostileName } from '../../core/base/entry-name.js';
import { blobOid } from '../../core/base/git-oid.js';
import { byCodeUnit } from '../../core/base/order.js';
import { Table, type TableEdit } from '../../core/graph/table.js';
import type { EntryKind, Folder, FolderEntry, TreeIndex } from '../../core/graph/tree.js';
import type { Oid, Source } from '../../ports/repository.js';
import type { LoadLimits, WorkFile } from './types.js';

export interface TreeChange {
  readonly tree: TreeIndex;
  /** Path of a file, link or submodule → what it is now; null: gone. */
  readonly changed: ReadonlyMap<string, FolderEntry | null>;
}

export type TreeResult =
  | ({ readonly kind: 'read' } & TreeChange)
  | { readonly kind: 'missing'; readonly oid: Oid }
  /** A name that no checkout could survive, or more than the limits allow. */
  | { readonly kind: 'refused'; readonly path: string; readonly code: 'git.entry' | 'git.tooLarge' };

/** Trees asked for at one time. */
const batch = 256;

/** What is not in the repository, by blob id; null where it is too large to be read. */
export type Contents = ReadonlyMap<Oid, Uint8Array | null>;

interface Pair {
  readonly path: string;
  readonly oid: Oid;
}

/** Reads what differs between two trees, by object id: equal folders are not opened. */
export async function readTree(
  source: Source,
  before: TreeIndex | null,
  root: Oid | null,
  limits: LoadLimits,
): Promise<TreeResult> {
  const walk = new Walk(before ?? Table.empty<Folder>(), limits);
  const old = before?.get('');
  if (root === null) walk.remove('');
  else if (old?.oid === root) return { kind: 'read', tree: before as TreeIndex, changed: walk.changed };
  let level: Pair[] = root === null ? [] : [{ path: '', oid: root }];
  while (level.length > 0) {
    const next: Pair[] = [];
    for (let at = 0; at < level.length; at += batch) {
      const pairs = level.slice(at, at + batch);
      const folders = await Promise.all(pairs.map(({ oid }) => source.tree(oid)));
      for (const [i, pair] of pairs.entries()) {
        const entries = folders[i];
        if (entries === null || entries === undefined) return { kind: 'missing', oid: pair.oid };
        const wrong = walk.visit(pair, entries, next);
        if (wrong !== null) return { kind: 'refused', ...wrong };
      }
    }
    level = next;
  }
  return { kind: 'read', tree: walk.tree.seal(), changed: walk.changed };
}

class Walk {
  readonly tree: TableEdit<Folder>;
  readonly changed = new Map<string, FolderEntry | null>();
  private count = 0;
  private folders = 0;

  constructor(
    before: TreeIndex,
    private readonly limits: LoadLimits,
  ) {
    this.tree = before.edit();
  }

  visit(
    { path, oid }: Pair,
    entries: readonly FolderEntry[],
    next: Pair[],
  ): { path: string; code: 'git.entry' | 'git.tooLarge' } | null {
    const old = new Map((this.tree.get(path)?.entries ?? []).map((entry) => [entry.name, entry]));
    this.tree.set(path, { oid, entries });
    this.count += entries.length;
    if (this.count > this.limits.files || path.split('/').length > this.limits.depth) {
      return { path, code: 'git.tooLarge' };
    }
    // One name twice: which of them counts would depend on who looks.
    const names = new Set<string>();
    for (const entry of entries) {
      const below = join(path, entry.name);
      if (isHostileName(entry.name) || names.has(entry.name)) return { path: below, code: 'git.entry' };
      names.add(entry.name);
      const was = old.get(entry.name);
      old.delete(entry.name);
      if (was?.oid === entry.oid && was.kind === entry.kind) continue;
      if (was?.kind === 'tree' && entry.kind !== 'tree') this.remove(below);
      if (entry.kind === 'tree') {
        if (was !== undefined && was.kind !== 'tree') this.changed.set(below, null);
        if (++this.folders > this.limits.folders) return { path, code: 'git.tooLarge' };
        next.push({ path: below, oid: entry.oid });
      } else this.changed.set(below, entry);
    }
    for (const [name, gone] of old) {
      if (gone.kind === 'tree') this.remove(join(path, name));
      else this.changed.set(join(path, name), null);
    }
    return null;
  }

  remove(path: string): void {
    for (const entry of this.tree.get(path)?.entries ?? []) {
      const below = join(path, entry.name);
      if (entry.kind === 'tree') this.remove(below);
      else this.changed.set(below, null);
    }
    this.tree.delete(path);
  }
}

/** Lays the files of a work tree over a tree; returns the contents by blob id. */
export function overlay(
  change: TreeChange,
  before: TreeIndex | null,
  files: ReadonlyMap<string, WorkFile>,
): TreeChange & { readonly contents: Contents } {
  const contents = new Map<Oid, Uint8Array | null>();
  const tree = change.tree.edit();
  const changed = new Map(change.changed);
  const touched = new Set<string>();
  for (const [path, file] of files) {
    const entry = entryOf(path, file, contents);
    putEntry(tree, path, entry, touched);
    const was = before === null ? null : entryAt(before, path);
    if (was?.oid === entry?.oid && was?.kind === entry?.kind) changed.delete(path);
    else changed.set(path, entry);
  }
  for (const folder of [...touched].sort((a, b) => depthOf(b) - depthOf(a))) renumber(tree, folder);
  return { tree: tree.seal(), changed, contents };
}

function entryOf(path: string, file: WorkFile, contents: Map<Oid, Uint8Array | null>): FolderEntry | null {
  if (file.kind === 'absent') return null;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if ('oid' in file) {
    if (!file.isStored) contents.set(file.oid, null);
    return { name, oid: file.oid, kind: file.kind };
  }
  if (!('bytes' in file)) return { name, oid: `work:${file.kind}`, kind: file.kind };
  const oid = blobOid(file.bytes);
  contents.set(oid, file.bytes);
  return { name, oid, kind: file.kind };
}

/** Folders on the way are made where they are missing. */
function putEntry(
  tree: TableEdit<Folder>,
  path: string,
  entry: FolderEntry | null,
  touched: Set<string>,
): void {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  const name = path.slice(slash + 1);
  const was = tree.get(folder);
  const others = (was?.entries ?? []).filter((other) => other.name !== name);
  const entries = entry === null ? others : [...others, entry].sort((a, b) => byCodeUnit(a.name, b.name));
  if (was === undefined && entry === null) return;
  tree.set(folder, { oid: 'work:', entries });
  touched.add(folder);
  if (was === undefined && folder !== '') {
    putEntry(
      tree,
      folder,
      { name: folder.slice(folder.lastIndexOf('/') + 1), oid: 'work:', kind: 'tree' },
      touched,
    );
  } else
    for (let above = folder; above !== ''; touched.add(above))
      above = above.slice(0, Math.max(0, above.lastIndexOf('/')));
}

/** A changed folder gets an id of its contents, so that the next comparison sees what differs. */
function renumber(tree: TableEdit<Folder>, path: string): void {
  const folder = tree.get(path);
  if (folder === undefined) return;
  const oid = `work:${digestOf(folder.entries)}`;
  tree.set(path, { oid, entries: folder.entries });
  if (path === '') return;
  const slash = path.lastIndexOf('/');
  const above = slash < 0 ? '' : path.slice(0, slash);
  const name = path.slice(slash + 1);
  const entries = (tree.get(above)?.entries ?? []).map((entry) =>
    entry.name === name ? { ...entry, oid } : entry,
  );
  tree.set(above, { oid: 'work:', entries });
}

function entryAt(tree: TreeIndex, path: string): FolderEntry | null {
  const slash = path.lastIndexOf('/');
  const folder = tree.get(slash < 0 ? '' : path.slice(0, slash));
  return folder?.entries.find((entry) => entry.name === path.slice(slash + 1)) ?? null;
}

function depthOf(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Files, links and submodules below a folder, sorted. */
export function filesBelow(tree: TreeIndex, folder: string): { path: string; entry: FolderEntry }[] {
  const found: { path: string; entry: FolderEntry }[] = [];
  const pending = [folder];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const entry of tree.get(path)?.entries ?? []) {
      if (entry.kind === 'tree') pending.push(join(path, entry.name));
      else found.push({ path: join(path, entry.name), entry });
    }
  }
  return found.sort((a, b) => byCodeUnit(a.path, b.path));
}

export type { EntryKind };
