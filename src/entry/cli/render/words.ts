export { count, durationText, groupBy, padded, shortRevision, widest } from '../../../core/base/words.js';

const latestMs = 8_640_000_000_000_000;

/** For programs: ISO 8601 in UTC. */
export function isoTime(ms: number): string {
  return new Date(Math.min(Math.max(ms, -latestMs), latestMs)).toISOString();
}

/** For people: `2026-05-03 10:00:12Z`. */
export function timeText(ms: number): string {
  return isoTime(ms)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
