import type { InstanceId } from '../../../core/base/names.js';
import type { Interruptible, Place } from './place.js';

export interface StatusRequest extends Place, Interruptible {
  /** Revision or ISO time; null: now. */
  readonly at: string | null;
}

export interface HistoryRequest extends Place, Interruptible {
  /** `domain/solution` or `domain/solution/element`; null: all. */
  readonly target: string | null;
  readonly limit: number;
}

export interface EventsRequest extends Place, Interruptible {
  readonly target: string | null;
  readonly follow: boolean;
  /** Milliseconds since 1970; null: from the beginning of what is kept, or from now on with `follow`. */
  readonly sinceMs: number | null;
}

export interface GraphRequest extends Place, Interruptible {
  /** Null: as for `plan`. */
  readonly revision: string | null;
}

export interface LogsRequest extends Place, Interruptible {
  /** Solution, element or instance, in full. */
  readonly target: string;
  readonly follow: boolean;
  readonly sinceMs: number | null;
  /** Of the run before the last restart. */
  readonly previous: boolean;
  /** Last lines of each instance. */
  readonly lines: number;
}

export interface LogLine {
  readonly instance: InstanceId;
  readonly atMs: number | null;
  readonly stream: 'out' | 'err';
  readonly text: string;
}
