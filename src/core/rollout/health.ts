import type { HealthCheck } from '../base/desired.js';
import type { SafeText } from '../base/safe-text.js';
import type { EngineMs } from './state.js';

/** Consecutive answers of a probe, and what follows from them. */
export interface HealthCount {
  readonly health: 'good' | 'bad' | 'unknown';
  readonly goodSince: EngineMs | null;
  readonly good: number;
  readonly bad: number;
  readonly detail: SafeText | null;
}

export const unprobed: HealthCount = { health: 'unknown', goodSince: null, good: 0, bad: 0, detail: null };

/** `healthyAfter` good answers in a row make it good, `unhealthyAfter` bad ones bad; between, it stays what it was. */
export function countAnswer(
  before: HealthCount,
  answer: { readonly good: boolean; readonly detail: SafeText },
  check: Pick<HealthCheck, 'healthyAfter' | 'unhealthyAfter'>,
  now: EngineMs,
): HealthCount {
  const good = answer.good ? before.good + 1 : 0;
  const bad = answer.good ? 0 : before.bad + 1;
  if (answer.good && good >= check.healthyAfter) {
    return {
      health: 'good',
      goodSince: before.health === 'good' ? before.goodSince : now,
      good,
      bad,
      detail: answer.detail,
    };
  }
  if (!answer.good && bad >= check.unhealthyAfter)
    return { health: 'bad', goodSince: null, good, bad, detail: answer.detail };
  return { ...before, good, bad, detail: answer.detail };
}
