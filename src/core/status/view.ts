import type { Json } from '../base/data.js';
import type { DependencyType, Lifecycle } from '../base/desired.js';
import type {
  ComponentName,
  DomainName,
  ElementKey,
  ElementName,
  Generation,
  InstanceId,
  Revision,
  RolloutId,
  SolutionName,
} from '../base/names.js';
import type { Range, Version } from '../base/version.js';
import type { Action } from '../plan/types.js';
import type { Phase } from '../rollout/state.js';
import type { PullRequestView } from './pull-request.js';

/** How a commit ended in a domain; the last three are still open. */
export type Verdict =
  'applied' | 'rejected' | 'superseded' | 'failed' | 'reverted' | 'pending' | 'held' | 'progressing';

/** What runs, as a person or a program asks for it; times are milliseconds since 1970. */
export interface StatusView {
  readonly domain: DomainName;
  /** Last accepted revision; null before the first. */
  readonly revision: Revision | null;
  /** Who runs the domain; null if nobody ever did. */
  readonly controller: ControllerView | null;
  /** The oldest observation that the answer rests on; null if nothing was observed. */
  readonly observedAtMs: number | null;
  readonly healthy: boolean;
  /** What concerns the whole domain: holds, a rejected tip, a journal that cannot be written. */
  readonly conditions: readonly ConditionView[];
  /** Sorted by name. */
  readonly solutions: readonly SolutionView[];
}

export interface ControllerView {
  readonly name: string;
  readonly epoch: number;
  /** Of its claim; null: it had nothing to do yet, and so has claimed nothing. */
  readonly sinceMs: number | null;
  /** Whether it answered just now. */
  readonly running: boolean;
}

export interface SolutionView {
  readonly name: SolutionName;
  readonly revision: Revision | null;
  readonly lastStable: Revision | null;
  readonly healthy: boolean;
  /** Of the latest rollout; null if there was none. */
  readonly phase: Phase | null;
  readonly quarantined: readonly QuarantineView[];
  readonly conditions: readonly ConditionView[];
  /** Sorted by name. */
  readonly elements: readonly ElementView[];
}

export interface QuarantineView {
  readonly element: ElementName;
  readonly version: Version;
  readonly generation: Generation;
  readonly revision: Revision;
  readonly reason: string;
  readonly pullRequest: string | null;
}

export interface ConditionView {
  /** One word: `stale`, `drift`, `held`, `paused`, `stalled`, `detached`, … */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  /** 0 where nobody noted it. */
  readonly sinceMs: number;
  /** When it ends by itself, milliseconds since 1970; absent or null: it does not. */
  readonly untilMs?: number | null;
  /** What mends it; null if nothing has to be done. */
  readonly command: string | null;
}

export interface ElementView {
  readonly name: ElementName;
  readonly component: ComponentName;
  readonly healthy: boolean;
  /** Where consumers, or the outside if it is exposed, reach it. */
  readonly endpoint: string | null;
  /** Null: it is on its way out. Several versions side by side: the highest one, and the size of all. */
  readonly desired: { readonly version: Version; readonly size: number } | null;
  readonly clusters: readonly ClusterView[];
  /** Of a canary, or of blue and green, that is under way; absent: it is on none. */
  readonly step?: StepView;
}

/** How far a rollout in steps has come, and what it waits for there. */
export interface StepView {
  /** From 1. */
  readonly number: number;
  /** So many there are; the full size follows the last one. */
  readonly of: number;
  /** `2 instances`, `25 % of the instances`, `10 % of the traffic`. */
  readonly share: string;
  /** `begun`: its instances come up. `held`: for a pause, or for its gates. `awaited`: a person is to promote it. */
  readonly state: 'begun' | 'held' | 'awaited';
  /** It stays at least until then, milliseconds since 1970; null: there is no pause, or it has not begun. */
  readonly pauseUntilMs: number | null;
  /** Sorted by name. */
  readonly gates: readonly GateView[];
  /** Who lets it go on at the end of its steps; `promoted`: a person did already. */
  readonly promotion: 'manual' | 'promoted' | 'auto';
  /** What lets it go on; null where nothing has to be done. */
  readonly command: string | null;
}

export interface GateView {
  readonly name: string;
  readonly state: 'open' | 'passed' | 'failed' | 'unmeasurable';
  readonly good: number;
  /** So many good ones pass it. */
  readonly count: number;
  readonly bad: number;
  /** More bad ones than this fail it. */
  readonly failureLimit: number;
  readonly lastAnswer: string | null;
}

export interface ClusterView {
  readonly version: Version;
  readonly generation: Generation;
  readonly state: Lifecycle;
  readonly size: number;
  /** Number of instances that are active. */
  readonly active: number;
  /** Kept for the way back until then, milliseconds since 1970; null: no end yet; absent: it is on no standby. */
  readonly standbyUntilMs?: number | null;
  readonly instances: readonly InstanceView[];
}

export interface InstanceView {
  readonly id: InstanceId;
  readonly state: Lifecycle;
  readonly health: 'good' | 'bad' | 'unknown';
  readonly endpoint: string | null;
  /** What people know it by: `pid 4711`, a path. */
  readonly resource: string | null;
}

/** Newest first. */
export interface HistoryView {
  readonly rollouts: readonly HistoryRollout[];
}

export interface HistoryRollout {
  readonly id: RolloutId;
  readonly solution: SolutionName;
  readonly revision: Revision;
  readonly author: string;
  readonly subject: string;
  /** By which the commit came; null: none is known. */
  readonly pullRequest: PullRequestView | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly startedAtMs: number;
  /** Null while it goes on. */
  readonly durationMs: number | null;
  /** The revision whose effect this one takes back. */
  readonly reverts: Revision | null;
  /** Who made the commit that takes it back; null where it takes nothing back. */
  readonly revertMadeBy: 'heliostat' | 'person' | null;
  /** What was to say in Git that this one was taken back; null where it was not. */
  readonly revert: RevertView | null;
  /** What failed in it and was kept out from then on. */
  readonly quarantined: readonly QuarantinedView[];
  readonly changes: readonly HistoryChange[];
}

/** A commit of ours that takes back what failed. */
export interface RevertView {
  /** `made`: on the tracked branch; `branch`: to be merged by a person; `none`: nothing was to be made; `open`: not known yet. */
  readonly outcome: 'made' | 'branch' | 'none' | 'open';
  readonly commit: Revision | null;
  readonly branch: string | null;
  /** Why it is not on the tracked branch, or in no pull request. */
  readonly reason: string | null;
  /** That is to bring it in; null: there is none. */
  readonly pullRequest: string | null;
}

export interface QuarantinedView {
  readonly element: ElementName;
  readonly version: string;
  readonly generation: string;
  /** It stays out still. */
  readonly inForce: boolean;
}

export interface HistoryChange {
  readonly element: ElementName;
  readonly action: Action;
  /** Versions, `1.4.0`; null where there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** One thing that happened, for people and for programs that follow. */
export interface EventView {
  /** Position in its stream; grows. */
  readonly sequence: number;
  readonly atMs: number;
  readonly domain: DomainName;
  /** Null for what concerns the whole domain. */
  readonly solution: SolutionName | null;
  /** Kind of the journal's entry (`operation.begun`, `rollout.phase`, …). */
  readonly kind: string;
  /** What it is about: an instance, an element, a revision; empty if it is the solution or domain itself. */
  readonly subject: string;
  /** One sentence for people. */
  readonly message: string;
  /** The entry's own fields. */
  readonly data: Json;
}

export interface GraphView {
  readonly domain: DomainName;
  /** Sorted by id. */
  readonly nodes: readonly GraphNode[];
  /** Sorted by consumer, then provider. */
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: ElementKey;
  readonly solution: SolutionName;
  readonly element: ElementName;
  readonly component: ComponentName;
  readonly versions: readonly Version[];
  readonly size: number;
}

export interface GraphEdge {
  /** The consumer. */
  readonly from: ElementKey;
  /** The provider. */
  readonly to: ElementKey;
  readonly type: DependencyType;
  readonly relationship: string;
  readonly range: Range;
}
