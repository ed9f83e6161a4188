import { rename, rm } from 'node:fs/promises';
import type { Redactor } from '../../core/base/safe-text.js';
import type { Oid, SwapResult, Unavailable } from '../../ports/repository.js';
import { GitError, systemCode } from './failure.js';
import type { Layout } from './layout.js';
import { isOid } from './oid.js';
import { blockingRef, conflictMessage, removeEmptyFolders } from './ref-conflict.js';
import { takeLock } from './ref-lock.js';
import { isRefName } from './ref-names.js';
import type { RefStore } from './ref-store.js';
import { logMove } from './reflog.js';
import type { Sharing } from './sharing.js';

export interface SwapTools {
  readonly layout: Layout;
  readonly store: RefStore;
  readonly sharing: Sharing;
  readonly redact: Redactor;
  /** Whether there is such a commit: a reference to nothing would break the repository. */
  exists(oid: Oid): Promise<boolean>;
}

export interface Swap {
  /** Null: it must not exist yet. */
  readonly from: Oid | null;
  readonly to: Oid;
  /** Done while the reference is locked and is `from`; false: it stays. */
  readonly prepare?: () => Promise<boolean>;
}

/** What `prepare` said no to. */
export type Unprepared = { readonly kind: 'unprepared' };

/**
 * Sets a reference as Git does, so that it is atomic for every Git that looks: the exclusive lock, then a second look,
 * then the rename.
 */
export async function swapRef(tools: SwapTools, ref: string, swap: Swap): Promise<SwapResult | Unprepared> {
  const { to } = swap;
  const unavailable = (message: string): Unavailable => ({
    kind: 'unavailable',
    message: tools.redact(message),
  });
  if (!isRefName(ref))
    return unavailable(`${JSON.stringify(ref)} is not a name that Git allows for a reference`);
  if (!isOid(to) || !(await tools.exists(to)))
    return unavailable(`there is no commit ${to} to set ${ref} to`);
  try {
    const target = tools.store.target(ref);
    if (target === null) return unavailable(`${ref} is a symbolic reference that leads nowhere`);
    return await swapTarget(tools, target, swap, unavailable);
  } catch (error) {
    const cause = worldly(error);
    if (cause === null) throw error;
    return unavailable(`${ref} cannot be set: ${cause}`);
  }
}

async function swapTarget(
  tools: SwapTools,
  ref: string,
  swap: Swap,
  unavailable: (message: string) => Unavailable,
): Promise<SwapResult | Unprepared> {
  const lock = `${tools.store.file(ref)}.lock`;
  const taken = await takeLock(tools.layout, tools.sharing, lock, swap.to);
  if (taken.kind === 'busy')
    return { ...unavailable(busyMessage(lock, taken.ageMs)), isBusy: taken.ageMs < abandonedMs };
  if (taken.kind === 'blocked') {
    return unavailable(conflictMessage(ref, (await blockingRef(tools.store, ref)) ?? ref));
  }
  let mine = true;
  try {
    const current = await tools.store.value(ref);
    if (current !== swap.from) return { kind: 'lost', current };
    const blocking = current === null ? await blockingRef(tools.store, ref) : null;
    if (blocking !== null) return unavailable(conflictMessage(ref, blocking));
    if (swap.prepare !== undefined && !(await swap.prepare())) return { kind: 'unprepared' };
    const isHead = tools.store.target('HEAD') === ref;
    const { from, to } = swap;
    await logMove(tools.layout, ref, isHead, { from, to, message: 'heliostat' });
    await moveInto(lock, tools.store.file(ref));
    mine = false;
    return { kind: 'swapped' };
  } finally {
    if (mine) await rm(lock, { force: true });
    await taken.release();
  }
}

async function moveInto(lock: string, file: string): Promise<void> {
  try {
    await rename(lock, file);
  } catch (error) {
    if (!['EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(systemCode(error))) throw error;
    await removeEmptyFolders(file);
    await rename(lock, file);
  }
}

/** Nobody who lives holds a lock for so long. */
const abandonedMs = 60_000;

function busyMessage(lock: string, ageMs: number): string {
  const seconds = Math.round(ageMs / 1000);
  const advice =
    ageMs < abandonedMs
      ? 'another git is at work'
      : 'if no git is running, remove that file: its owner was killed';
  return `${lock} is held for ${seconds} s: ${advice}`;
}

/** What a disk or its permissions do; anything else is a bug and goes on being thrown. */
function worldly(error: unknown): string | null {
  if (error instanceof GitError) return error.message;
  const code = systemCode(error);
  return code !== '' && !code.startsWith('ERR_') ? `${code} ${(error as Error).message}` : null;
}
