import type { DesiredSolution } from '../base/desired.js';
import type { Diagnostic } from '../base/diagnostic.js';
import type { Digest } from '../base/digest.js';
import type { ComponentName, DomainName, ElementKey, SolutionName } from '../base/names.js';
import type { ArtifactPin } from '../base/desired.js';
import type { Version } from '../base/version.js';

/** A release as it was first accepted: its digest never changes, its artifacts are pinned. */
export interface ReleaseRecord {
  readonly component: ComponentName;
  readonly version: Version;
  /** Of the resolved document and the artifact pins. */
  readonly digest: Digest;
  readonly artifacts: readonly ArtifactPin[];
  /** The file at its acceptance, so that what still runs of a deleted release is known. */
  readonly file: string;
  readonly oid: string;
}

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

/** How the last tip was judged: small data, kept in the journal, so that a commit answers only for what it changes. */
export interface ValidatedTip {
  /** Solution → its errors (code and message) and a digest of the inputs that they came from. */
  readonly errors: {
    readonly [solution: string]: { readonly inputs: Digest; readonly codes: readonly string[] };
  };
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
