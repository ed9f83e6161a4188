import type { Gate } from '../core/base/canary.js';
import type { InstanceId } from '../core/base/names.js';
import type { GateAnswer } from '../core/rollout/gate.js';
import type { Cancel } from './clock.js';

/** Whom a gate asks about. */
export interface GateTarget {
  /** All instances of the new cluster that are in this step. */
  readonly instances: readonly GateInstance[];
  /** Where consumers reach the element, as text with scheme and port; null: nobody can. */
  readonly endpoint: string | null;
}

export interface GateInstance {
  readonly id: InstanceId;
  readonly address: string;
  readonly port: number | null;
}

export interface Gauge {
  /**
   * Measures once, in at most the gate's `timeoutMs`. Never rejects: what cannot be reached, read or understood is
   * `unmeasured`, and so is a cancelled attempt.
   */
  measure(gate: Gate, target: GateTarget, cancel: Cancel): Promise<GateAnswer>;
}
