import type { InstanceId } from '../../../core/base/names.js';
import type { Progress } from './apply.js';
import type { Interruptible, Place } from './place.js';

export interface OperatorAct extends Place, Interruptible {
  /** In full; for `approve` the id of the hold. */
  readonly target: string;
  readonly reason: string;
}

export interface PauseRequest extends OperatorAct {
  /** It ends by itself after so long; null: when a person resumes it. */
  readonly forMs: number | null;
}

export interface AbortRequest extends OperatorAct {
  /** Go back to what was stable, instead of leaving what runs. */
  readonly revert: boolean;
}

export interface DownRequest extends Place, Interruptible {
  readonly reason: string;
  readonly timeoutMs: number | null;
}

export interface DownHooks {
  /** Names of all instances that go, in the order in which they go. False: nothing may be done. */
  approve(instances: readonly InstanceId[]): Promise<boolean>;
  progress(progress: Progress): void;
}

/** What an operator's verb has brought about, for people. */
export interface ActView {
  readonly done: boolean;
  readonly message: string;
}
