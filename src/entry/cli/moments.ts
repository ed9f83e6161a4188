import { parseDuration } from '../../core/model/duration.js';
import { Failure } from './operations.js';
import { printable } from './render/printable.js';

/** @throws {Failure} for what is no duration like `90s` or `10m`. */
export function durationMsOf(text: string | undefined, option: string): number | null {
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new Failure(
    'cli.badDuration',
    `${option} ${printable(text)} is no duration`,
    'Write it like 90s, 10m or 1h30m.',
  );
}

/** A time (`2026-05-03T10:00Z`) or how long ago it was (`10m`); milliseconds since 1970. */
export function momentMsOf(text: string | undefined, nowMs: number): number | null {
  if (text === undefined) return null;
  const ago = parseDuration(text);
  if (ago !== null) return nowMs - ago;
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at)) return at;
  throw new Failure(
    'cli.badTime',
    `"${printable(text)}" is no time`,
    'Write how long ago it was, 10m or 2h, or a time such as 2026-05-03T10:00Z.',
  );
}

/** @throws {Failure} for what is no whole number of at least 1. */
export function countOf(text: string, option: string): number {
  const number = /^[0-9]{1,7}$/.test(text) ? Number(text) : 0;
  if (number >= 1) return number;
  throw new Failure(
    'cli.badNumber',
    `${option} ${printable(text)} is no number of at least 1`,
    `Write it like ${option} 50.`,
  );
}
