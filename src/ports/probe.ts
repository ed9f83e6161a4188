import type { Probe } from '../core/base/desired.js';
import type { SafeText } from '../core/base/safe-text.js';
import type { Cancel } from './clock.js';

export interface ProbeTask {
  readonly probe: Probe;
  readonly address: string;
  readonly port: number | null;
  readonly timeoutMs: number;
}

export interface ProbeAnswer {
  readonly good: boolean;
  /** Last answer, for people: `503 in 12 ms`. */
  readonly detail: SafeText;
}

export interface Prober {
  /** Never rejects: what cannot be reached is an answer that is not good. */
  probe(task: ProbeTask, cancel: Cancel): Promise<ProbeAnswer>;
}
