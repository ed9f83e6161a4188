import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { utf8 } from './bytes.js';

/** The id that Git gives to these bytes as a blob (SHA-1 repositories). */
export function blobOid(bytes: Uint8Array): string {
  const header = utf8(`blob ${bytes.length}\0`);
  return bytesToHex(sha1.create().update(header).update(bytes).digest());
}
