import type { Gate } from '../base/canary.js';
import type { SafeText } from '../base/safe-text.js';

/** One attempt to measure. What could not be measured says nothing about the new version, neither good nor bad. */
export interface GateAnswer {
  readonly outcome: 'passed' | 'failed' | 'unmeasured';
  /** What was seen, for people: `0.97, wanted > 0.99`. */
  readonly detail: SafeText;
}

/**
 * `open`: go on measuring. `passed`, `failed`: for good. `unmeasurable`: a person has to look; a later measurement
 * takes it out of there.
 */
export type GateState = 'open' | 'passed' | 'failed' | 'unmeasurable';

export interface GateCount {
  readonly state: GateState;
  readonly good: number;
  readonly bad: number;
  /** In a row. */
  readonly unmeasured: number;
  /** Of the last answer. */
  readonly detail: SafeText | null;
}

export const uncounted: GateCount = { state: 'open', good: 0, bad: 0, unmeasured: 0, detail: null };

/** What is counted of a gate after one more answer. */
export function countGate(
  before: GateCount,
  { outcome, detail }: GateAnswer,
  { count, failureLimit, errorLimit }: Pick<Gate, 'count' | 'failureLimit' | 'errorLimit'>,
): GateCount {
  if (before.state === 'passed' || before.state === 'failed') return before;
  const good = before.good + (outcome === 'passed' ? 1 : 0);
  const bad = before.bad + (outcome === 'failed' ? 1 : 0);
  const unmeasured = outcome === 'unmeasured' ? before.unmeasured + 1 : 0;
  return { state: stateOf(), good, bad, unmeasured, detail };

  function stateOf(): GateState {
    if (bad > failureLimit) return 'failed';
    if (good >= count) return 'passed';
    return unmeasured >= errorLimit ? 'unmeasurable' : 'open';
  }
}
