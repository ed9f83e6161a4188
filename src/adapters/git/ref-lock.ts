import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Oid } from '../../ports/repository.js';
import { isAbsent, systemCode } from './failure.js';
import type { Layout } from './layout.js';
import type { Sharing } from './sharing.js';

export type LockResult =
  | { readonly kind: 'taken' }
  /** Another process holds it. Its age tells a busy git from one that was killed. */
  | { readonly kind: 'busy'; readonly ageMs: number }
  /** A file stands where a folder has to be. */
  | { readonly kind: 'blocked' };

const mostAttempts = 10;

/**
 * Takes `<ref>.lock` with the new value already in it, as one step: a lock that a killed controller leaves behind
 * names the value that its journal knows, so that it can be told from a foreign one.
 */
export async function takeLock(layout: Layout, sharing: Sharing, lock: string, to: Oid): Promise<LockResult> {
  // `git gc` removes what is called so, if it is left behind.
  const draft = join(layout.commonDir, 'objects', `tmp_obj_ref_${randomBytes(8).toString('hex')}`);
  try {
    await writeDraft(draft, to);
    await sharing.file(draft, 0o644);
    return await linkLock(sharing, draft, lock, to);
  } finally {
    await rm(draft, { force: true });
  }
}

async function linkLock(sharing: Sharing, draft: string, lock: string, to: Oid): Promise<LockResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sharing.folder(dirname(lock));
      await link(draft, lock);
      return { kind: 'taken' };
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOTDIR') return { kind: 'blocked' };
      if (code === 'EEXIST') {
        const ageMs = await ageOf(lock);
        if (ageMs !== null) return { kind: 'busy', ageMs };
      } else if (['EPERM', 'EXDEV', 'ENOTSUP', 'EMLINK', 'EOPNOTSUPP'].includes(code)) {
        return writeLock(lock, to);
      } else if (code !== 'ENOENT') throw error;
      // `git pack-refs` may remove the folder, or its owner the lock, in between.
      if (attempt >= mostAttempts) throw error;
    }
  }
}

/** Where the file system knows no hard links. */
async function writeLock(lock: string, to: Oid): Promise<LockResult> {
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
  try {
    return Math.max(0, Date.now() - (await stat(lock)).mtimeMs);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Removes a lock if it holds exactly the value that the caller was about to write when it was killed. */
export async function removeOwnLock(lock: string, to: Oid): Promise<boolean> {
  try {
    if ((await readFile(lock, 'utf8')) !== `${to}\n`) return false;
    await rm(lock);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
