import type { Retries, Transition } from '../base/desired.js';
import type { SafeText } from '../base/safe-text.js';
import type { EngineMs, InstanceState, Trouble } from './state.js';

/** One more failure of the round under way. */
export function troubleAfter(
  instance: InstanceState,
  retries: Retries,
  failure: {
    readonly transition: Transition | 'health';
    readonly reason: SafeText;
    readonly retryable: boolean;
  },
  now: EngineMs,
): Trouble {
  const failures = (instance.trouble?.failures ?? 0) + 1;
  return {
    transition: failure.transition,
    failures,
    lastAt: now,
    reason: failure.reason,
    exhausted: !failure.retryable || failures > retries.limit,
  };
}

/** When the next try may be made. The first crash of an instance that was well is repaired at once. */
export function nextTryAt(trouble: Trouble, retries: Retries): EngineMs {
  const doublings = trouble.failures - (trouble.transition === 'health' ? 2 : 1);
  if (doublings < 0) return trouble.lastAt;
  return trouble.lastAt + Math.min(retries.maxBackoffMs, retries.backoffMs * (1 << Math.min(doublings, 30)));
}

/** Being well says nothing of what cannot be done to it: that would begin anew without a pause. */
export function isForgivable(trouble: Trouble | null): boolean {
  return trouble !== null && ['health', 'start', 'create', 'reset'].includes(trouble.transition);
}
