import type { Json } from '../../core/base/data.js';
import type { Diagnostic } from '../../core/base/diagnostic.js';
import type { DomainName, Revision } from '../../core/base/names.js';
import type { DriftReport, OutcomeReport, PlannedReport } from '../../core/status/comment/types.js';
import type { Verdict } from '../../core/status/view.js';
import type { Forge } from '../../ports/forge.js';

/** What a run of the Action works with. */
export interface WorkRequest {
  /** Of the repository; asked with the token of the environment. */
  readonly url: string;
  /** A folder that nobody else uses; gone with the runner. */
  readonly folder: string;
  /** A reference, a commit; null: the tip of the tracked branch. */
  readonly revision: string | null;
  /** What it is compared with; null: the tip of the tracked branch. */
  readonly base: string | null;
  /** Path of the operator's configuration, read from the base: never from what it judges. */
  readonly config: string;
  /** Names; empty: all of the repository. */
  readonly domains: readonly string[];
  /** Who acts, whatever the configuration says: all runs in one repository are one. */
  readonly controller: string;
  /** Proposed by somebody who may not write here: nothing that runs is asked, whoever the configuration says that we are. */
  readonly isFork: boolean;
  readonly forge: WantedForge | null;
  /** Something is to be brought about from here: without it nothing is written anywhere. */
  readonly acts: boolean;
  readonly wholeUrl: string | null;
  readonly signal: AbortSignal;
}

export interface WantedForge {
  readonly repository: string;
  readonly api: string;
  readonly app: { readonly id: number; readonly privateKeyFile: string } | null;
  /** Null: as the configuration says. */
  readonly reverts: 'pullRequest' | 'commit' | null;
  readonly otherPlan: 'goOn' | 'hold' | null;
  readonly comments: boolean;
  readonly trusts: readonly string[];
}

export interface Work {
  readonly revision: Revision;
  readonly base: Revision | null;
  /** Those that were asked for, sorted by name. */
  readonly domains: readonly DomainName[];
  /** Null: none is to be told anything. */
  readonly forge: Forge | null;
  /** No side effect. */
  planned(domain: DomainName, wanted: PlanWanted): Promise<Planned>;
  /** Follows the status branch until the commit has its verdict there, or waits for a person. */
  followed(domain: DomainName, wanted: FollowWanted): Promise<Ended>;
  /** One reconciliation from here until a verdict; what happens is told on the forge meanwhile. */
  applied(domain: DomainName, wanted: ApplyWanted): Promise<Ended>;
  drifted(domain: DomainName): Promise<DriftReport>;
  close(): Promise<void>;
}

/** For people, and for programs: `schemas/output/plan.schema.json`. */
export interface Planned {
  readonly report: PlannedReport;
  readonly json: Json;
}

export interface PlanWanted {
  /** Last commit of the pull request; that which is planned may be its merge. */
  readonly head: Revision;
  readonly isFork: boolean;
  readonly appliedBy: 'daemon' | 'action';
}

export interface FollowWanted {
  /** Null: until it ends. */
  readonly timeoutMs: number | null;
  progress(line: string): void;
}

export interface ApplyWanted extends FollowWanted {
  readonly takeover: boolean;
}

/** How it stands when nobody waits any longer. */
export interface Ended {
  readonly ending: 'verdict' | 'timeout' | 'notTip';
  readonly verdict: Verdict;
  /** Null: nothing is known of the commit there. */
  readonly outcome: OutcomeReport | null;
  /** Of the plan that is carried out; null: there is none. */
  readonly planDigest: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** What leads on; null: nothing has to be done. */
  readonly command: string | null;
}

export interface ActionOperations {
  /** @throws {Failure} where the repository, its configuration or a domain cannot be had. */
  open(request: WorkRequest): Promise<Work>;
  /** What the world does to us, as a `Failure`; whatever else was thrown stays what it is. */
  asFailure(error: unknown): unknown;
}
