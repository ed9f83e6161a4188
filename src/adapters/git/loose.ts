import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import type { Oid } from '../../ports/repository.js';
import { isAbsent, systemCode } from './failure.js';
import type { ObjectType } from './oid.js';
import type { Sharing } from './sharing.js';

export interface NewObject {
  readonly oid: Oid;
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

const mostAttempts = 10;

/** One file for each object: synced under another name, then renamed, so never torn. */
export async function writeLoose(
  folder: string,
  sharing: Sharing,
  objects: readonly NewObject[],
): Promise<void> {
  await Promise.all(objects.map((object) => writeOne(folder, sharing, object)));
}

async function writeOne(folder: string, sharing: Sharing, object: NewObject): Promise<void> {
  const home = join(folder, object.oid.slice(0, 2));
  const file = join(home, object.oid.slice(2));
  const header = Buffer.from(`${object.type} ${object.bytes.length}\0`, 'latin1');
  const whole = Buffer.concat([header, object.bytes]);
  if (await isThere(file, whole)) return;
  const packed = deflateSync(whole, { level: 1 });
  for (let attempt = 1; ; attempt++) {
    try {
      await sharing.folder(home);
      await writeWhole(home, file, [packed], 'tmp_obj_');
      return await sharing.file(file, 0o444);
    } catch (error) {
      // A `git gc` at the same time removes folders that are empty, and moves objects into a pack.
      if (!isAbsent(error) || attempt >= mostAttempts) throw error;
    }
  }
}

/** `git gc` removes drafts that a killed process leaves behind by these prefixes. */
export async function writeWhole(
  home: string,
  file: string,
  parts: readonly Uint8Array[],
  prefix: 'tmp_obj_' | 'tmp_pack_' | 'tmp_idx_',
): Promise<void> {
  const draft = join(home, prefix + randomBytes(8).toString('hex'));
  try {
    const handle = await open(draft, 'wx', 0o444);
    try {
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A file of that name and with another content is torn: a power cut, or a Git that writes in place, has left it. */
async function isThere(file: string, whole: Buffer): Promise<boolean> {
  try {
    return inflateSync(await readFile(file), { maxOutputLength: whole.length }).equals(whole);
  } catch (error) {
    if (isAbsent(error) || /^(Z_|ERR_BUFFER_TOO_LARGE)/.test(systemCode(error))) return false;
    throw error;
  }
}
