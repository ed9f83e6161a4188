import type { ArtifactPin } from './desired.js';
import type { Digest } from './digest.js';
import type { ComponentName } from './names.js';
import type { Version } from './version.js';

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

/** How the last tip was judged: small data, kept in the journal, so that a commit answers only for what it changes. */
export interface ValidatedTip {
  /** Solution → its errors (code and message) and a digest of the inputs that they came from. */
  readonly errors: {
    readonly [solution: string]: {
      readonly inputs: Digest;
      readonly codes: readonly string[];
      /** The tip itself brought them: tried again, it answers for them again. */
      readonly isNew?: true;
    };
  };
}
