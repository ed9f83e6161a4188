import type { Digest } from '../base/digest.js';
import type { ElementKey, InstanceId, ProviderName, SolutionName } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import type { Pause } from './pause.js';
import type { ClusterState, ElementState, EngineMs, InstanceState, SolutionState } from './state.js';

/** What was last seen of an instance; kept outside the fold, gone with the process. */
export interface Seen {
  readonly presence: 'present' | 'absent' | 'unknown';
  /** Null unless present. */
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
  /** When this controller began to look; 0 where it always has. Before it nobody saw what became healthy. */
  readonly begunAt: EngineMs;
  /** Milliseconds since 1970; absent where no time of day is to count. */
  wallNow?(): number;
  element(key: ElementKey): ElementState | null;
  /** Absent where each rollout is looked at by itself: in a preview, which leaves open what others come to. */
  solution?(name: SolutionName): SolutionState | null;
  /** Elements of which a target or a live cluster has a relationship to this one, sorted. */
  consumers(key: ElementKey): readonly ElementKey[];
  /** `presence: unknown` where nothing was seen since the start. */
  seen(id: InstanceId): Seen;
  /** What people have paused; absent where nobody can. */
  pauses?(): readonly Pause[];
  /** Instances that other elements have begun to start in the decision under way. */
  readonly starting?: ReadonlySet<InstanceId>;
  /** How many instances were placed on this one and still exist. */
  dependents(id: InstanceId): number;
  /** Digest of the instance's configuration with every reference filled in; null while an endpoint is unknown. */
  configurationDigest(instance: InstanceState, cluster: ClusterState): Digest | null;
  /** Where the provider's instances listen: a host, or a path for what is a folder. */
  address(provider: ProviderName, id: InstanceId): string;
  needsPort(provider: ProviderName): boolean;
  /**
   * The n-th unused port of the provider's range (0: the next); null if the range is used up. The search begins behind
   * `after`, where somebody else was found.
   */
  freePort(provider: ProviderName | 'gateway', nth: number, after?: number | null): number | null;
  /** Whether `reconfigure` takes an instance out of service for a moment. */
  reconfigureInterrupts(provider: ProviderName): boolean;
}
