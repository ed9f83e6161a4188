import { filesBelow } from '../../adapters/git/index.js';
import type { WorkFile } from '../../engine/load/types.js';
import type { Oid } from '../../ports/repository.js';
import { isModelFile } from './model-files.js';
import type { Location } from './place.js';

const fileBytes = 16 * 1024 * 1024;

/** What differs from HEAD in the work tree, whatever it is: models and artifacts alike. */
export async function workFiles(location: Location): Promise<ReadonlyMap<string, WorkFile>> {
  const { workTree } = location.repository;
  const files = new Map<string, WorkFile>();
  if (workTree === null) return files;
  const everything = { folders: [''], accepts: (path: string) => !path.startsWith('.heliostat/') };
  const changed = new Set(await workTree.uncommitted(everything));
  if (changed.size === 0) return files;
  const { files: found, refused } = await workTree.read(
    { folders: [''], accepts: (path) => changed.has(path) },
    fileBytes,
  );
  for (const path of changed) files.set(path, { kind: 'absent' });
  for (const { path, kind, bytes } of found) files.set(path, { kind, bytes });
  const large: string[] = [];
  for (const { path, reason } of refused) {
    if (reason === 'symlink') files.set(path, { kind: 'symlink' });
    else if (reason === 'tooLarge') large.push(path);
  }
  for (const [path, file] of await largeFiles(location, large)) files.set(path, file);
  return files;
}

/** Known by their ids alone; what no model file may be as large as needs not even that. */
async function largeFiles(
  { repository }: Location,
  paths: readonly string[],
): Promise<ReadonlyMap<string, WorkFile>> {
  const files = new Map<string, WorkFile>();
  const wanted = new Set(paths);
  for (const path of paths.filter(isModelFile)) {
    wanted.delete(path);
    files.set(path, { kind: 'blob', oid: `work:${path}`, isStored: false });
  }
  if (repository.workTree === null || wanted.size === 0) return files;
  const hashed = await repository.workTree.hash({ folders: [''], accepts: (path) => wanted.has(path) });
  for (const { path, oid, kind } of hashed.files)
    if (kind === 'blob' || kind === 'executable') files.set(path, { kind, oid, isStored: false });
  return files;
}

/** What differs from HEAD in the index; the blobs of what is staged lie in the repository already. */
export async function stagedFiles(
  location: Location,
  head: Oid | null,
): Promise<ReadonlyMap<string, WorkFile>> {
  const { workTree, source } = location.repository;
  const files = new Map<string, WorkFile>();
  if (workTree === null) return files;
  const staged = await workTree.staged({ folders: [''], accepts: () => true });
  const committed = new Map(
    (head === null ? [] : await filesBelow(source, head, '')).map((file) => [file.path, file]),
  );
  const changed = staged.filter(({ path, oid, kind }) => {
    const before = committed.get(path);
    committed.delete(path);
    return before?.oid !== oid || before.kind !== kind;
  });
  for (const path of committed.keys()) files.set(path, { kind: 'absent' });
  for (const { path, oid, kind } of changed) {
    if (kind === 'symlink' || kind === 'submodule') files.set(path, { kind });
    else files.set(path, { kind, oid, isStored: true });
  }
  return files;
}
