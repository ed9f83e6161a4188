import type { DesiredElement, DesiredSolution } from '../base/desired.js';
import type { Diagnostic } from '../base/diagnostic.js';
import type { ProviderManifest } from '../base/manifest.js';
import type { DomainName, ElementKey, ElementName, SolutionName } from '../base/names.js';
import type { Version } from '../base/version.js';
import type { DomainDocument, SolutionDocument } from '../model/kinds.js';
import type { SourceFile } from '../model/source.js';
import type { Release } from './release.js';
import { Table } from './table.js';
import type { TreeIndex } from './tree.js';
import type { ReleaseRecord } from './types.js';
import type { ElementFacts, ResolvedCluster } from './view.js';

/** Whether a secret may be used by an element (`domain/solution/element`). */
export type SecretStatus = (name: string, element: string) => 'ok' | 'missing' | 'forbidden';

/** What the operator gives, beside the repository. */
export interface Environment {
  readonly manifests: ReadonlyMap<string, ProviderManifest>;
  readonly secretStatus: SecretStatus;
  readonly programVersion: Version;
}

/** A domain's own file, after it was checked. */
export interface DomainFile {
  readonly name: DomainName;
  /** `''` for the root. */
  readonly folder: string;
  readonly source: SourceFile;
  readonly document: DomainDocument;
}

export interface SolutionRecord {
  readonly name: SolutionName;
  readonly source: SourceFile;
  /** Null where its file is broken. */
  readonly document: SolutionDocument | null;
  /** Sorted; broken ones too, which `document` leaves out. */
  readonly elements: readonly ElementName[];
  /** Those with errors of their own in the file. */
  readonly broken: ReadonlySet<ElementName>;
  /** Null where anything of it is wrong. */
  readonly desired: DesiredSolution | null;
  readonly reads: readonly string[];
}

export interface ElementRecord {
  readonly facts: ElementFacts;
  readonly desired: DesiredElement | null;
  readonly clusters: readonly ResolvedCluster[];
  /** What it was judged by; sorted. */
  readonly reads: readonly string[];
  readonly troubled: boolean;
}

/** Diagnostics of one thing, and who answers for them: solutions by name, else the file. */
export interface Trouble {
  readonly owners: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Errors of others, shown only where nothing else says why. */
  readonly blocked: readonly Diagnostic[];
}

/**
 * A domain's model as tables, with its indexes. Immutable: evaluating a change gives the next one, which
 * shares what did not change. Opaque to whoever only keeps it.
 */
export interface AcceptedModel {
  readonly tree: TreeIndex;
  readonly environment: Environment;
  readonly domain: DomainFile;
  /** Every `heliostat.yaml` of the repository, by path. */
  readonly domains: ReadonlyMap<string, SourceFile>;
  readonly tables: Tables;
  readonly nextRank: number;
  readonly cycles: readonly (readonly ElementKey[])[];
  /** Sorted by name. Stale solutions are here as they were last accepted. */
  readonly desired: ReadonlyMap<SolutionName, DesiredSolution>;
}

export interface Tables {
  /** Path → model file. */
  readonly sources: Table<SourceFile>;
  /** `solution:NAME`, `release:NAME@VERSION` → files that say so, sorted; the first one counts. */
  readonly claims: Table<readonly string[]>;
  readonly releases: Table<Release>;
  /** Component → versions, ascending. */
  readonly versions: Table<readonly Version[]>;
  /** Literal beginning of an artifact pattern → releases. */
  readonly prefixes: Table<ReadonlySet<string>>;
  /** Releases that the ledger has not taken up yet. */
  readonly pending: Table<ReleaseRecord>;
  readonly solutions: Table<SolutionRecord>;
  readonly elements: Table<ElementRecord>;
  readonly consumers: Table<ReadonlySet<ElementKey>>;
  readonly ports: Table<ReadonlySet<ElementKey>>;
  /** What was read → who read it. */
  readonly readers: Table<ReadonlySet<string>>;
  readonly ranks: Table<number>;
  readonly troubles: Table<Trouble>;
}

export function emptyTables(): Tables {
  return {
    sources: Table.empty(),
    claims: Table.empty(),
    releases: Table.empty(),
    versions: Table.empty(),
    prefixes: Table.empty(),
    pending: Table.empty(),
    solutions: Table.empty(),
    elements: Table.empty(),
    consumers: Table.empty(),
    ports: Table.empty(),
    readers: Table.empty(),
    ranks: Table.empty(),
    troubles: Table.empty(),
  };
}
