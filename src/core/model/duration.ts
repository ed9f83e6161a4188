import type { Amount } from '../base/desired.js';

/** 30 days: no deadline or waiting time of a rollout is longer, and a mistyped one is found out. */
export const maximumDurationMs = 30 * 24 * 3_600_000;
/** The same text that `schemas/` allow; kept equal by a test. */
export const durationPattern = '^(?=[0-9])([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$';
export const maximumCount = 10_000;

const parts = new RegExp(durationPattern);

/** `250ms`, `10s`, `5m`, `1h30m` in milliseconds; null for anything else, and for more than 30 days. */
export function parseDuration(text: string): number | null {
  const match = parts.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds, milliseconds] = match.slice(1, 5).map((part) => parseInt(part ?? '0', 10));
  const total =
    (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1000 + (milliseconds ?? 0);
  return total <= maximumDurationMs ? total : null;
}

/** A number of instances (`2`) or a share of them (`25%`, 0 to 100); null for anything else. */
export function parseAmount(value: number | string): Amount | null {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value <= maximumCount ? { kind: 'count', value } : null;
  }
  const match = /^([0-9]{1,3})%$/.exec(value);
  const percent = Number(match?.[1] ?? 101);
  return percent <= 100 ? { kind: 'percent', value: percent } : null;
}
