import type { ArtifactPin } from '../base/desired.js';
import { globMatches, type Glob } from '../base/glob.js';
import { byCodeUnit } from '../base/order.js';
import type { Table } from './table.js';

export type EntryKind = 'blob' | 'executable' | 'tree' | 'symlink' | 'submodule';

export interface FolderEntry {
  readonly name: string;
  readonly oid: string;
  readonly kind: EntryKind;
}

export interface Folder {
  readonly oid: string;
  readonly entries: readonly FolderEntry[];
}

/** All folders of a revision by path (`''`: the root). */
export type TreeIndex = Table<Folder>;

export interface Expansion {
  /** Sorted by path. */
  readonly pins: readonly ArtifactPin[];
  /** What matched and is neither a file nor a folder. */
  readonly refused: readonly { readonly path: string; readonly kind: 'symlink' | 'submodule' }[];
  /** More files than allowed. */
  readonly tooMany: boolean;
}

/** The files of a tree that one of the patterns matches. Only folders below the patterns' literal beginnings are visited. */
export function expandGlobs(tree: TreeIndex, globs: readonly Glob[], limit: number): Expansion {
  const pins = new Map<string, ArtifactPin>();
  const refused = new Map<string, 'symlink' | 'submodule'>();
  for (const glob of globs) {
    const pending = [glob.prefix];
    for (let folder = pending.pop(); folder !== undefined && pins.size <= limit; folder = pending.pop()) {
      for (const entry of tree.get(folder)?.entries ?? []) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.kind === 'tree') {
          if (reaches(glob, path)) pending.push(path);
        } else if (globMatches(glob, path)) {
          if (entry.kind === 'symlink' || entry.kind === 'submodule') refused.set(path, entry.kind);
          else pins.set(path, { path, oid: entry.oid, executable: entry.kind === 'executable' });
        }
      }
    }
  }
  return {
    pins: [...pins.values()].sort((a, b) => byCodeUnit(a.path, b.path)),
    refused: [...refused].map(([path, kind]) => ({ path, kind })).sort((a, b) => byCodeUnit(a.path, b.path)),
    tooMany: pins.size > limit,
  };
}

/** Whether anything below a folder can match; without `**` a pattern is as deep as it is long. */
function reaches(glob: Glob, folder: string): boolean {
  return glob.parts.includes('**') || folder.split('/').length < glob.parts.length;
}

export function pathKind(tree: TreeIndex, path: string): EntryKind | null {
  const slash = path.lastIndexOf('/');
  const folder = tree.get(slash < 0 ? '' : path.slice(0, slash));
  return folder?.entries.find((entry) => entry.name === path.slice(slash + 1))?.kind ?? null;
}
