import type { DomainName, ElementKey, Revision, RolloutId, SolutionName } from '../../../core/base/names.js';
import type { ValueChange } from '../../../core/plan/types.js';
import type { Phase } from '../../../core/rollout/state.js';
import type { Aspect } from '../../../core/status/blame.js';
import type { PullRequestView } from '../../../core/status/pull-request.js';
import type { HistoryChange, QuarantinedView, RevertView, Verdict } from '../../../core/status/view.js';
import type { Interruptible, Place } from './place.js';

export interface BlameRequest extends Place, Interruptible {
  /** `domain/solution` or `domain/solution/element`. */
  readonly target: string;
}

/** What made what runs be what it is. */
export interface BlameView {
  readonly domain: DomainName;
  readonly target: string;
  /** Everything was taken down by hand: nothing runs, whatever was rolled out. */
  readonly down: boolean;
  /** Sorted by name. */
  readonly elements: readonly BlamedElement[];
}

export interface BlamedElement {
  readonly element: ElementKey;
  readonly aspects: readonly {
    readonly aspect: Aspect;
    /** A version, a number of instances, a generation of the configuration; null: it is not there. */
    readonly value: string | null;
    /** Null: it was so before the oldest rollout that is remembered. */
    readonly by: BlamedChange | null;
    /** What came after that and did not last, newest first. */
    readonly undone: readonly BlamedChange[];
  }[];
}

/** A commit that changed something, and the rollout by which it did. */
export interface BlamedChange {
  readonly revision: Revision;
  readonly author: string;
  readonly subject: string;
  /** By which the commit came; null: none is known. */
  readonly pullRequest: PullRequestView | null;
  /** Milliseconds since 1970; null where the commit is not at hand. */
  readonly committedAtMs: number | null;
  readonly rollout: RolloutId;
  readonly startedAtMs: number;
  /** Null while it goes on. */
  readonly endedAtMs: number | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly before: string | null;
  readonly after: string | null;
  /** Of the configuration: what differs. */
  readonly values: readonly ValueChange[];
  readonly reverts: Revision | null;
  readonly revertMadeBy: 'heliostat' | 'person' | null;
  readonly revert: RevertView | null;
  readonly quarantined: readonly QuarantinedView[];
}

export interface BisectRequest extends Place, Interruptible {
  /** `domain/solution`. */
  readonly target: string;
}

/** Since which commit a solution is unhealthy, or was when it last was. */
export interface BisectView {
  readonly domain: DomainName;
  readonly solution: SolutionName;
  /** `never`: all that is remembered of it is good. */
  readonly unhealthy: 'now' | 'before' | 'never';
  /** Commits of the status branch about the domain, and how many of them were read. */
  readonly commits: number;
  readonly read: number;
  /** Null where it was never unhealthy. */
  readonly first: BisectedCommit | null;
}

export interface BisectedCommit {
  /** Commit of the status branch that says so first, and the last one before it that says otherwise. */
  readonly status: string;
  readonly lastGood: string | null;
  readonly sinceMs: number;
  /** When it was well again; null: it is not yet. */
  readonly untilMs: number | null;
  /** `rollout`: while the commit was carried out; `afterwards`: it was applied, and nothing in Git has changed since. */
  readonly when: 'rollout' | 'afterwards';
  readonly revision: Revision;
  readonly author: string;
  readonly subject: string;
  readonly committedAtMs: number | null;
  readonly phase: Phase | null;
  readonly reason: string | null;
  readonly changes: readonly HistoryChange[];
  /** What was seen, one line each. */
  readonly evidence: readonly string[];
  /** Commits that became part of it because they came together with it, newest first. */
  readonly together: readonly {
    readonly revision: Revision;
    readonly author: string;
    readonly subject: string;
  }[];
  readonly revert: RevertView | null;
}
