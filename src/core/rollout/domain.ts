import type { Diagnostic } from '../base/diagnostic.js';
import type { Digest } from '../base/digest.js';
import type {
  DomainId,
  DomainName,
  InstanceId,
  ProviderName,
  Revision,
  RolloutId,
  SolutionName,
} from '../base/names.js';
import type { ReleaseRecord, ValidatedTip } from '../base/release.js';
import type { SafeText } from '../base/safe-text.js';
import type { Hold } from '../plan/types.js';
import type { Pause, PauseTarget } from './pause.js';

export type Verdict =
  'applied' | 'rejected' | 'superseded' | 'failed' | 'reverted' | 'pending' | 'held' | 'progressing';
export type FinalVerdict = 'applied' | 'rejected' | 'superseded' | 'failed' | 'reverted';

/** A solution in a revision's scope, or `*` for a revision that has none. */
export type Scoped = SolutionName | '*';

/** What happens in the domain's own stream: tips, arrivals, verdicts. */
export type DomainEntry =
  | {
      readonly kind: 'domain.claimed';
      readonly id: DomainId;
      readonly domain: DomainName;
      readonly controller: string;
      readonly epoch: number;
      readonly home: string;
      readonly branch: string;
      readonly since: number;
    }
  | {
      readonly kind: 'tip.seen';
      readonly revision: Revision;
      readonly arrival: number;
      readonly superseded: readonly Revision[];
      readonly subject: SafeText;
      readonly author: SafeText;
      readonly committedMs: number;
    }
  | {
      readonly kind: 'revision.accepted';
      readonly revision: Revision;
      readonly arrival: number;
      readonly scope: readonly SolutionName[];
      readonly stale: readonly { readonly solution: SolutionName; readonly code: string }[];
      readonly releases: readonly ReleaseRecord[];
      readonly tip: ValidatedTip;
      readonly diagnostics: readonly Diagnostic[];
      /** Of the plan that is carried out; journals of before it was kept do not say it. */
      readonly plan?: Digest;
    }
  | {
      readonly kind: 'revision.rejected';
      readonly revision: Revision;
      readonly arrival: number;
      /** The first of them. */
      readonly diagnostics: readonly Diagnostic[];
      readonly count: number;
      readonly tip: ValidatedTip;
    }
  | {
      readonly kind: 'verdict.given';
      readonly revision: Revision;
      readonly arrival: number;
      readonly solution: Scoped;
      readonly verdict: FinalVerdict;
      readonly reason: SafeText | null;
      readonly rollout: RolloutId | null;
    }
  /** A commit is to say that these solutions were taken back to what was stable. */
  | {
      readonly kind: 'revert.begun';
      readonly revision: Revision;
      readonly arrival: number;
      readonly solutions: readonly SolutionName[];
    }
  | ({ readonly kind: 'revert.ended'; readonly revision: Revision; readonly arrival: number } & RevertEnd)
  | { readonly kind: 'hold.began'; readonly hold: Hold; readonly revision: Revision | null }
  | {
      readonly kind: 'hold.ended';
      readonly id: string;
      readonly released: boolean;
      readonly who: SafeText;
      readonly reason: SafeText;
    }
  /** A person stops rollouts and repair of a target for a while; one at a time for each target. */
  | {
      readonly kind: 'pause.began';
      readonly target: PauseTarget;
      readonly who: SafeText;
      readonly reason: SafeText;
      /** Milliseconds since 1970; null: until a person ends it. */
      readonly untilWallMs: number | null;
    }
  /** `who` null: by itself, at its time. */
  | {
      readonly kind: 'pause.ended';
      readonly target: PauseTarget;
      readonly who: SafeText | null;
      readonly reason: SafeText;
    }
  /** What somebody had written on the status branch is done, or will not be. */
  | { readonly kind: 'request.answered'; readonly request: AnsweredRequest }
  | { readonly kind: 'domain.restored'; readonly state: Omit<EncodedDomain, 'epoch'> }
  | { readonly kind: 'domain.down'; readonly who: SafeText; readonly reason: SafeText }
  /** A resource with our key that nothing accounts for is taken away, as a person allowed. */
  | { readonly kind: 'orphan.begun'; readonly instance: InstanceId; readonly provider: ProviderName }
  | {
      readonly kind: 'orphan.ended';
      readonly instance: InstanceId;
      readonly outcome: 'done' | 'failed' | 'unknown';
      readonly reason: SafeText | null;
    }
  /** A listener of a solution that nobody remembers is let go of, as a person allowed; `key` is the router's. */
  | { readonly kind: 'orphan.unrouted'; readonly key: string }
  /** `remaining`: what changed while the commit was made. */
  | { readonly kind: 'status.written'; readonly commit: string; readonly remaining: unknown }
  /** What the status branch said of the domain is gone, or somebody changed it: all of it is written anew. */
  | { readonly kind: 'status.lost'; readonly reason: SafeText }
  /** Something of the world fails that is no matter of one instance: told when it begins, and when it is over. */
  | { readonly kind: 'trouble.began'; readonly trouble: string; readonly message: SafeText }
  | {
      readonly kind: 'trouble.ended';
      readonly trouble: string;
      readonly message: SafeText;
      /** When it began, milliseconds since 1970. */
      readonly sinceWallMs: number;
    };

/** What became of a request that was written on the status branch. */
export interface AnsweredRequest {
  readonly id: string;
  readonly verb: SafeText;
  readonly target: SafeText;
  readonly who: SafeText;
  readonly reason: SafeText;
  /** False: it was refused, and nothing was done. */
  readonly done: boolean;
  readonly message: SafeText;
}

export interface RevertEnd {
  /** `made`: on the tracked branch; `branch`: on one of its own, to be merged by a person; `none`: nothing was to be made. */
  readonly outcome: 'made' | 'branch' | 'none';
  readonly commit: Revision | null;
  /** The branch that it is on. */
  readonly ref: string | null;
  /** Why it is not on the tracked branch, or in no pull request. */
  readonly reason: SafeText | null;
  /** That is to bring it in; absent: there is none. */
  readonly pullRequest?: ProposedRevert;
  /** None could be opened: where a person opens it, and what mends that for the next time. */
  readonly unopened?: { readonly compareUrl: string; readonly fix: SafeText };
}

export interface ProposedRevert {
  readonly number: number;
  readonly url: string;
}

export interface RevertState extends Omit<RevertEnd, 'outcome'> {
  readonly outcome: RevertEnd['outcome'] | 'open';
  readonly solutions: readonly SolutionName[];
}

export interface ScopedVerdict {
  readonly verdict: FinalVerdict;
  readonly reason: SafeText | null;
  readonly rollout: RolloutId | null;
}

export interface RevisionState {
  readonly revision: Revision;
  readonly arrival: number;
  readonly state: 'seen' | 'accepted' | 'rejected';
  readonly subject: SafeText;
  readonly author: SafeText;
  readonly committedMs: number;
  readonly seenWallMs: number;
  /** Empty: `*`. */
  readonly scope: readonly SolutionName[];
  readonly diagnostics: readonly Diagnostic[];
  readonly count: number;
  readonly verdicts: { readonly [scoped: string]: ScopedVerdict };
  /** Of the plan that was made for it; absent where there is none. */
  readonly plan?: Digest;
  /** Of what failed in this arrival; absent where nothing was taken back. */
  readonly revert?: RevertState;
}

export interface HoldState {
  readonly hold: Hold;
  readonly revision: Revision | null;
  readonly sinceWallMs: number;
}

export interface DomainState {
  readonly id: DomainId | null;
  readonly name: DomainName;
  readonly controller: string | null;
  readonly epoch: number;
  readonly claimedSince: number;
  readonly home: string | null;
  readonly branch: string | null;
  readonly tip: Revision | null;
  readonly accepted: Revision | null;
  readonly validated: ValidatedTip;
  readonly stale: readonly {
    readonly solution: SolutionName;
    readonly code: string;
    readonly since: Revision;
  }[];
  /** Latest arrivals by revision; bounded. A table. */
  readonly revisions: Map<Revision, RevisionState>;
  /** `component@version`. A table. */
  readonly ledger: Map<string, ReleaseRecord>;
  readonly holds: Map<string, HoldState>;
  /** Releases given by people to holds that would begin again. */
  readonly released: Map<string, Revision | null>;
  /** What people have paused; absent where nothing is, and in journals of before there were pauses. */
  readonly pauses?: readonly Pause[];
  /** The last of what was written on the status branch, oldest first: none is taken up twice. Absent: there was none. */
  readonly answered?: readonly AnsweredRequest[];
  readonly down: boolean;
  /** Milliseconds since 1970; journals of before this was kept do not say it. */
  readonly downSinceWallMs?: number | null;
  /** The last commit of ours on the status branch; null before the first. */
  readonly written: string | null;
}

export interface EncodedDomain extends Omit<DomainState, 'revisions' | 'ledger' | 'holds' | 'released'> {
  readonly revisions: readonly RevisionState[];
  readonly ledger: readonly ReleaseRecord[];
  readonly holds: readonly HoldState[];
  readonly released: readonly (readonly [string, Revision | null])[];
}

export function isFinal(state: RevisionState): boolean {
  if (state.state === 'seen') return '*' in state.verdicts;
  return scopeOf(state).every((scoped) => scoped in state.verdicts);
}

export function scopeOf(state: RevisionState): readonly Scoped[] {
  return state.state === 'accepted' && state.scope.length > 0 ? state.scope : ['*'];
}
