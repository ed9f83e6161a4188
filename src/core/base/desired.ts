import type { CanaryStep, Promote } from './canary.js';
import type { Position } from './diagnostic.js';
import type { Digest } from './digest.js';
import type {
  ClusterKey,
  ComponentName,
  ElementKey,
  ElementName,
  Generation,
  ProviderName,
  SolutionName,
} from './names.js';
import type { Template } from './template.js';
import type { Range, Version } from './version.js';

/** The states of an instance, and what a cluster can be asked to be in. */
export type Lifecycle = 'initial' | 'inactive' | 'active' | 'failure';
export type Transition = 'create' | 'configure' | 'start' | 'reconfigure' | 'stop' | 'destroy' | 'reset';
export type DependencyType = 'context' | 'service';

/** One file of a release, pinned when the release was first accepted. */
export interface ArtifactPin {
  /** From the repository's root. */
  readonly path: string;
  /** Blob id. */
  readonly oid: string;
  readonly executable: boolean;
}

/** A dependency of a cluster, fulfilled by an element. */
export interface Relationship {
  readonly name: string;
  readonly dependency: string;
  readonly type: DependencyType;
  readonly provider: ElementKey;
  readonly component: ComponentName;
  readonly range: Range;
  readonly many: boolean;
}

export type Probe =
  | {
      readonly kind: 'http';
      readonly path: string;
      readonly port: number | null;
      readonly status: readonly number[];
    }
  | { readonly kind: 'tcp'; readonly port: number | null }
  | { readonly kind: 'command'; readonly command: readonly string[] };

export interface HealthCheck {
  readonly probe: Probe;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly healthyAfter: number;
  readonly unhealthyAfter: number;
}

export interface Timeouts {
  readonly createMs: number;
  readonly configureMs: number;
  readonly startMs: number;
  readonly stopMs: number;
  readonly destroyMs: number;
}

export interface Retries {
  readonly limit: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/** All that the executor needs to run instances of one cluster; stands in plan and journal, so that neither reads a model. */
export interface ClusterDefinition {
  readonly component: ComponentName;
  readonly version: Version;
  readonly generation: Generation;
  readonly provider: ProviderName;
  readonly configuration: Template;
  /** Of `configuration` as written, references not substituted. */
  readonly configurationDigest: Digest;
  readonly artifacts: readonly ArtifactPin[];
  readonly relationships: readonly Relationship[];
  readonly endpoint: Template | null;
  readonly health: HealthCheck | null;
  readonly timeouts: Timeouts;
  readonly retries: Retries;
  /** Only where a model says so: once an instance was started, a person decides on every way to a lower version. */
  readonly revertible?: false;
}

export interface DesiredCluster {
  readonly key: ClusterKey;
  readonly state: 'active' | 'inactive' | 'initial';
  readonly size: number;
  /** null: in proportion to its size. */
  readonly weight: number | null;
  readonly definition: ClusterDefinition;
}

export type Amount =
  { readonly kind: 'count'; readonly value: number } | { readonly kind: 'percent'; readonly value: number };

export type Strategy = 'rolling' | 'recreate' | 'canary' | 'blueGreen';
export type OnFailure = 'pause' | 'abort' | 'revert';

export interface RolloutPolicy {
  readonly strategy: Strategy;
  readonly maxSurge: Amount;
  readonly maxUnavailable: Amount;
  readonly minHealthyTimeMs: number;
  readonly healthyDeadlineMs: number;
  readonly progressDeadlineMs: number;
  readonly drainDelayMs: number;
  readonly onFailure: OnFailure;
  readonly allowDowntime: boolean;
  /**
   * What follows stands there only where a model says it, so that the digest of an element that does not stays what it
   * was in releases that did not know it. Read it by `canaryOf`, `promoteOf` and `standbyMsOf`.
   */
  readonly canary?: readonly CanaryStep[];
  readonly promote?: Promote;
  readonly standbyMs?: number;
}

export type Repair = 'auto' | 'report' | 'hold';

/** What an element should be, with every layer of configuration applied. */
export interface DesiredElement {
  readonly key: ElementKey;
  readonly solution: SolutionName;
  readonly name: ElementName;
  readonly component: ComponentName;
  /** Sorted by key. */
  readonly clusters: readonly DesiredCluster[];
  readonly rollout: RolloutPolicy;
  readonly repair: Repair;
  readonly repairIntervalMs: number;
  /** A second listener, for the outside. */
  readonly expose: { readonly port: number | 'auto' } | null;
  /** Of all above: two equal digests mean that nothing is to be done. */
  readonly digest: Digest;
  /** Where it is written; in no digest. */
  readonly position: Position;
}

/** Desired state of one solution. */
export interface DesiredSolution {
  readonly name: SolutionName;
  readonly file: string;
  /** Sorted by name. */
  readonly elements: ReadonlyMap<ElementName, DesiredElement>;
  /** Covers the resolved meaning, and the cluster of each context, recursively. */
  readonly digest: Digest;
}

/** The number of instances that the element should have in rotation: the sum of its active clusters. */
export function activeSize(element: DesiredElement | null): number {
  if (element === null) return 0;
  return element.clusters.reduce((sum, cluster) => sum + (cluster.state === 'active' ? cluster.size : 0), 0);
}

/** The cluster by which an element is asked for this instance; null: it is not, or beyond the size. */
export function clusterFor(
  element: DesiredElement | null,
  key: ClusterKey,
  ordinal: number,
): DesiredCluster | null {
  const cluster = element?.clusters.find((candidate) => candidate.key === key);
  return cluster !== undefined && ordinal < cluster.size ? cluster : null;
}
