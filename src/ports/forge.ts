import type { Revision } from '../core/base/names.js';
import type { SafeText } from '../core/base/safe-text.js';

/**
 * `refused`: the forge does not let us, and asking again does not help; `unavailable`: it does not answer as it should,
 * and may later, `afterMs` at the earliest where it said so. What was asked may have been done all the same.
 */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: string; readonly message: SafeText; readonly fix: SafeText }
  | { readonly kind: 'unavailable'; readonly message: SafeText; readonly afterMs: number | null };

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly title: string;
  readonly author: string;
  /** Its last commit. */
  readonly head: Revision;
  /** Short name of the branch that it comes from, in its own repository. */
  readonly headBranch: string;
  /** It comes from another repository. */
  readonly isFork: boolean;
  /** Short name of the branch that it is to go into. */
  readonly base: string;
  /** The commit that it became in the base; null while it is none. */
  readonly merged: Revision | null;
}

export interface Comment {
  readonly url: string;
  readonly body: string;
}

/** Shown beside a commit; a later one of the same context takes its place. */
export interface CommitStatus {
  /** `heliostat/prod`. */
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** One sentence of at most 140 characters (GitHub's limit). */
  readonly description: string;
  readonly url: string | null;
}

/** One solution of one domain, brought to one revision. */
export interface Deployment {
  readonly revision: Revision;
  /** The domain. */
  readonly environment: string;
  readonly solution: string;
  readonly state: 'queued' | 'inProgress' | 'success' | 'failure' | 'inactive';
  /** At most 140 characters. */
  readonly description: string;
  /** Where more is told, and where it is reached; null: nowhere. */
  readonly logUrl: string | null;
  readonly environmentUrl: string | null;
}

/** A pull request of ours. */
export interface Proposal {
  /** Short names; the head was pushed before. */
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

export type Able = 'yes' | 'no' | 'unknown';

/** What the credentials may do here; found out without writing anything. */
export interface Abilities {
  /** As whom we write; null: not known before the first comment. */
  readonly author: string | null;
  readonly comments: Able;
  readonly statuses: Able;
  readonly deployments: Able;
  readonly pushes: Able;
  readonly proposals: Able;
  /** Whether workflows run on what these credentials push and open. */
  readonly startsChecks: Able;
  /** What is missing or not known, each with the one setting or permission that mends it. */
  readonly remarks: readonly { readonly code: string; readonly message: SafeText; readonly fix: SafeText }[];
}

/** What a forge cannot have at all; not asked for then. */
export interface ForgeTraits {
  /** `github`, `gitea`. */
  readonly kind: string;
  readonly hasDeployments: boolean;
  /** Of one comment. */
  readonly commentCharacters: number;
}

/**
 * The host of pull requests. Idempotent: the same once more changes nothing, and writes nothing that is already so. It
 * decides nothing; waiting and asking again within one call is the adapter's only for what the forge asks for by itself.
 */
export interface Forge {
  readonly traits: ForgeTraits;
  /** Of the repository, for people: `https://github.com/acme/shop`. */
  readonly webUrl: string;
  commitUrl(revision: Revision): string;
  /** Where a pull request from one branch into another is opened by hand. */
  compareUrl(base: string, head: string): string;
  abilities(): Promise<Answer<Abilities>>;
  pullRequest(number: number): Promise<Answer<PullRequest | null>>;
  /**
   * Those that end with a commit, and the one that it became by being merged, open ones first; where the forge knows them,
   * those too that it is in the middle of.
   */
  pullRequestsOf(revision: Revision): Promise<Answer<readonly PullRequest[]>>;
  /** The one of ours, found by its hidden marker *and* its author; null: there is none. */
  comment(pullRequest: number, marker: string): Promise<Answer<Comment | null>>;
  /**
   * Writes the one of ours anew, or makes it; the first line of the body is the marker. Never makes a second one. Writes of
   * one process are done in the order in which they were asked for.
   */
  writeComment(pullRequest: number, marker: string, body: string): Promise<Answer<Comment>>;
  writeStatus(revision: Revision, status: CommitStatus): Promise<Answer<null>>;
  /** One that was never told of is not made inactive; one that is inactive is begun anew by `queued` or `inProgress`. */
  writeDeployment(deployment: Deployment): Promise<Answer<null>>;
  /** The open pull request of that head is written anew, else one is opened; never a second one, nothing is merged. */
  propose(proposal: Proposal): Promise<Answer<PullRequest>>;
}
