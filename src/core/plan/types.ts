import type { Json } from '../base/data.js';
import type { DesiredElement } from '../base/desired.js';
import type { Diagnostic, Position } from '../base/diagnostic.js';
import type { Digest } from '../base/digest.js';
import type {
  ClusterKey,
  ComponentName,
  DomainName,
  ElementKey,
  ElementName,
  InstanceId,
  Revision,
  SolutionName,
} from '../base/names.js';
import type { Range, Version } from '../base/version.js';

export type Action =
  'create' | 'update' | 'replace' | 'reconfigure' | 'scale' | 'move' | 'retire' | 'retain' | 'repair';

export const actions: readonly Action[] = [
  'create',
  'update',
  'replace',
  'reconfigure',
  'scale',
  'move',
  'retire',
  'retain',
  'repair',
];

/** An element before or after, as far as a plan shows it. */
export interface ElementShape {
  /** Of the whole desired element: two equal ones ask for nothing. */
  readonly digest: Digest;
  readonly component: ComponentName;
  readonly size: number;
  readonly clusters: readonly ClusterShape[];
  readonly ranges: readonly {
    readonly relationship: string;
    readonly provider: ElementKey;
    readonly range: Range;
  }[];
}

export interface ClusterShape {
  readonly key: ClusterKey;
  readonly version: Version;
  readonly state: 'active' | 'inactive' | 'initial';
  readonly size: number;
}

/** One value of the configuration in effect that differs; secrets show as their reference. */
export interface ValueChange {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface Change {
  readonly element: ElementKey;
  readonly action: Action;
  readonly before: ElementShape | null;
  readonly after: ElementShape | null;
  readonly values: readonly ValueChange[];
  /** For people. */
  readonly reason: string;
  readonly position: Position;
  /** Instances go without a successor: element removed, size lowered. */
  readonly destroysData: boolean;
}

/** What one solution has to become: only what differs from what the executor holds now. */
export interface SolutionPlan {
  readonly solution: SolutionName;
  readonly desiredDigest: Digest;
  /** Changed elements; null: retire. */
  readonly targets: { readonly [element: ElementName]: DesiredElement | null };
  readonly changes: readonly Change[];
}

export interface Hold {
  readonly id: string;
  readonly code: string;
  readonly reason: string;
  readonly releasedBy: string;
  readonly command: string;
}

export interface PlannedStep {
  readonly atMs: number;
  readonly transition: string;
  readonly instance: InstanceId;
}

/** The rollout as it will go, from the code that then runs it. */
export interface Preview {
  readonly steps: readonly PlannedStep[];
  readonly minHealthy: { readonly [element: ElementKey]: number };
  readonly peak: { readonly [element: ElementKey]: number };
  readonly durationMs: number;
}

export type Basis = { readonly kind: 'live' | 'status'; readonly atMs: number };

export interface Plan {
  readonly domain: DomainName;
  readonly revision: Revision | 'worktree';
  readonly from: Revision | null;
  readonly basis: Basis;
  readonly solutions: readonly SolutionPlan[];
  readonly changes: readonly Change[];
  readonly summary: { readonly [action in Action]: number };
  /** Order of the elements: providers before consumers. */
  readonly order: readonly ElementKey[];
  /** Covers changes and order; never revision, times, health or duration. */
  readonly digest: Digest;
  /** Digest + revision + what it was made from. */
  readonly seal: Digest;
  readonly holds: readonly Hold[];
  readonly diagnostics: readonly Diagnostic[];
}
