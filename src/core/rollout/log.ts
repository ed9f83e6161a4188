import type { Transition } from '../base/desired.js';
import type { Digest } from '../base/digest.js';
import type { InstanceId, OperationId, Revision, RolloutId, SolutionName } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import type { Change } from '../plan/types.js';
import type { Phase, Quarantined } from './state.js';

export interface StepRecord {
  readonly operation: OperationId;
  readonly transition: Transition;
  readonly instance: InstanceId;
  readonly startedWallMs: number;
  readonly durationMs: number | null;
  readonly outcome: 'open' | 'done' | 'failed' | 'unknown';
  readonly reason: SafeText | null;
}

/** What one rollout did, step by step; written to the status branch when it ends. */
export interface RolloutLog {
  readonly id: RolloutId;
  readonly solution: SolutionName;
  readonly revision: Revision;
  readonly arrival: number;
  /** Of the commit: the log outlives what is remembered of it. Not in journals of earlier releases. */
  readonly subject?: SafeText;
  readonly author?: SafeText;
  readonly planDigest: Digest;
  /** Of the whole solution: who asks again for what was stable before takes back what came between. */
  readonly desiredDigest: Digest;
  readonly changes: readonly Change[];
  readonly startedWallMs: number;
  readonly endedWallMs: number | null;
  readonly phase: Phase;
  readonly reason: SafeText | null;
  /** What failed and stays out since; absent where nothing was taken back. */
  readonly quarantined?: readonly Quarantined[];
  /** A table; the last ones if there are very many. */
  readonly steps: StepRecord[];
}
