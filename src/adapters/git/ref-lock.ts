import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Oid } from '../../ports/repository.js';
import { isAbsent, systemCode } from './failure.js';
import type { Layout } from './layout.js';
import { hasEnded, thisOwner } from './lock-owner.js';
import type { Sharing } from './sharing.js';

export type LockResult =
  /** `release` when the lock was renamed or removed. */
  | { readonly kind: 'taken'; release(): Promise<void> }
  /** Another process holds it. Its age tells a busy git from one that was killed. */
  | { readonly kind: 'busy'; readonly ageMs: number }
  /** A file stands where a folder has to be. */
  | { readonly kind: 'blocked' };

const mostAttempts = 10;
/** `git gc` removes what is called so, if it is left behind. */
const markPrefix = 'tmp_obj_ref_';

/**
 * Takes `<ref>.lock` with the new value already in it, as one step: the lock is a second name of a file whose first
 * name says who made it. That name stays as long as the lock, so that the lock of a controller that was killed can be
 * told from everybody else's, by whoever comes next and whatever became of the state folder.
 */
export async function takeLock(layout: Layout, sharing: Sharing, lock: string, to: Oid): Promise<LockResult> {
  const objects = join(layout.commonDir, 'objects');
  const mark = newMark(objects);
  // What stays is in nobody's way, and what was swapped stays swapped.
  const release = (): Promise<void> => rm(mark, { force: true }).catch(() => undefined);
  let result: LockResult['kind'] | null = null;
  try {
    await writeDraft(mark, to);
    await sharing.file(mark, 0o644);
    const taken = await linkLock({ objects, sharing, mark, lock }, to);
    result = taken.kind;
    return taken.kind === 'taken' ? { kind: 'taken', release } : taken;
  } finally {
    if (result !== 'taken') await release();
  }
}

function newMark(objects: string): string {
  return join(objects, `${markPrefix}${thisOwner()}-${randomBytes(6).toString('hex')}`);
}

interface Place {
  readonly objects: string;
  readonly sharing: Sharing;
  readonly mark: string;
  readonly lock: string;
}

type Taken = { readonly kind: 'taken' } | Exclude<LockResult, { kind: 'taken' }>;

async function linkLock(place: Place, to: Oid): Promise<Taken> {
  const { objects, sharing, mark, lock } = place;
  for (let attempt = 1; ; attempt++) {
    try {
      await sharing.folder(dirname(lock));
      await link(mark, lock);
      return { kind: 'taken' };
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOTDIR') return { kind: 'blocked' };
      if (code === 'EEXIST') {
        const ageMs = await ageOf(lock);
        if (ageMs !== null && !(await removeOrphaned(objects, lock))) return { kind: 'busy', ageMs };
      } else if (['EPERM', 'EXDEV', 'ENOTSUP', 'EMLINK', 'EOPNOTSUPP'].includes(code)) {
        return writeLock(lock, to);
      } else if (code !== 'ENOENT') throw error;
      // `git pack-refs` may remove the folder, or its owner the lock, in between.
      if (attempt >= mostAttempts) throw error;
    }
  }
}

/** Where the file system knows no hard links: then nobody can tell whose it was. */
async function writeLock(lock: string, to: Oid): Promise<Taken> {
  try {
    await writeDraft(lock, to);
    return { kind: 'taken' };
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    return { kind: 'busy', ageMs: (await ageOf(lock)) ?? 0 };
  }
}

async function writeDraft(file: string, to: Oid): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(`${to}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function ageOf(lock: string): Promise<number | null> {
  const held = await statOf(lock);
  return held === null ? null : Math.max(0, Date.now() - held.mtimeMs);
}

async function statOf(file: string): Promise<Stats | null> {
  try {
    return await stat(file);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/**
 * Removes a lock whose owner, a controller like this one, has ended without removing it. Renaming the mark makes us its
 * owner: of several that find it only one can, and who is killed meanwhile leaves it to the next.
 */
async function removeOrphaned(objects: string, lock: string): Promise<boolean> {
  const mark = await markOf(objects, lock);
  if (mark === null || !hasEnded(mark.owner)) return false;
  const ours = newMark(objects);
  try {
    await rename(join(objects, mark.name), ours);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  await rm(lock, { force: true });
  await rm(ours, { force: true });
  return true;
}

/** The first name of the lock's file, if it has one. */
async function markOf(objects: string, lock: string): Promise<{ name: string; owner: string } | null> {
  const held = await statOf(lock);
  if (held === null || held.nlink < 2) return null;
  for (const name of await readdir(objects)) {
    if (!name.startsWith(markPrefix)) continue;
    const found = await statOf(join(objects, name));
    if (found?.ino !== held.ino || found.dev !== held.dev) continue;
    return { name, owner: name.slice(markPrefix.length, name.lastIndexOf('-')) };
  }
  return null;
}
