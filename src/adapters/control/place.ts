import { realpathSync } from 'node:fs';
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { sha256Hex } from '../../core/base/digest.js';

/** The control socket cannot be used; the message says why and how to mend it. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** The shortest limit of all systems (104 with the final zero), beyond which Node cuts paths without a word. */
const longestPath = 103;

/**
 * Where the daemon of a state folder listens: in a folder of this user alone, under a digest of the
 * state folder's real path, because a socket's path must be short.
 */
export function socketPath(stateDir: string): string {
  const name = `${sha256Hex(realPathOf(stateDir)).slice(0, 16)}.sock`;
  const [inTemporary, always] = socketFolders();
  const path = join(inTemporary, name);
  return Buffer.byteLength(path) <= longestPath ? path : join(always, name);
}

/** Where sockets of this user are: the second where paths in the first would be too long. */
export function socketFolders(): readonly [string, string] {
  const own = `heliostat-${userId()}`;
  return [join(tmpdir(), own), join('/tmp', own)];
}

/** Says in the state folder where the socket is: a caller with another TMPDIR looks there. */
export async function leaveWord(stateDir: string, path: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await writeFile(join(stateDir, pointer), `${path}\n`, { mode: 0o600 });
}

/** Where the daemon of a state folder said that it listens, else where it would. */
export async function knownSocketPath(stateDir: string): Promise<string> {
  const path = (await wordIn(join(stateDir, pointer))).trim();
  return isAbsolute(path) && Buffer.byteLength(path) <= longestPath ? path : socketPath(stateDir);
}

/** Empty where nothing was said. Only a small file is read: anything else was not left by us. */
async function wordIn(file: string): Promise<string> {
  try {
    const found = await lstat(file);
    return found.isFile() && found.size <= 2 * longestPath ? await readFile(file, 'utf8') : '';
  } catch {
    return '';
  }
}

const pointer = 'control.path';

/** Makes the folder of the socket. Throws a `ControlError` where somebody else could reach into it. */
export async function makeSocketFolder(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await isPrivate(folder))) throw new ControlError(refusal(folder));
}

/** False if there is no such folder. Throws a `ControlError` where it is not ours alone. */
export async function hasSocketFolder(path: string): Promise<boolean> {
  const folder = dirname(path);
  const found = await isPrivate(folder);
  if (found === false) throw new ControlError(refusal(folder));
  return found === true;
}

/** Null if there is none. A link counts as foreign: whoever made it chooses where it leads. */
async function isPrivate(folder: string): Promise<boolean | null> {
  try {
    const found = await lstat(folder);
    return found.isDirectory() && found.uid === userId() && (found.mode & 0o077) === 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function refusal(folder: string): string {
  return `${folder} must be a folder of yours that only you can enter (mode 0700); remove it and start again`;
}

function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

function userId(): number {
  return process.getuid?.() ?? 0;
}
