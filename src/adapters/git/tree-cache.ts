import type { Oid, TreeEntry } from '../../ports/repository.js';
import { treeEntries } from './parse-tree.js';

export interface CachedTree {
  readonly raw: Buffer;
  entries(): readonly TreeEntry[] | null;
}

/** The trees used last, bounded by their size. A tree never changes, so an entry is never wrong. */
export class TreeCache {
  private readonly trees = new Map<Oid, CachedTree>();
  private bytes = 0;

  /** 4 MiB hold some 100,000 entries, which cost about four times as much once they are parsed. */
  constructor(private readonly mostBytes = 4 * 1024 * 1024) {}

  get(oid: Oid): CachedTree | undefined {
    const tree = this.trees.get(oid);
    if (tree === undefined) return undefined;
    this.trees.delete(oid);
    this.trees.set(oid, tree);
    return tree;
  }

  add(oid: Oid, bytes: Uint8Array): CachedTree {
    const known = this.get(oid);
    if (known !== undefined) return known;
    const tree = cached(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    this.trees.set(oid, tree);
    this.bytes += bytes.length;
    for (const [oldest, { raw }] of this.trees) {
      if (this.bytes <= this.mostBytes) break;
      this.trees.delete(oldest);
      this.bytes -= raw.length;
    }
    return tree;
  }
}

function cached(raw: Buffer): CachedTree {
  let parsed: readonly TreeEntry[] | null | undefined;
  return { raw, entries: () => (parsed === undefined ? (parsed = treeEntries(raw)) : parsed) };
}
