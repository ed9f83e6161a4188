import type { Json } from '../base/data.js';
import type { Position } from '../base/diagnostic.js';
import type { ElementKey } from '../base/names.js';
import type { AcceptedModel } from './model.js';

export interface ExplainedValue {
  /** Dotted: `logLevel`, `pool.max`. */
  readonly path: string;
  readonly value: Json;
  readonly layer: 'default' | 'solution' | 'element' | 'cluster';
  readonly origin: Position;
}

export interface ExplainedCluster {
  readonly version: string;
  /** Null where the element has errors. */
  readonly generation: string | null;
  readonly state: 'active' | 'inactive' | 'initial';
  readonly size: number;
  /** Parameters in effect, sorted by path. */
  readonly values: readonly ExplainedValue[];
  /** What the provider gets, references shown as `${…}`; null where the element has errors. */
  readonly configuration: Json;
  readonly release: Position | null;
}

export interface ExplainedElement {
  readonly key: ElementKey;
  readonly component: string;
  readonly position: Position;
  readonly clusters: readonly ExplainedCluster[];
}

/** The configuration in effect and, for each value, where it was set; null if there is no such element. */
export declare function explainElement(model: AcceptedModel, key: ElementKey): ExplainedElement | null;
