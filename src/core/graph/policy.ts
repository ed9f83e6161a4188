import type { Amount, RolloutPolicy } from '../base/desired.js';
import { parseAmount } from '../model/duration.js';
import type { DomainDocument, RolloutDocument } from '../model/kinds.js';
import { canarySteps } from './canary.js';
import { duration } from './release.js';

/** The element's own words over those of the domain over the defaults. */
export function rolloutPolicy(
  defaults: DomainDocument['defaults'],
  own: RolloutDocument | undefined,
): RolloutPolicy {
  const written: RolloutDocument = { ...defaults?.rollout, ...own };
  return {
    strategy: written.strategy ?? 'rolling',
    maxSurge: amount(written.maxSurge, 1),
    maxUnavailable: amount(written.maxUnavailable, 0),
    minHealthyTimeMs: duration(written.minHealthyTime, 10_000),
    healthyDeadlineMs: duration(written.healthyDeadline, 300_000),
    progressDeadlineMs: duration(written.progressDeadline, 600_000),
    drainDelayMs: duration(written.drainDelay, 30_000),
    onFailure: written.onFailure ?? 'revert',
    allowDowntime: written.allowDowntime ?? false,
    ...waiting(written),
  };
}

/** Only what is said and means something: the digests of all others stay what they were in earlier releases. */
function waiting(written: RolloutDocument): Pick<RolloutPolicy, 'canary' | 'promote' | 'standbyMs'> {
  const { strategy, promote } = written;
  const canary = strategy === 'canary' ? canarySteps(written.canary?.steps ?? []) : [];
  const standbyMs = duration(written.standby, 0);
  const waits = strategy === 'canary' || strategy === 'blueGreen';
  return {
    ...(canary.length === 0 ? {} : { canary }),
    ...(waits && promote === 'auto' ? { promote } : {}),
    ...(standbyMs === 0 ? {} : { standbyMs }),
  };
}

function amount(value: number | string | undefined, fallback: number): Amount {
  return (value === undefined ? null : parseAmount(value)) ?? { kind: 'count', value: fallback };
}

/** Surge rounds up, unavailable down; both 0 after rounding means that one may be unavailable. */
export function unavailableOf(policy: RolloutPolicy, size: number): number {
  const { maxSurge, maxUnavailable } = policy;
  const surge = maxSurge.kind === 'count' ? maxSurge.value : Math.ceil((maxSurge.value * size) / 100);
  const unavailable =
    maxUnavailable.kind === 'count' ? maxUnavailable.value : Math.floor((maxUnavailable.value * size) / 100);
  return surge === 0 && unavailable === 0 ? 1 : unavailable;
}

/** Whether a rollout may leave an element of this size with nothing. */
export function stopsEverything(policy: RolloutPolicy, size: number): boolean {
  return size > 0 && (policy.strategy === 'recreate' || unavailableOf(policy, size) >= size);
}
