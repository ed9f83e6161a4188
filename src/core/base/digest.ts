import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Brand } from './brand.js';
import { utf8 } from './bytes.js';
import { canonicalJson } from './data.js';

/** SHA-256 in lower-case hex, of canonical data; carries the version of its rule as `1:`. */
export type Digest = Brand<string, 'Digest'>;

/** A digest carries the version of its rule, so that digests of two rules are never compared. */
const rule = '1';

export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8(text)));
}

export function digestOf(value: unknown): Digest {
  return digestOfText(canonicalJson(value));
}

/** The digest of data whose canonical text is known. */
export function digestOfText(canonical: string): Digest {
  return `${rule}:${sha256Hex(canonical)}` as Digest;
}

/** For file names, generations and port ranges: the first digits, without the rule. */
export function shortHex(digest: Digest, digits = 8): string {
  return digest.slice(rule.length + 1, rule.length + 1 + digits);
}
