import type { DesiredSolution } from '../base/desired.js';
import type { ReleaseRecord, ValidatedTip } from '../base/release.js';
import type { Diagnostic } from '../base/diagnostic.js';
import type { DomainName, ElementKey, SolutionName } from '../base/names.js';

export type { ReleaseRecord, ValidatedTip };

/** `component@version` → the release. Append-only (pre-releases are replaced). */
export type Ledger = ReadonlyMap<string, ReleaseRecord>;

/** What the model of a domain asks for. */
export interface DesiredDomain {
  readonly name: DomainName;
  /** Folder of `heliostat.yaml`, `''` for the root. */
  readonly folder: string;
  readonly solutions: ReadonlyMap<SolutionName, DesiredSolution>;
  /** Elements with a relationship to this one, sorted. */
  consumers(key: ElementKey): readonly ElementKey[];
}

export interface Validation {
  readonly accepted: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Solutions that keep their last accepted model, because an error of theirs is older than this commit. */
  readonly stale: readonly { readonly solution: SolutionName; readonly code: string }[];
  readonly tip: ValidatedTip;
  /** Releases that are not in the ledger yet, or pre-releases that changed. */
  readonly releases: readonly ReleaseRecord[];
  /** Solutions whose digest differs from the base, sorted; removed ones included. */
  readonly changed: readonly SolutionName[];
  /** Records touched, for the cost invariant. */
  readonly touched: number;
}
