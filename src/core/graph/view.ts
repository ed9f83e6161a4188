import type { Digest } from '../base/digest.js';
import type { ClusterKey, ElementKey, SolutionName } from '../base/names.js';
import type { DependencyType } from '../base/desired.js';
import type { Version } from '../base/version.js';
import type { Release } from './release.js';

/** What an element says by itself and its releases, before its neighbours are looked at; what neighbours read of it. */
export interface ElementFacts {
  readonly key: ElementKey;
  readonly component: string;
  /** Sorted by version. */
  readonly clusters: readonly DeclaredCluster[];
  /** Sum of its active clusters. */
  readonly activeSize: number;
  readonly allowDowntime: boolean;
  /** A rollout may leave it with nothing. */
  readonly stopsEverything: boolean;
  readonly exposedPort: number | null;
  /** Sorted by provider. */
  readonly edges: readonly DeclaredEdge[];
}

export interface DeclaredCluster {
  readonly version: Version;
  readonly state: 'active' | 'inactive' | 'initial';
  readonly size: number;
}

export interface DeclaredEdge {
  readonly provider: ElementKey;
  readonly type: DependencyType;
  /** From a cluster that runs. */
  readonly active: boolean;
}

export interface ResolvedCluster extends DeclaredCluster {
  readonly key: ClusterKey;
}

/** `partly`: all but elements with errors of their own. */
export type Readability = 'absent' | 'broken' | 'partly' | 'readable';

/** What the check of one thing may read of others. Every read is remembered, so that it is checked anew when that changes. */
export interface View {
  release(component: string, version: string): Release | null;
  /** Ascending. */
  versions(component: string): readonly Version[];
  components(): readonly string[];
  facts(key: ElementKey): ElementFacts | null;
  /** With their generations; of providers only, which are resolved before. */
  clusters(key: ElementKey): readonly ResolvedCluster[];
  solution(name: string): Readability;
  /** Whether it is written, but with errors of its own in the file. */
  broken(key: ElementKey): boolean;
  solutions(): readonly string[];
  elements(solution: SolutionName): readonly string[];
  consumers(key: ElementKey): readonly ElementKey[];
  portOwners(port: number): readonly ElementKey[];
  secret(name: string, element: ElementKey): 'ok' | 'missing' | 'forbidden';
  /** In a cycle of dependencies. */
  inCycle(key: ElementKey): boolean;
  /** The digest of data; what many elements have in common is hashed once. */
  digestOf(value: unknown): Digest;
}
