import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GitError, isAbsent } from '../failure.js';
import type { Layout } from '../layout.js';
import { writeWhole } from '../loose.js';
import { takeLock } from '../ref-lock.js';
import { Sharing } from '../sharing.js';

const lockWithinMs = 10_000;
const againMs = 20;

export interface ShallowChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Whether there are commits in the copy whose parents are not. */
export async function isShallow(gitDir: string): Promise<boolean> {
  return (await shallowText(gitDir)).trim() !== '';
}

/** A commit a line. */
export async function shallowText(gitDir: string): Promise<string> {
  try {
    return await readFile(join(gitDir, 'shallow'), 'utf8');
  } catch (error) {
    if (isAbsent(error)) return '';
    throw error;
  }
}

export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Under the lock of git itself: a line that another process has added must not be lost, or history would seem broken. */
export async function changeShallow(gitDir: string, { added, removed }: ShallowChange): Promise<void> {
  if (added.length === 0 && removed.length === 0) return;
  const layout: Layout = { gitDir, commonDir: gitDir, workTree: null, config: new Map() };
  const file = join(gitDir, 'shallow');
  const lock = `${file}.lock`;
  const release = await locked(layout, lock);
  try {
    const lines = new Set(linesOf(await shallowText(gitDir)));
    for (const line of removed) lines.delete(line);
    for (const line of added) lines.add(line);
    if (lines.size === 0) await rm(file, { force: true });
    else {
      const text = [...lines].sort().map((line) => `${line}\n`);
      await writeWhole(gitDir, file, [Buffer.from(text.join(''))], 'tmp_obj_');
    }
  } finally {
    await rm(lock, { force: true });
    await release();
  }
}

async function locked(layout: Layout, lock: string): Promise<() => Promise<void>> {
  for (let waitedMs = 0; ; waitedMs += againMs) {
    const taken = await takeLock(layout, new Sharing(layout), lock, '');
    if (taken.kind === 'taken') return taken.release;
    if (waitedMs > lockWithinMs)
      throw new GitError({
        code: 'git.failed',
        message: `${lock} is held, so that the copy of the remote cannot be brought up to date`,
        fix: `If no git is running, remove it: rm ${lock}`,
      });
    await sleep(againMs);
  }
}
