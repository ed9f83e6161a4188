import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256Hex } from '../../../core/base/digest.js';
import { refuse, systemCode } from './outcomes.js';

/** A folder name for an instance: readable, different for different ids, the same for ever. */
export function folderName(id: string): string {
  const plain = /^[a-z0-9][A-Za-z0-9.+~/-]*$/.test(id) && !id.includes('..');
  const name = id.replaceAll('/', '_');
  if (plain && name.length <= 180) return name;
  return `${name.replaceAll(/[^A-Za-z0-9+~-]/g, '-').slice(0, 80)}_${sha256Hex(id).slice(0, 32)}`;
}

/** All or nothing for every reader; not synced, since what is lost in a power failure is seen as drift. */
export function writeWhole(file: string, content: string | Uint8Array, mode: number): void {
  const temporary = join(dirname(file), `.tmp-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(temporary, content, { mode, flag: 'wx' });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** What lies there itself, links not followed; null if nothing does. */
export function kindOf(path: string): 'folder' | 'file' | 'other' | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  return stat.isDirectory() ? 'folder' : stat.isFile() ? 'file' : 'other';
}

/** True for a relative path that stays below the folder it is taken from. */
export function staysInside(path: string): boolean {
  return (
    path.length > 0 &&
    path.length <= 1024 &&
    !path.includes('\0') &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 255)
  );
}

/**
 * The absolute path of a file in a folder, with the folders above it made.
 * @throws {TransitionFailure} if the path leaves the folder, by itself or through a symbolic link.
 */
export function placeFor(folder: string, path: string): string {
  if (!staysInside(path)) throw refuse('file.escapes', `${JSON.stringify(path)} leaves its folder`);
  const parts = path.split('/');
  let place = folder;
  for (const part of parts.slice(0, -1)) {
    place = join(place, part);
    const kind = kindOf(place);
    if (kind === null) mkdirSync(place);
    else if (kind !== 'folder') throw refuse('file.escapes', `${place} is not a folder`);
  }
  return join(place, parts.at(-1) as string);
}
