import { isMap, type Json } from '../base/data.js';
import { durationPattern, maximumDurationMs, parseDuration } from './duration.js';
import type { Findings, Path } from './findings.js';
import { quoted } from './quote.js';
import { durationMistake } from './values.js';

/** Each of these keys of the map, where it is there. */
export function checkDurations(
  map: Json | undefined,
  keys: readonly string[],
  path: Path,
  findings: Findings,
): void {
  if (isMap(map)) for (const key of keys) checkDuration(map[key], [...path, key], findings);
}

export function checkDuration(duration: Json | undefined, path: Path, findings: Findings): void {
  if (typeof duration !== 'string' || parseDuration(duration) !== null) return;
  if (!new RegExp(durationPattern).test(duration)) {
    return findings.atValue(path, durationMistake(String(path.at(-1)), duration));
  }
  findings.atValue(path, {
    code: 'value.duration',
    message: `${quoted(duration)} is longer than ${maximumDurationMs / 86_400_000} days`,
    fix: 'Write a shorter time; mind the unit.',
  });
}
