import { fromUtf8 } from '../core/base/bytes.js';
import type { Revision } from '../core/base/names.js';
import type { Oid, Source, TreeEntry } from '../ports/repository.js';

export const documentLimitBytes = 64 * 1024 * 1024;

/** Null if there is no such file in the commit's tree. */
export async function readFile(source: Source, commit: Oid, path: string): Promise<string | null> {
  const oid = await findPath(source, commit, path);
  if (oid === null) return null;
  const [bytes] = await source.blobs([oid], documentLimitBytes);
  return bytes ? fromUtf8(bytes) : null;
}

type LookUp =
  | { readonly kind: 'found'; readonly oid: Oid }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' };

/** A path in the tree of a commit; unreadable if the commit or a folder on the way is not to be had. */
export async function lookUp(source: Source, commit: Oid, path: string): Promise<LookUp> {
  let at: Oid | undefined = (await source.commit(commit as Revision))?.tree;
  if (at === undefined) return { kind: 'unreadable' };
  let isFolder = true;
  for (const name of path.split('/')) {
    if (!isFolder) return { kind: 'absent' };
    const entries: readonly TreeEntry[] | null = await source.tree(at);
    if (entries === null) return { kind: 'unreadable' };
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined) return { kind: 'absent' };
    isFolder = entry.kind === 'tree';
    at = entry.oid;
  }
  return { kind: 'found', oid: at };
}

/** Null if there is none, or if it is not to be had. */
export async function findPath(source: Source, commit: Oid, path: string): Promise<Oid | null> {
  const found = await lookUp(source, commit, path);
  return found.kind === 'found' ? found.oid : null;
}

/** The files of a commit in the order asked, each folder read once; null for one that is not to be had. */
export async function readFiles(
  source: Source,
  commit: Oid,
  paths: readonly string[],
): Promise<readonly (string | null)[]> {
  const top = (await source.commit(commit as Revision))?.tree;
  const folders = new Map<string, Promise<ReadonlyMap<string, Oid>>>();
  const entriesOf = async (oid: Oid | undefined): Promise<ReadonlyMap<string, Oid>> =>
    new Map((oid === undefined ? null : await source.tree(oid))?.map((entry) => [entry.name, entry.oid]));
  const folder = (path: string): Promise<ReadonlyMap<string, Oid>> => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const read = path === '' ? entriesOf(top) : at(path).then(entriesOf);
    folders.set(path, read);
    return read;
  };
  const at = async (path: string): Promise<Oid | undefined> => {
    const cut = path.lastIndexOf('/');
    return (await folder(path.slice(0, Math.max(0, cut)))).get(path.slice(cut + 1));
  };
  const oids = await Promise.all(paths.map(at));
  const found = oids.filter((oid) => oid !== undefined);
  const blobs = await source.blobs(found, documentLimitBytes);
  const texts = new Map(found.map((oid, i) => [oid, blobs[i] ? fromUtf8(blobs[i]) : null]));
  return oids.map((oid) => (oid === undefined ? null : (texts.get(oid) ?? null)));
}
