import type { TreeEntry } from '../../ports/repository.js';

/** An entry as it lies in the bytes of a tree; the name is not decoded, since Git's names are bytes. */
export interface RawEntry {
  readonly start: number;
  readonly end: number;
  readonly mode: string;
  /** One character a byte. */
  readonly nameBytes: string;
  readonly oid: string;
}

/** Null for bytes that are no tree. */
export function rawEntries(tree: Buffer): RawEntry[] | null {
  const entries: RawEntry[] = [];
  let start = 0;
  while (start < tree.length) {
    const blank = tree.indexOf(32, start);
    const zero = blank < 0 ? -1 : tree.indexOf(0, blank);
    const end = zero + 21;
    if (zero < 0 || end > tree.length) return null;
    entries.push({
      start,
      end,
      mode: tree.toString('latin1', start, blank),
      nameBytes: tree.toString('latin1', blank + 1, zero),
      oid: tree.toString('hex', zero + 1, end),
    });
    start = end;
  }
  return entries;
}

export function treeEntries(tree: Buffer): TreeEntry[] | null {
  return (
    rawEntries(tree)?.map((entry) => ({
      name: decodedName(entry.nameBytes),
      oid: entry.oid,
      kind: kindOf(entry.mode),
    })) ?? null
  );
}

function decodedName(nameBytes: string): string {
  for (let i = 0; i < nameBytes.length; i++) {
    if (nameBytes.charCodeAt(i) > 0x7f) return Buffer.from(nameBytes, 'latin1').toString('utf8');
  }
  return nameBytes;
}

export function kindOf(mode: string): TreeEntry['kind'] {
  switch (mode.replace(/^0+/, '')) {
    case '40000':
      return 'tree';
    case '120000':
      return 'symlink';
    case '160000':
      return 'submodule';
    case '100755':
      return 'executable';
    default:
      return 'blob';
  }
}
