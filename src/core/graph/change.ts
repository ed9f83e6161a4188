import type { SourceFile } from '../model/source.js';
import type { DomainFile, Environment } from './model.js';
import type { TreeIndex } from './tree.js';
import type { Ledger } from './types.js';

/** What differs from the base, and what the domain is held against. */
export interface Change {
  /** Model files that differ; null: gone. */
  readonly sources: ReadonlyMap<string, SourceFile | null>;
  readonly tree: TreeIndex;
  /** All paths that differ, for artifacts. */
  readonly paths: readonly string[];
  readonly domain: DomainFile;
  readonly domains: ReadonlyMap<string, SourceFile>;
  readonly environment: Environment;
  readonly ledger: Ledger;
  readonly artifactLimit: number;
}
