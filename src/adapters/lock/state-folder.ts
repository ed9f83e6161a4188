import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, thisProcess, type ProcessIdentity } from './process-identity.js';

/** Who holds a state folder. */
export interface Holder extends ProcessIdentity {
  /** Wall time, milliseconds since 1970. */
  readonly since: number;
  /** What it is, for people: `heliostat daemon`. */
  readonly what: string;
}

export type StateFolderLock =
  /** `release` may be called more than once. */
  | { readonly ok: true; readonly release: () => Promise<void> }
  | { readonly ok: false; readonly heldBy: Holder };

// The lock is the file `lock.<n>` with the highest number. Whoever finds its holder dead, or gone,
// takes the next number by `link`, which for each number succeeds only once: so two takers cannot
// remove each other's lock. The highest number is never removed, so numbers are never used again.

/** How many former numbers stay: a listing that is read while files come and go may miss some. */
const kept = 8;

interface Turn {
  readonly number: number;
  /** Null: released, or written by nobody we know. */
  readonly holder: Holder | null;
}

/**
 * Takes a state folder for this process, for as long as it lives; a dead holder's lock is taken over.
 * Makes the folder if there is none. Throws what the system says where the folder cannot be written.
 */
export async function lockStateFolder(folder: string, what: string): Promise<StateFolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mine: Holder = { ...(await thisProcess()), since: Date.now(), what };
  for (;;) {
    const last = await lastTurn(folder);
    if (last.holder !== null && (await isAlive(last.holder))) return { ok: false, heldBy: last.holder };
    const number = last.number + 1;
    if (await take(folder, number, mine)) return { ok: true, release: () => release(folder, number) };
  }
}

/** For people: `heliostat daemon (pid 4711 on host-a, since 2024-05-03T10:00:00.000Z)`. */
export function describeHolder({ what, pid, host, since }: Holder): string {
  return `${what} (pid ${pid} on ${host}, since ${new Date(since).toISOString()})`;
}

async function lastTurn(folder: string): Promise<Turn> {
  const number = Math.max(0, ...(await turns(folder)));
  if (number === 0) return { number, holder: null };
  return { number, holder: parse(await readOrEmpty(join(folder, `lock.${number}`))) };
}

/** What is gone was cleaned up by the holder of a much higher number, which `take` will meet. */
async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function turns(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).map((name) => /^lock\.([1-9][0-9]{0,14})$/.exec(name)?.[1]);
  return numbers.filter((number) => number !== undefined).map(Number);
}

async function take(folder: string, number: number, holder: Holder): Promise<boolean> {
  const path = join(folder, `lock.${number}`);
  const draft = await writeDraft(folder, JSON.stringify(holder));
  try {
    await link(draft, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const found = await turns(folder);
  if (Math.max(...found) > number) {
    // We slept between looking and taking, while others came, went and cleaned up.
    await rm(path, { force: true });
    return false;
  }
  for (const old of found) if (old <= number - kept) await rm(join(folder, `lock.${old}`), { force: true });
  return true;
}

async function release(folder: string, number: number): Promise<void> {
  const draft = await writeDraft(folder, 'null');
  await rename(draft, join(folder, `lock.${number}`));
}

/** With its whole content before it gets its name, so that no one ever reads half a holder. */
async function writeDraft(folder: string, content: string): Promise<string> {
  const path = join(folder, `lock-draft.${process.pid}.${randomBytes(6).toString('hex')}`);
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(`${content}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return path;
}

function parse(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    if (typeof holder?.pid !== 'number' || typeof holder.host !== 'string') return null;
    return { ...(holder as Holder), since: wallMs(holder.since), what: String(holder.what) };
  } catch {
    return null;
  }
}

/** What no date can be made of says nothing, least of all that the holder is dead. */
function wallMs(value: unknown): number {
  return typeof value === 'number' && Math.abs(value) <= 8_640_000_000_000_000 ? value : 0;
}
