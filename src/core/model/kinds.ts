import type { Json, JsonMap } from '../base/data.js';

/** The documents that people write, after their schema was checked. Durations are text (`10s`), amounts are numbers or `25%`. */
export type KindDocument = DomainDocument | ComponentDocument | SolutionDocument;

interface Common {
  readonly apiVersion: 'heliostat/v1';
  readonly name: string;
}

export interface DomainDocument extends Common {
  readonly kind: 'Domain';
  readonly requires?: string;
  readonly defaults?: {
    readonly rollout?: RolloutDocument;
    readonly repair?: RepairMode;
    readonly repairInterval?: string;
  };
  readonly limits?: { readonly elementsPerSolution?: number };
}

export type RepairMode = 'auto' | 'report' | 'hold';

export interface RolloutDocument {
  readonly strategy?: 'rolling' | 'recreate' | 'canary' | 'blueGreen';
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
  readonly minHealthyTime?: string;
  readonly healthyDeadline?: string;
  readonly progressDeadline?: string;
  readonly drainDelay?: string;
  readonly onFailure?: 'pause' | 'abort' | 'revert';
  readonly allowDowntime?: boolean;
  readonly canary?: { readonly steps?: readonly CanaryStepDocument[] };
  readonly promote?: 'manual' | 'auto';
  readonly standby?: string;
}

/** With exactly one of `size` (`2`, `25%`) and `weight`. */
export interface CanaryStepDocument {
  readonly size?: number | string;
  readonly weight?: number;
  readonly pause?: string;
  readonly gates?: readonly GateDocument[];
}

/** With exactly one way to measure, and of `http` exactly one of `url` and `path`. */
export interface GateDocument {
  readonly name: string;
  readonly http?: {
    readonly url?: string;
    readonly path?: string;
    readonly status?: readonly number[];
    readonly json?: string;
  };
  readonly prometheus?: {
    readonly url: string;
    readonly query: string;
    readonly threshold: ThresholdDocument;
  };
  readonly command?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly count?: number;
  readonly failureLimit?: number;
  readonly errorLimit?: number;
}

/** `> 0.99`, or bounds that are included. */
export type ThresholdDocument = string | { readonly min?: number; readonly max?: number };

export interface ComponentDocument extends Common {
  readonly kind: 'Component';
  readonly version: string;
  readonly provider: string;
  readonly artifacts?: readonly string[];
  readonly parameters?: JsonMap;
  readonly configuration?: JsonMap;
  readonly dependencies?: { readonly [name: string]: DependencyDocument };
  readonly endpoint?: JsonMap;
  readonly health?: HealthDocument;
  readonly timeouts?: {
    readonly create?: string;
    readonly configure?: string;
    readonly start?: string;
    readonly stop?: string;
    readonly destroy?: string;
  };
  readonly retries?: { readonly limit?: number; readonly backoff?: string; readonly maxBackoff?: string };
  readonly upgrade?: 'sideBySide' | 'inPlace';
  readonly onRemove?: 'destroy' | 'retain';
  readonly revertible?: boolean;
  readonly extends?: string;
}

export interface DependencyDocument {
  readonly type: 'context' | 'service';
  readonly component: string;
  readonly version: string;
  readonly optional?: boolean;
  readonly many?: boolean;
  readonly exclusive?: boolean;
}

export interface HealthDocument {
  readonly http?: { readonly path?: string; readonly port?: number; readonly status?: readonly number[] };
  readonly tcp?: { readonly port?: number };
  readonly command?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly healthyAfter?: number;
  readonly unhealthyAfter?: number;
}

export interface SolutionDocument extends Common {
  readonly kind: 'Solution';
  readonly configuration?: JsonMap;
  readonly elements?: { readonly [name: string]: ElementDocument };
  readonly architecture?: Json;
  readonly movedFrom?: string;
}

export interface ElementDocument {
  readonly component: string;
  /** Short form. */
  readonly version?: string;
  readonly size?: number;
  /** Long form. */
  readonly clusters?: { readonly [version: string]: ClusterDocument };
  readonly configuration?: JsonMap;
  readonly relationships?: { readonly [name: string]: string | RelationshipDocument };
  readonly rollout?: RolloutDocument;
  readonly repair?: RepairMode;
  readonly repairInterval?: string;
  readonly expose?: { readonly port: number | 'auto' };
  readonly protect?: boolean;
  readonly movedFrom?: string;
}

export interface ClusterDocument {
  readonly state?: 'active' | 'inactive' | 'initial';
  readonly size?: number;
  readonly weight?: number;
  readonly configuration?: JsonMap;
  readonly relationships?: { readonly [name: string]: string | RelationshipDocument };
}

export interface RelationshipDocument {
  readonly dependency?: string;
  readonly element: string;
  readonly solution?: string;
  readonly configuration?: JsonMap;
}
