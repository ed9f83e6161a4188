// Has anything in these files changed? The cheap answer compares sizes and times; only when these differ is the
// content read. A fresh check-out of the same content therefore costs one digest, and no new build.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED = new Set(['generated', 'node_modules']);

/**
 * The files of a folder (or the file itself), sorted, relative to root; nothing if it does not exist.
 * Generated code is left out of a folder that is walked, and taken when it is named itself.
 */
function filesOf(root, path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [{ path, found }];
  return readdirSync(join(root, path))
    .filter((name) => !name.startsWith('.') && !SKIPPED.has(name))
    .sort()
    .flatMap((name) => filesOf(root, `${path}/${name}`));
}

/** One line a file: path, size and times. Equal listings mean equal files. */
export function listing(root, paths) {
  return paths
    .flatMap((path) => filesOf(root, path))
    .map(({ path, found }) => [path, found.size, found.mtimeMs, found.ctimeMs, found.ino].join(' '))
    .join('\n');
}

/** A digest of the names and contents. */
export async function contentDigest(root, paths) {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for (const { path } of paths.flatMap((each) => filesOf(root, each))) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** What a stamp keeps of a set of files. */
export async function fingerprint(root, paths) {
  return { listing: listing(root, paths), digest: await contentDigest(root, paths) };
}

/** `same`: nothing was touched. `touched`: the times differ, the content does not. */
export async function compare(root, paths, stamped) {
  if (stamped === undefined) return 'changed';
  if (listing(root, paths) === stamped.listing) return 'same';
  return (await contentDigest(root, paths)) === stamped.digest ? 'touched' : 'changed';
}
