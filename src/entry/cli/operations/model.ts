import type { Diagnostic } from '../../../core/base/diagnostic.js';
import type { DomainName, Revision } from '../../../core/base/names.js';
import type { ExplainedElement } from '../../../core/graph/explain.js';
import type { Plan, Preview } from '../../../core/plan/types.js';
import type { Interruptible, Place, SourceLine } from './place.js';

export interface ValidateRequest extends Place, Interruptible {
  /** A commit (any name that Git takes), the index, or the work tree. */
  readonly what:
    | { readonly kind: 'revision'; readonly name: string }
    | { readonly kind: 'staged' }
    | { readonly kind: 'worktree' };
  /** Errors that this revision already had do not count; null: the last validated tip, else the first parent. */
  readonly from: string | null;
}

export interface ValidateView {
  readonly valid: boolean;
  readonly revision: Revision | 'worktree' | 'staged';
  readonly diagnostics: readonly Diagnostic[];
  /** Model files that differ from HEAD; null where no work tree was read. */
  readonly uncommitted: readonly string[] | null;
  readonly sourceLine: SourceLine;
}

export interface PlanRequest extends Place, Interruptible {
  /** Null: the work tree where there is one, else HEAD. */
  readonly revision: string | null;
  readonly from: string | null;
  readonly preview: boolean;
}

export interface PlanView {
  readonly plan: Plan;
  /** Null where none was asked for, or the plan was rejected. */
  readonly preview: Preview | null;
  /** Folder of the domain's `heliostat.yaml`, `''` for the root. */
  readonly folder: string;
  /** Model files that differ from HEAD; null where there is no work tree. */
  readonly uncommitted: readonly string[] | null;
  readonly sourceLine: SourceLine;
}

export interface ExplainRequest extends Place, Interruptible {
  /** `domain/solution/element`. */
  readonly target: string;
}

/** The configuration in effect, and where each value was set. */
export interface ExplainView {
  readonly domain: DomainName;
  readonly explained: ExplainedElement;
}
