import { join } from 'node:path';
import type { Revision } from '../../core/base/names.js';
import type { CommitRequest, Oid, Source } from '../../ports/repository.js';
import { GitError } from './failure.js';
import { identity } from './identity.js';
import type { Layout } from './layout.js';
import { type NewObject, writeLoose } from './loose.js';
import { oidOf } from './oid.js';
import { writePack } from './pack.js';
import type { Sharing } from './sharing.js';
import type { TreeReader } from './source.js';
import type { TreeCache } from './tree-cache.js';
import { editTree } from './tree-edit.js';

export interface CommitTools {
  readonly layout: Layout;
  readonly sharing: Sharing;
  readonly source: Source;
  readonly trees: TreeReader;
  readonly cache: TreeCache;
}

/** From here on one pack is faster than files; fewer objects as files leave fewer packs for Git to search. */
const objectsWorthAPack = 24;

/**
 * Writes what the request changes, and the commit. Durable when it settles.
 * @throws {GitError} if the parent is missing; the errors of the disk as they come.
 */
export async function writeCommit(tools: CommitTools, request: CommitRequest): Promise<Oid> {
  const base = request.parent === null ? null : await treeOf(tools.source, request.parent);
  const edited = await editTree(tools.trees, base, request.changes);
  const bytes = commitBytes(request, edited.oid);
  const oid = oidOf('commit', bytes);
  await writeObjects(tools, [...edited.objects, { oid, type: 'commit', bytes }]);
  for (const object of edited.objects) {
    if (object.type === 'tree') tools.cache.add(object.oid, object.bytes);
  }
  return oid;
}

async function writeObjects(tools: CommitTools, objects: readonly NewObject[]): Promise<void> {
  const folder = join(tools.layout.commonDir, 'objects');
  if (objects.length >= objectsWorthAPack) await writePack(folder, tools.sharing, objects);
  else await writeLoose(folder, tools.sharing, objects);
}

async function treeOf(source: Source, parent: Oid): Promise<Oid> {
  const commit = await source.commit(parent as Revision);
  if (commit !== null) return commit.tree;
  throw new GitError({
    code: 'git.missingObject',
    message: `the commit ${parent} cannot be read`,
    fix: 'In a shallow clone run `git fetch --unshallow`; else run `git fsck`.',
  });
}

/** Anything that Git would not read as a name and an address is nobody's. */
function authorOf({ author }: CommitRequest): string {
  return author !== undefined && /^[^<>\n\0]+ <[^<>\n\0 ]*>$/.test(author) ? author : identity;
}

function commitBytes(request: CommitRequest, tree: Oid): Buffer {
  const seconds = Math.floor(request.wallMs / 1000);
  const parents = [request.parent, request.after].filter((parent) => parent != null);
  const by = (who: string): string => `${who} ${seconds} +0000`;
  // A zero byte would end the message for Git.
  const message = request.message.replaceAll('\0', '').trimEnd();
  return Buffer.from(
    `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join('')}author ${by(authorOf(request))}\ncommitter ${by(identity)}\n\n${message}\n`,
    'utf8',
  );
}
