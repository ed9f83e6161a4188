import type { DesiredElement } from '../base/desired.js';
import type { ElementKey, InstanceId, SolutionName } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import type { Digest } from '../base/digest.js';
import type { ElementState, EngineMs, SolutionState } from './state.js';

/** What was last seen of an instance; kept outside the fold, gone with the process. */
export interface Seen {
  readonly presence: 'present' | 'absent' | 'unknown';
  readonly state: 'inactive' | 'active' | 'failure' | null;
  readonly digest: Digest | null;
  readonly resource: SafeText | null;
  readonly detail: SafeText | null;
  /** Judged from probes, or from the provider where there is no probe. */
  readonly health: 'good' | 'bad' | 'unknown';
  /** Since when it is good without a break. */
  readonly goodSince: EngineMs | null;
  /** Held: the resource carries our key and another home. */
  readonly foreignHome: string | null;
}

/** The neighbours, as far as decisions need them; a view over tables, never a copy. */
export interface Facts {
  readonly now: EngineMs;
  solution(name: SolutionName): SolutionState | null;
  element(key: ElementKey): ElementState | null;
  /** Elements of which a target or a live cluster has a relationship to this one, sorted. */
  consumers(key: ElementKey): readonly ElementKey[];
  /** Unknown where nothing was seen. */
  seen(id: InstanceId): Seen;
  /** Instances that were placed on this one, with a lifecycle other than initial. */
  dependents(id: InstanceId): number;
  desired(key: ElementKey): DesiredElement | null;
}
