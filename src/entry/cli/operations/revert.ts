import type { Revision } from '../../../core/base/names.js';
import type { PlanView } from './model.js';
import type { Interruptible, Place } from './place.js';

export interface RevertRequest extends Place, Interruptible {
  /** Any name of a commit of the tracked branch. */
  readonly revision: string;
  /** For the commit's message; null: none was given. */
  readonly reason: string | null;
}

/** What a revert would do to files, and what would follow from it. */
export interface RevertPlan {
  readonly reverted: Revision;
  readonly subject: string;
  readonly branch: string;
  readonly files: readonly { readonly path: string; readonly removed: boolean }[];
  /** Released files of the catalog, which are kept. */
  readonly stays: readonly string[];
  readonly planned: PlanView;
}

export interface RevertHooks {
  /** Called once, also where the plan is rejected. False: nothing may be done. */
  approve(about: RevertPlan): Promise<boolean>;
}

export interface RevertAnswer extends RevertPlan {
  /** `committed`: on the tracked branch. `proposed`: on a branch of its own, which a person merges. */
  readonly ending: 'committed' | 'proposed' | 'rejected' | 'declined';
  /** Null: nothing was committed. */
  readonly commit: Revision | null;
  /** Null: nothing has to be merged. */
  readonly proposal: RevertProposal | null;
  /** A daemon takes it up by itself. */
  readonly followed: boolean;
}

/** A revert that waits to be merged. */
export interface RevertProposal {
  /** Short name of the branch that it is on. */
  readonly branch: string;
  /** Null: none could be opened, or nobody was asked to. */
  readonly pullRequest: { readonly number: number; readonly url: string } | null;
  /** Where one is opened by hand; null where there is one, or no forge. */
  readonly compareUrl: string | null;
  /** Why it is in no pull request, and what mends that; null where it is in one. */
  readonly reason: string | null;
  readonly fix: string | null;
}
