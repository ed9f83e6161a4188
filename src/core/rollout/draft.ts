import type { SafeText } from '../base/safe-text.js';
import type { SolutionEntry } from './entries.js';
import type { Failure } from './fail.js';
import type { EngineMs } from './state.js';

/** What a decision gathers: facts to record, when to look again, and why the rollout cannot go on. */
export interface Draft {
  readonly entries: SolutionEntry[];
  /** Earliest engine time at which the decision may become another one. */
  wakeAt: EngineMs | null;
  /** The rollout of this element has failed. */
  failing: Failure | null;
  /** The rollout can neither go on nor be said to have failed: a person has to look. */
  stuck: SafeText | null;
  /** A new instance waits for a provider: deadlines stand still. */
  waiting: boolean;
}

export function newDraft(): Draft {
  return { entries: [], wakeAt: null, failing: null, stuck: null, waiting: false };
}

export function wake(draft: Draft, at: EngineMs): void {
  if (draft.wakeAt === null || at < draft.wakeAt) draft.wakeAt = at;
}
