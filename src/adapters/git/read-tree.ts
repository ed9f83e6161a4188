import type { Oid, Source, TreeEntry } from '../../ports/repository.js';

export interface TreeFile {
  readonly path: string;
  readonly oid: Oid;
  readonly kind: 'blob' | 'executable' | 'symlink' | 'submodule';
}

/** The entry at a path; null if there is none. The empty path is the tree itself. */
export async function entryAt(source: Source, tree: Oid, path: string): Promise<TreeEntry | null> {
  let entry: TreeEntry = { name: '', oid: tree, kind: 'tree' };
  for (const part of path.split('/').filter((name) => name !== '')) {
    if (entry.kind !== 'tree') return null;
    const next: TreeEntry | undefined = (await source.tree(entry.oid))?.find(({ name }) => name === part);
    if (next === undefined) return null;
    entry = next;
  }
  return entry;
}

/** All files below a path of a tree, in Git's order. All folders of one depth are asked for at once. */
export async function filesBelow(source: Source, tree: Oid, path: string): Promise<readonly TreeFile[]> {
  const top = await entryAt(source, tree, path);
  if (top === null) return [];
  const at = path
    .split('/')
    .filter((name) => name !== '')
    .join('/');
  if (top.kind !== 'tree') return [{ path: at, oid: top.oid, kind: top.kind }];
  return folderFiles(source, top.oid, at === '' ? '' : `${at}/`);
}

async function folderFiles(source: Source, tree: Oid, prefix: string): Promise<TreeFile[]> {
  const entries = (await source.tree(tree)) ?? [];
  const below = await Promise.all(
    entries.map(async ({ name, oid, kind }): Promise<TreeFile[]> => {
      const path = prefix + name;
      return kind === 'tree' ? folderFiles(source, oid, `${path}/`) : [{ path, oid, kind }];
    }),
  );
  return below.flat();
}

/**
 * The contents of all regular files below a path, by full path, read in bulk: how the status branch is read back.
 * Files larger than `limitBytes`, and those missing in a partial clone, are left out.
 */
export async function readFilesBelow(
  source: Source,
  tree: Oid,
  path: string,
  limitBytes: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = (await filesBelow(source, tree, path)).filter(
    ({ kind }) => kind === 'blob' || kind === 'executable',
  );
  const contents = await source.blobs(
    files.map(({ oid }) => oid),
    limitBytes,
  );
  const read = new Map<string, Uint8Array>();
  files.forEach((file, i) => {
    const bytes = contents[i];
    if (bytes) read.set(file.path, bytes);
  });
  return read;
}
