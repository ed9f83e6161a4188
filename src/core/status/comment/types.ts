import type { Diagnostic } from '../../base/diagnostic.js';
import type { Digest } from '../../base/digest.js';
import type { ComponentName, DomainName, ElementKey, Revision, SolutionName } from '../../base/names.js';
import type { Version } from '../../base/version.js';
import type { Basis, Hold, Plan, Preview } from '../../plan/types.js';
import type { Phase } from '../../rollout/state.js';
import type {
  ConditionView,
  ElementView,
  HistoryChange,
  QuarantinedView,
  StepView,
  Verdict,
} from '../view.js';

/** With an address at which the line is shown; null: there is none. */
export interface LinkedDiagnostic extends Diagnostic {
  readonly url: string | null;
}

/** What a pull request would do in one domain. Times are milliseconds since 1970; addresses are null where there is none. */
export interface PlannedReport {
  readonly domain: DomainName;
  /** Where the domain lies; empty: at the root. */
  readonly folder: string;
  /** Last commit of the pull request. */
  readonly head: Revision;
  /** What it was compared with: the merge base. */
  readonly base: Revision | null;
  readonly atMs: number;
  /** Null: it is rejected before there is one. */
  readonly plan: Plan | null;
  readonly preview: Preview | null;
  /** All of them; those of the plan are not read again. */
  readonly diagnostics: readonly LinkedDiagnostic[];
  /** What the plan rests on; null where there is no plan. */
  readonly basis: Basis | null;
  /** Where it was told that something failed, for what stays out. */
  readonly failures: readonly { readonly revision: Revision; readonly name: string; readonly url: string }[];
  /** Null: nobody looked. */
  readonly drift: readonly DriftedElement[] | null;
  readonly catalog: readonly CatalogChange[];
  readonly policies: readonly PolicyChange[];
  readonly applier: Applier;
  /** It comes from another repository: nothing was asked that needs a credential. */
  readonly isFork: boolean;
  /** Where all of it is told: a job's summary, an artifact. */
  readonly wholeUrl: string | null;
}

/** Who brings it about once it is merged. */
export type Applier =
  | { readonly kind: 'daemon'; readonly name: string }
  | { readonly kind: 'action' }
  /** A person has to. */
  | { readonly kind: 'nobody'; readonly command: string };

/** A release that a pull request adds, changes or removes, and what that reaches. */
export interface CatalogChange {
  readonly component: ComponentName;
  /** Null: all of it. */
  readonly version: Version | null;
  readonly change: 'added' | 'changed' | 'removed';
  readonly file: string;
  /** That have other desired states because of it, sorted. */
  readonly solutions: readonly SolutionName[];
}

export interface PolicyChange {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly file: string;
}

export interface DriftedElement {
  readonly element: ElementKey;
  /** What is other than it should be. */
  readonly reason: string;
  /** Null: not known. */
  readonly sinceMs: number | null;
  /** What happens to it: it is repaired, told, or left until somebody decides. */
  readonly repair: 'auto' | 'report' | 'hold';
  readonly command: string | null;
}

/** That what runs is not what it is held to, though no commit changed anything. */
export interface DriftReport {
  readonly domain: DomainName;
  readonly atMs: number;
  /** Empty: there is none any more. */
  readonly elements: readonly DriftedElement[];
}

/** How a merged commit fares in one domain. */
export interface OutcomeReport {
  readonly domain: DomainName;
  readonly revision: Revision;
  readonly updatedAtMs: number;
  /** The worst of its scope. */
  readonly verdict: Verdict;
  /** Of the whole; null: there is none. */
  readonly reason: string | null;
  /** Its scope, in the order of being shown; empty: it changes nothing here. */
  readonly solutions: readonly SolutionOutcome[];
  readonly diagnostics: readonly LinkedDiagnostic[];
  readonly holds: readonly Hold[];
  /** Of the whole domain. */
  readonly conditions: readonly ConditionView[];
  readonly revert: RevertReport | null;
  /** The plan that was made after the merge, where it is another one than was shown. */
  readonly differing: DifferingPlan | null;
  /** The commit that took over. */
  readonly supersededBy: Revision | null;
  readonly wholeUrl: string | null;
}

export interface SolutionOutcome {
  readonly name: SolutionName;
  readonly verdict: Verdict;
  /** Null: nothing was begun. */
  readonly phase: Phase | null;
  readonly changes: readonly HistoryChange[];
  /** Null: not counted. */
  readonly steps: { readonly done: number; readonly of: number } | null;
  /** So far, or in all. */
  readonly durationMs: number | null;
  readonly reason: string | null;
  /** The last that was heard of what failed. */
  readonly evidence: readonly string[];
  /** What it went back to; null: there is nothing. */
  readonly lastStable: Revision | null;
  readonly inSteps: readonly { readonly element: ElementView['name']; readonly step: StepView }[];
  readonly quarantined: readonly QuarantinedView[];
  readonly conditions: readonly ConditionView[];
}

/** What says in Git that it was taken back. */
export type RevertReport =
  | { readonly kind: 'open' }
  | { readonly kind: 'committed'; readonly commit: Revision; readonly url: string | null }
  | {
      readonly kind: 'proposed';
      readonly number: number;
      readonly url: string;
      readonly state: 'open' | 'merged' | 'closed';
    }
  | PushedRevert
  | { readonly kind: 'none'; readonly reason: string };

/** The branch is there, and a pull request of it could not be opened, or not so that its checks run. */
export interface PushedRevert {
  readonly kind: 'pushed';
  readonly branch: string;
  /** Where a person opens it. */
  readonly compareUrl: string;
  readonly reason: string;
  /** The one setting or permission that mends it, in the imperative. */
  readonly fix: string;
}

export interface DifferingPlan {
  /** Null: it is not at hand any more. */
  readonly made: Plan | null;
  readonly digest: Digest;
  /** What was done about it. */
  readonly then: 'wentOn' | 'held';
  /** What lets it go on where it is held. */
  readonly command: string | null;
}
