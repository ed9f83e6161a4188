import type { Share } from '../base/canary.js';
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

/** What an instance is about at one moment of a rollout; `waiting`: it is there and does not run. */
export type Activity =
  | 'creating'
  | 'configuring'
  | 'starting'
  | 'turningHealthy'
  | 'serving'
  | 'reconfiguring'
  | 'draining'
  | 'stopping'
  | 'resetting'
  | 'destroying'
  | 'waiting';

/** As long as the same number of instances is about the same things. */
export interface PreviewSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly instances: { readonly [activity in Activity]?: number };
}

/** One element at one version, from its first instance to its last; spans in order of time, with gaps where there is none. */
export interface PreviewRow {
  readonly element: ElementKey;
  readonly cluster: ClusterKey;
  readonly spans: readonly PreviewSpan[];
}

/** Where the durations come from. */
export interface DurationBasis {
  /** Earlier rollouts that told how long a step takes; 0: all is assumed. */
  readonly rollouts: number;
  /** Steps of which no earlier rollout told anything. */
  readonly assumedSteps: number;
}

/** One step of an element that goes to its new version in steps. */
export interface PlannedStage {
  readonly atMs: number;
  readonly element: ElementKey;
  /** From 1. */
  readonly number: number;
  /** So many there are; the full size follows the last one. */
  readonly of: number;
  readonly share: Share;
  readonly pauseMs: number;
  /** Names, sorted. */
  readonly gates: readonly string[];
  /** A person has to let it go on from here. */
  readonly awaitsPerson: boolean;
}

/** The rollout as it will go, from the code that then runs it. */
export interface Preview {
  /** Of canaries, and of blue and green, in order of time. */
  readonly stages: readonly PlannedStage[];
  readonly steps: readonly PlannedStep[];
  readonly rows: readonly PreviewRow[];
  readonly minHealthy: { readonly [element: ElementKey]: number };
  readonly peak: { readonly [element: ElementKey]: number };
  readonly durationMs: number;
  readonly basis: DurationBasis;
}

/** Two elements that change, and of which one cannot change before the other. */
export interface OrderEdge {
  readonly first: ElementKey;
  readonly then: ElementKey;
  /** Neither serves the other's old or new version: both new ones come up before an old one goes. */
  readonly sideBySide: boolean;
  /** For people. */
  readonly reason: string;
}

/** What the model asks for and does not get, because it failed before. */
export interface StayingElement {
  readonly element: ElementKey;
  /** Asked for, and kept out. */
  readonly version: Version;
  /** What it stays at; empty: nothing of it runs. */
  readonly at: readonly Version[];
  /** What failed: the version itself, or those without which it would not be served. */
  readonly failed: readonly { readonly element: ElementKey; readonly version: Version }[];
  /** In which it failed. */
  readonly revision: Revision;
  /** Why it failed, for people. */
  readonly reason: string;
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
  /** Which of the upgrades had to be put in order, and why. */
  readonly edges: readonly OrderEdge[];
  /** What quarantine keeps out. */
  readonly staying: readonly StayingElement[];
  /** Covers changes and order; never revision, times, health or duration. */
  readonly digest: Digest;
  /** Digest + revision + what it was made from. */
  readonly seal: Digest;
  readonly holds: readonly Hold[];
  readonly diagnostics: readonly Diagnostic[];
}
