import type { SafeText } from '../../core/base/safe-text.js';
import type { ProviderManifest } from '../../core/base/manifest.js';
import type { Version } from '../../core/base/version.js';
import type { AcceptedModel, SecretStatus } from '../../core/graph/model.js';
import type { DesiredDomain, Ledger, Validation, ValidatedTip } from '../../core/graph/types.js';
import type { Diagnostic } from '../../core/base/diagnostic.js';
import type { Revision } from '../../core/base/names.js';
import type { Cancel } from '../../ports/clock.js';
import type { Reader } from '../../ports/reader.js';
import type { Oid, Source } from '../../ports/repository.js';

export interface LoadPorts {
  readonly source: Source;
  readonly reader: Reader;
}

/** A file as it lies in the work tree, or how it differs from the tree below it. */
export type WorkFile =
  | { readonly kind: 'blob' | 'executable'; readonly bytes: Uint8Array }
  /** Too large to be read, or read by its id only where that is wanted. */
  | { readonly kind: 'blob' | 'executable'; readonly oid: Oid; readonly isStored: boolean }
  | { readonly kind: 'symlink' | 'submodule' }
  | { readonly kind: 'absent' };

export type LoadFrom =
  | { readonly kind: 'revision'; readonly revision: Revision }
  | { readonly kind: 'tree'; readonly tree: Oid }
  /** `files` (path from the root → file) over `tree`; without a tree they are all there is. */
  | { readonly kind: 'files'; readonly tree: Oid | null; readonly files: ReadonlyMap<string, WorkFile> };

/** Which domain is meant: by folder of its `heliostat.yaml` (`''` for the root), by name, or the only one there is. */
export type DomainChoice =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'only' };

export interface LoadLimits {
  /** Entries of the whole tree. */
  readonly files: number;
  /** Folders that are opened in one load. */
  readonly folders: number;
  /** Bytes of one model file. */
  readonly fileBytes: number;
  /** Folders below one another. */
  readonly depth: number;
  /** Files that belong to one release. */
  readonly artifacts: number;
}

export const defaultLimits: LoadLimits = {
  files: 1_000_000,
  folders: 100_000,
  fileBytes: 4 * 1024 * 1024,
  depth: 64,
  artifacts: 10_000,
};

export interface LoadRequest {
  readonly from: LoadFrom;
  /** What the load starts from: only what differs from it is read and checked. Null: everything. */
  readonly base: AcceptedModel | null;
  readonly ledger: Ledger;
  /** By provider name: those that the operator allows. */
  readonly manifests: ReadonlyMap<string, ProviderManifest>;
  /** Asked with `domain/solution/element`. Another function means that every answer may have changed. */
  readonly secretStatus: SecretStatus;
  readonly previousTip: ValidatedTip | null;
  readonly programVersion: Version;
  readonly domain: DomainChoice;
  readonly limits?: Partial<LoadLimits>;
  readonly cancel: Cancel;
}

export interface DomainCandidate {
  /** Null where its file is broken. */
  readonly name: string | null;
  readonly folder: string;
}

export type Loaded =
  | {
      readonly kind: 'loaded';
      /** As of this revision. Keep it as the next base if the validation was accepted, else drop it. */
      readonly model: AcceptedModel;
      /** Where a solution is stale it is the last accepted one of the base, or absent where there is none. */
      readonly desired: DesiredDomain;
      readonly validation: Validation;
      /** Folder of the domain's `heliostat.yaml`. */
      readonly folder: string;
      readonly files: FileCounts;
    }
  /** `heliostat.yaml` itself cannot be used: the revision is rejected, nothing more is known. */
  | {
      readonly kind: 'rejected';
      readonly validation: Validation;
      readonly folder: string;
      readonly files: FileCounts;
    }
  /** No domain is as chosen, or several are. */
  | { readonly kind: 'noDomain'; readonly candidates: readonly DomainCandidate[] }
  | { readonly kind: 'unavailable'; readonly message: SafeText; readonly retryable: boolean }
  | { readonly kind: 'cancelled' };

export interface FileCounts {
  /** Model files of the domain. */
  readonly model: number;
  /** Model files read by this load. */
  readonly read: number;
  /** Paths that differ from the base. */
  readonly changed: number;
}

export type { Diagnostic };
