import type { Revision } from '../core/base/names.js';
import type { CommitInfo } from '../ports/repository.js';
import type { ShownPlan } from './forge/shown-plan.js';
import type { Loaded } from './load/types.js';

/** What was found at the tip of the tracked branch; judged by `accept.ts` against the state of the moment. */
export type Judged =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'deleted' }
  /** `isEmpty`: nobody has committed anything yet, and nothing is wrong. */
  | { readonly kind: 'unavailable'; readonly message: string; readonly isEmpty?: boolean }
  | {
      readonly kind: 'forced';
      readonly revision: Revision;
    }
  | {
      readonly kind: 'loaded';
      readonly commit: CommitInfo;
      /** Commits between the last tip seen and this one, oldest first. */
      readonly between: readonly CommitInfo[];
      readonly loaded: Loaded;
      /** Asked for by a person though the tip is the same. */
      readonly again: boolean;
      /** What a pull request has shown, where another plan than that is to wait; null: nothing is compared. */
      readonly shown: ShownPlan | null;
    };
