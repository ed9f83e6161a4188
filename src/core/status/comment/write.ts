import { marker, type CommentDocument } from './document.js';
import { leastSizeOf, sizeOf, smaller } from './cut.js';
import { laidOut } from './layout.js';

/**
 * The comment, its marker first. Never longer than the limit, in characters and in bytes; where there is too much, it
 * says what was left out. Rollup, each domain's status and its destroys stay.
 */
export function writeComment(document: CommentDocument, limitCharacters: number): string {
  return fitted(document, limitCharacters, true) ?? `${marker}\n`.slice(0, Math.max(0, limitCharacters));
}

/** The same for a job's summary: without what only programs read. */
export function writeSummary(document: CommentDocument, limitBytes: number): string {
  return fitted(document, limitBytes, false) ?? '';
}

function fitted(document: CommentDocument, limit: number, isHidden: boolean): string | null {
  for (const candidate of smaller(document)) {
    // Far too much is not even laid out.
    if (leastSizeOf(candidate) > limit) continue;
    const text = laidOut(candidate, isHidden);
    if (text.length <= limit && sizeOf(text) <= limit) return text;
  }
  return null;
}
