import { isHostileName } from '../../core/base/entry-name.js';
import { invariant } from '../../core/base/assert.js';
import type { FileChange, Oid } from '../../ports/repository.js';
import { GitError } from './failure.js';
import type { NewObject } from './loose.js';
import { emptyTree, oidOf } from './oid.js';
import { type RawEntry, rawEntries } from './parse-tree.js';
import type { TreeReader } from './source.js';
import { type EntryEdit, splice } from './tree-splice.js';

/** Changes below one folder. */
interface FolderChange {
  /** Undefined: nothing is said about a file of that name; null: it goes. */
  content: string | null | undefined;
  readonly below: Map<string, FolderChange>;
}

export interface EditedTree {
  readonly oid: Oid;
  /** Blobs and trees that are new. */
  readonly objects: readonly NewObject[];
}

/**
 * Applies changes of files to a tree. Only folders on the way to a change are read and written; all other entries keep
 * their bytes, whatever their names and modes are. Folders that become empty vanish.
 */
export async function editTree(
  trees: TreeReader,
  base: Oid | null,
  changes: readonly FileChange[],
): Promise<EditedTree> {
  const editor = new TreeEditor(trees);
  const oid = await editor.folder(base, nested(changes));
  return { oid: oid ?? editor.add('tree', new Uint8Array(0)), objects: [...editor.objects.values()] };
}

class TreeEditor {
  readonly objects = new Map<Oid, NewObject>();

  constructor(private readonly trees: TreeReader) {}

  add(type: 'blob' | 'tree', bytes: Uint8Array): Oid {
    const oid = oidOf(type, bytes);
    this.objects.set(oid, { oid, type, bytes });
    return oid;
  }

  /** The tree with the changes, or null if nothing is left in it. */
  async folder(base: Oid | null, changes: FolderChange['below']): Promise<Oid | null> {
    const raw = base === null ? Buffer.alloc(0) : await this.bytesOf(base);
    const entries = rawEntries(raw);
    if (entries === null) throw unreadable(base);
    const there = namedEntries(entries, changes);
    const edits = new Map<string, EntryEdit | null>();
    await Promise.all(
      [...changes].map(async ([name, change]) => {
        const nameBytes = bytesOfName(name);
        const edit = await this.entry(there.get(nameBytes) ?? null, change);
        if (edit !== undefined) edits.set(nameBytes, edit);
      }),
    );
    if (edits.size === 0) return base;
    const edited = splice(raw, entries, edits);
    return edited.length === 0 ? null : this.add('tree', edited);
  }

  /** Undefined: stays as it is. Null: goes. */
  private async entry(old: RawEntry | null, change: FolderChange): Promise<EntryEdit | null | undefined> {
    if (typeof change.content === 'string') return this.file(old, change.content);
    const base = change.content === null || !isFolder(old) ? null : old.oid;
    const oid = change.below.size === 0 ? base : await this.folder(base, change.below);
    if (oid !== null) return oid === old?.oid ? undefined : { mode: '40000', oid };
    // Removing `a/b` where `a` is a file removes nothing.
    return isFolder(old) || (old !== null && change.content === null) ? null : undefined;
  }

  /** A file keeps its mode; it replaces a folder or link of its name. */
  private file(old: RawEntry | null, content: string): EntryEdit | undefined {
    const mode = old?.mode.startsWith('100') ? old.mode : '100644';
    const bytes = Buffer.from(content, 'utf8');
    const oid = oidOf('blob', bytes);
    if (old?.oid === oid && old.mode === mode) return undefined;
    return { mode, oid: this.add('blob', bytes) };
  }

  private async bytesOf(oid: Oid): Promise<Buffer> {
    const tree = await this.trees.read(oid);
    if (tree === null && oid !== emptyTree) throw unreadable(oid);
    return tree?.raw ?? Buffer.alloc(0);
  }
}

function isFolder(entry: RawEntry | null): entry is RawEntry {
  return entry?.mode === '40000' || entry?.mode === '040000';
}

function namedEntries(entries: readonly RawEntry[], changes: FolderChange['below']): Map<string, RawEntry> {
  const wanted = new Set([...changes.keys()].map(bytesOfName));
  return new Map(
    entries.filter((entry) => wanted.has(entry.nameBytes)).map((entry) => [entry.nameBytes, entry]),
  );
}

function bytesOfName(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}

function nested(changes: readonly FileChange[]): FolderChange['below'] {
  const root: FolderChange = { content: undefined, below: new Map() };
  for (const { path, content } of changes) {
    const parts = path.split('/');
    invariant(!parts.some(isHostileName), `not a path for a commit: ${JSON.stringify(path)}`);
    let at = root;
    for (const part of parts) {
      const next: FolderChange = at.below.get(part) ?? { content: undefined, below: new Map() };
      at.below.set(part, next);
      at = next;
      invariant(typeof at.content !== 'string' || part === parts.at(-1), `${path} lies below a file`);
    }
    invariant(content === null || at.below.size === 0, `${path} is a file and a folder`);
    at.content = content;
  }
  return root.below;
}

function unreadable(oid: Oid | null): GitError {
  return new GitError({
    code: 'git.missingObject',
    message: `the tree ${oid ?? ''} cannot be read`,
    fix: 'In a shallow or partial clone fetch what is missing; else run `git fsck`.',
  });
}
