import type { Revision } from '../../core/base/names.js';
import type { FileChange, Oid, Source, TreeEntry } from '../../ports/repository.js';
import { isOid } from './oid.js';

/**
 * The changes of files that set notes. Git names a note by the commit's id, cut into folders of two digits at any
 * depth (`ab/cdef…`); it reads every mixture, but joins two notes of one commit, so an old place is emptied.
 * Several domains write one note: a line `key: …` replaces the one with that key, and leaves the others.
 */
export async function noteChanges(
  source: Source,
  tree: Oid | null,
  notes: ReadonlyMap<Revision, string>,
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  for (const [revision, text] of notes) {
    if (!isOid(revision)) continue;
    const places = await placesOf(source, tree, revision);
    for (const path of places.old) if (path !== places.path) changes.push({ path, content: null });
    const before = tree === null ? null : await readNote(source, tree, revision, noteLimitBytes);
    changes.push({ path: places.path, content: merged(before ?? '', text) });
  }
  return changes;
}

const noteLimitBytes = 1024 * 1024;
const keyed = /^([^\s:]+): /;

function merged(before: string, text: string): string {
  const lines = linesOf(text);
  const keys = new Set(lines.map((line) => keyed.exec(line)?.[1]));
  if (keys.has(undefined)) return ended(lines);
  const kept = linesOf(before).filter((line) => !keys.has(keyed.exec(line)?.[1]));
  return ended([...kept, ...lines].sort((a, b) => (a < b ? -1 : 1)));
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function ended(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Where the note of a commit lies now, and where it belongs: as deep as this corner of the tree is cut already. */
async function placesOf(source: Source, tree: Oid | null, revision: string) {
  const old: string[] = [];
  let prefix = '';
  let rest = revision;
  let folder = tree;
  for (;;) {
    const entries = folder === null ? [] : ((await source.tree(folder)) ?? []);
    if (entries.some((entry) => entry.name === rest)) old.push(prefix + rest);
    const below = entries.find((entry) => entry.kind === 'tree' && entry.name === rest.slice(0, 2));
    // One level at least, or the folder of 10,000 notes would be written anew for each.
    if (below === undefined && prefix !== '') return { old, path: prefix + rest };
    prefix += `${rest.slice(0, 2)}/`;
    rest = rest.slice(2);
    folder = below?.oid ?? null;
  }
}

/** The note of one commit, or null. */
export async function readNote(
  source: Source,
  tree: Oid,
  revision: Revision,
  limitBytes: number,
): Promise<string | null> {
  let folder: Oid | undefined = tree;
  for (let rest: string = revision; folder !== undefined && rest !== ''; rest = rest.slice(2)) {
    const entries: readonly TreeEntry[] = (await source.tree(folder)) ?? [];
    const note = entries.find((entry) => entry.name === rest && entry.kind !== 'tree');
    if (note !== undefined) {
      const [bytes] = await source.blobs([note.oid], limitBytes);
      return bytes ? Buffer.from(bytes).toString('utf8') : null;
    }
    folder = entries.find((entry) => entry.kind === 'tree' && entry.name === rest.slice(0, 2))?.oid;
  }
  return null;
}
