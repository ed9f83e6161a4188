import { readdir, rmdir } from 'node:fs/promises';
import { systemCode, isAbsent } from './failure.js';
import { shortName } from './ref-names.js';
import type { RefStore } from './ref-store.js';

/**
 * A reference is a file, so `heliostat` and `heliostat/status` cannot both exist. Returns the one that is in the way
 * of a new one, or null.
 */
export async function blockingRef(store: RefStore, ref: string): Promise<string | null> {
  const parts = ref.split('/');
  for (let length = 3; length < parts.length; length++) {
    const above = parts.slice(0, length).join('/');
    if ((await store.value(above)) !== null) return above;
  }
  const below = await store.list(`${ref}/`);
  return below[0]?.ref ?? null;
}

export function conflictMessage(ref: string, blocking: string): string {
  const [wanted, there] = [shortName(ref), shortName(blocking)];
  return (
    `the branch ${there} is in the way of ${wanted}: Git cannot hold both. ` +
    `Rename it: git branch -m '${there.replaceAll("'", String.raw`'\''`)}' <another name>`
  );
}

/** Git leaves empty folders where branches were; they give way to a reference of that name. */
export async function removeEmptyFolders(path: string): Promise<void> {
  try {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.isDirectory()) await removeEmptyFolders(`${path}/${entry.name}`);
    }
    await rmdir(path);
  } catch (error) {
    if (!isAbsent(error) && !['ENOTEMPTY', 'EEXIST'].includes(systemCode(error))) throw error;
  }
}
