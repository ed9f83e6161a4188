import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, inflateSync } from 'node:zlib';
import type { ObjectAnswer } from './cat-file.js';
import { isAbsent, systemCode } from './failure.js';
import type { ObjectReader } from './objects.js';

/** Through isomorphic-git, where git is not installed: right, and some fifty times slower at many objects. */
export function objectsWithoutGit(commonDir: string): ObjectReader {
  const cache = {};

  async function readOne(oid: string, limitBytes: number): Promise<ObjectAnswer | null> {
    const loose = await looseHeader(commonDir, oid);
    // Known before it is unpacked: a gigabyte never gets into memory.
    if (loose !== null && loose.size > limitBytes) return { ...loose, bytes: null };
    const { readObject } = await import('./isomorphic.js');
    try {
      const answer = await readObject({ fs, gitdir: commonDir, oid, format: 'content', cache });
      if (answer.format !== 'content') return null;
      const bytes = new Uint8Array(answer.object);
      return { type: answer.type, size: bytes.length, bytes: bytes.length > limitBytes ? null : bytes };
    } catch (error) {
      // Missing, torn, or of another content than its name says: isomorphic-git compares, too.
      if (systemCode(error).startsWith('E') && !isAbsent(error)) throw error;
      return null;
    }
  }

  return {
    async read(oids, limitBytes) {
      const objects: (ObjectAnswer | null)[] = [];
      for (const oid of oids) objects.push(await readOne(oid, limitBytes));
      return objects;
    },
    async sizes(oids) {
      const sizes: (number | null)[] = [];
      for (const oid of oids) {
        const object = (await looseHeader(commonDir, oid)) ?? (await readOne(oid, Infinity));
        sizes.push(object?.type === 'blob' ? object.size : null);
      }
      return sizes;
    },
    close: () => Promise.resolve(),
  };
}

/** Type and size of a loose object, from its first bytes; null if there is none. */
async function looseHeader(commonDir: string, oid: string): Promise<{ type: string; size: number } | null> {
  try {
    const file = await open(join(commonDir, 'objects', oid.slice(0, 2), oid.slice(2)), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
      const start = inflateSync(buffer.subarray(0, bytesRead), { finishFlush: constants.Z_SYNC_FLUSH });
      const header = /^([a-z]+) (\d+)\0/.exec(start.toString('latin1', 0, 64));
      return header ? { type: header[1]!, size: Number(header[2]) } : null;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isAbsent(error) || systemCode(error).startsWith('Z_')) return null;
    throw error;
  }
}
