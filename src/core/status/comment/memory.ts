import { fromUtf8, utf8 } from '../../base/bytes.js';
import { canonicalJson, isMap, type Json, type JsonMap } from '../../base/data.js';
import type { Digest } from '../../base/digest.js';
import { namePattern, type DomainName, type Revision } from '../../base/names.js';
import { actions } from '../../plan/types.js';
import type { ActionCounts } from '../words/plan.js';
import type { CommentPhase, SectionMemory } from './document.js';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const phases: readonly CommentPhase[] = [
  'planned',
  'rejected',
  'held',
  'pending',
  'progressing',
  'applied',
  'failed',
  'reverted',
  'superseded',
];
const nameForm = new RegExp(namePattern);
const revisionForm = /^[0-9a-f]{40}$/;

/** Letters, digits, `-` and `_` (RFC 4648, 5): nothing that could end a comment of HTML. */
export function encodeMemory({ other, ...known }: SectionMemory): string {
  const told = Object.entries(known).filter(([, value]) => !isUsual(value));
  const counts = Object.entries(known.counts).filter(([, number]) => number !== 0);
  const memory = { ...other, ...Object.fromEntries(told), counts: Object.fromEntries(counts) };
  return base64url(utf8(canonicalJson(memory)));
}

/** What is read where nothing stands; an empty list of changes is not the same as none. */
function isUsual(value: unknown): boolean {
  return value === null || value === 0 || value === '';
}

/** Null for what was never encoded, or has been changed since. */
export function decodeMemory(text: string): SectionMemory | null {
  const bytes = bytesOf(text);
  const json = bytes === null ? null : fromUtf8(bytes);
  const data = json === null ? undefined : parsed(json);
  return isMap(data) ? memoryOf(data) : null;
}

function parsed(json: string): Json | undefined {
  try {
    return JSON.parse(json) as Json;
  } catch {
    return undefined;
  }
}

function memoryOf(data: JsonMap): SectionMemory | null {
  const { domain, phase, isMerged, counts, changes, ...rest } = data;
  if (typeof domain !== 'string' || !nameForm.test(domain)) return null;
  const known = phases.find((one) => one === phase);
  if (known === undefined || typeof isMerged !== 'boolean') return null;
  const { head, revision, planDigest, supersededHead, wholeUrl, plannedAtMs, ...more } = rest;
  const { solutions, lost, errors, superseded, updatedAtMs, ...other } = more;
  return {
    domain: domain as DomainName,
    phase: known,
    isMerged,
    head: revisionOf(head),
    revision: revisionOf(revision),
    planDigest: typeof planDigest === 'string' ? (planDigest as Digest) : null,
    counts: countsOf(counts),
    solutions: numberOf(solutions),
    lost: numberOf(lost),
    errors: numberOf(errors),
    changes: linesOf(changes),
    superseded: numberOf(superseded),
    supersededHead: revisionOf(supersededHead),
    plannedAtMs: typeof plannedAtMs === 'number' ? plannedAtMs : null,
    updatedAtMs: numberOf(updatedAtMs),
    wholeUrl: typeof wholeUrl === 'string' ? wholeUrl : null,
    other,
  };
}

function revisionOf(value: Json | undefined): Revision | null {
  return typeof value === 'string' && revisionForm.test(value) ? (value as Revision) : null;
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(value) ? value : 0;
}

function countsOf(value: Json | undefined): ActionCounts {
  const given = isMap(value) ? value : {};
  return Object.fromEntries(actions.map((action) => [action, numberOf(given[action])])) as ActionCounts;
}

function linesOf(value: Json | undefined): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  return (value as readonly Json[]).filter((line) => typeof line === 'string');
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3);
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += letters.charAt(word >> 18) + letters.charAt((word >> 12) & 63);
    if (b !== undefined) text += letters.charAt((word >> 6) & 63);
    if (c !== undefined) text += letters.charAt(word & 63);
  }
  return text;
}

function bytesOf(text: string): Uint8Array | null {
  if (text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let at = 0;
  let word = 0;
  let bits = 0;
  for (const letter of text) {
    const value = letters.indexOf(letter);
    if (value < 0) return null;
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (word >> bits) & 0xff;
  }
  return bytes;
}
