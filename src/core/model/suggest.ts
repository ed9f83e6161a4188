import { byCodeUnit } from '../base/order.js';

/** Longer words are not compared: a suggestion is for a slip of the fingers. */
const longest = 64;

/**
 * The candidate that was probably meant, or null: at most a third of the word's characters differ (one at least).
 * Ties go to the first by code unit, so that the same mistake always gives the same message.
 */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > longest) return null;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  const lower = word.toLowerCase();
  for (const candidate of [...candidates].sort(byCodeUnit)) {
    if (candidate.length > longest) continue;
    const differences = distance(lower, candidate.toLowerCase(), least);
    if (differences < least) [best, least] = [candidate, differences];
  }
  return best;
}

/** `, did you mean "x"?` or nothing, for the end of a sentence. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = suggest(word, candidates);
  return found === null ? '' : `; did you mean "${found}"?`;
}

/** Damerau–Levenshtein with neighbours swapped (optimal string alignment); gives up with `limit` at that many. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, at(beforeLast, j - 2) + 1);
      row.push(least);
    }
    if (row.every((value) => value >= limit)) return limit;
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
