import type { Revision } from '../core/base/names.js';
import type { CommitInfo } from './repository.js';

/** Questions about the past of the tracked branch. */
export interface History {
  /** From a commit back along first parents, newest first, at most `limit`, without `untilExclusive` and what is before it. */
  firstParents(
    from: Revision,
    untilExclusive: Revision | null,
    limit: number,
  ): Promise<readonly CommitInfo[]>;
  /** Whether `ancestor` is `descendant` or reachable from it. */
  isAncestor(ancestor: Revision, descendant: Revision): Promise<boolean>;
}
