import { createHash } from 'node:crypto';
import type { Oid } from '../../ports/repository.js';

export type ObjectType = 'blob' | 'tree' | 'commit';

/** The tree without entries. */
export const emptyTree: Oid = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export function isOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** The id that Git gives to this object. */
export function oidOf(type: string, bytes: Uint8Array): Oid {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}
