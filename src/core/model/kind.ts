import type { Diagnostic } from '../base/diagnostic.js';
import type { Version } from '../base/version.js';
import type { LocatedDocument } from './document.js';
import type { KindDocument } from './kinds.js';

export interface KindContext {
  /** Of Heliostat itself, for `requires`. */
  readonly programVersion: Version;
  /** Folder of the `heliostat.yaml` that the file belongs to; `''` for the root. Null: unknown, its place is not checked. */
  readonly folder: string | null;
}

export interface ReadKind {
  /** Null if anything in it is an error. Durations, amounts, versions and ranges in it are known to parse. */
  readonly document: KindDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a text means as one of our kinds, or all that is wrong with it (problems of the text included). */
export declare function readKind(file: string, document: LocatedDocument, context: KindContext): ReadKind;
