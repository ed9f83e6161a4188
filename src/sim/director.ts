import type { InstanceId } from '../core/base/names.js';
import type { Life } from './life.js';
import type { Call } from './watcher.js';

/** How an incarnation ends, and what it leaves behind. */
export interface Death {
  readonly how: 'process' | 'power';
  /** Calls to the machine that it had sent are still made; else none of them is. */
  readonly isSentMade: boolean;
  /** Where the power is lost: of what was not synced. */
  readonly keeps: 'none' | 'all' | 'torn';
}

/** Decides about single calls: the suites that try each of them in turn steer by it. */
export interface Director {
  /** `before`: the incarnation dies and the call is never made; `after`: its effect lands and its answer does not. */
  fateOf?(incarnation: Life, call: Call): 'before' | 'after' | null;
  /** Null, or without it: its process ends, and the seed decides what is left behind. */
  deathOf?(incarnation: Life): Death | null;
  /** The call is due: `run` does it and gives what is true; what is given back is told. */
  perform?<T>(incarnation: Life, call: Call, run: () => T): T;
  /** False: what its technology wants to tell of this instance is lost. */
  tells?(incarnation: Life, id: InstanceId): boolean;
}
