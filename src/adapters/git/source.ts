import type { Oid, Source } from '../../ports/repository.js';
import { GitError } from './failure.js';
import type { ObjectReader } from './objects.js';
import { emptyTree, isOid } from './oid.js';
import { parseCommit } from './parse-commit.js';
import type { CachedTree, TreeCache } from './tree-cache.js';

/** Larger ones are nobody's message, and no folder that people work with. */
const largestCommitBytes = 4 * 1024 * 1024;
const largestTreeBytes = 64 * 1024 * 1024;

export interface TreeReader {
  /** Null if there is no such tree. */
  read(oid: Oid): Promise<CachedTree | null>;
}

export function treeReader(objects: ObjectReader, cache: TreeCache): TreeReader {
  return {
    async read(oid) {
      const known = cache.get(oid);
      if (known !== undefined) return known;
      if (oid === emptyTree) return cache.add(oid, new Uint8Array(0));
      if (!isOid(oid)) return null;
      const [object] = await objects.read([oid], largestTreeBytes);
      if (object?.type !== 'tree') return null;
      if (object.bytes === null) throw tooLarge('tree', oid, largestTreeBytes);
      return cache.add(oid, object.bytes);
    },
  };
}

export function sourceOf(objects: ObjectReader, trees: TreeReader): Source {
  return {
    async commit(revision) {
      if (!isOid(revision)) return null;
      const [object] = await objects.read([revision], largestCommitBytes);
      if (object?.type !== 'commit') return null;
      if (object.bytes === null) throw tooLarge('commit', revision, largestCommitBytes);
      return parseCommit(revision, object.bytes);
    },
    async tree(oid) {
      return (await trees.read(oid))?.entries() ?? null;
    },
    async blobs(oids, limitBytes) {
      const found = await objects.read(oids.filter(isOid), limitBytes);
      return inOrder(oids, found, (object) => (object.type === 'blob' ? object.bytes : null));
    },
    async sizes(oids) {
      return inOrder(oids, await objects.sizes(oids.filter(isOid)), (size) => size);
    },
  };
}

/** Puts the answers for well-formed ids back to the places of the question. */
function inOrder<Found, Answer>(
  oids: readonly string[],
  found: readonly (Found | null)[],
  answer: (found: Found) => Answer | null,
): (Answer | null)[] {
  let next = 0;
  return oids.map((oid) => {
    const object = isOid(oid) ? found[next++] : null;
    return object === null || object === undefined ? null : answer(object);
  });
}

function tooLarge(type: string, oid: Oid, limitBytes: number): GitError {
  return new GitError({
    code: 'git.tooLarge',
    message: `the ${type} ${oid} is larger than ${limitBytes} bytes`,
    fix: 'Split the folder, or take the commit out of the branch.',
  });
}
