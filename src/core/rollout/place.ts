import type { OperationId } from '../base/names.js';
import type { EngineMs } from './state.js';

/** Where an entry stands: all that `evolve` may know beside the entry itself. */
export interface Place {
  readonly stream: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly at: EngineMs;
  readonly wallMs: number;
}

/** Derived, never random, never used twice. */
export function operationId(place: Pick<Place, 'stream' | 'sequence' | 'epoch'>): OperationId {
  return `${place.epoch}.${place.stream}.${place.sequence}` as OperationId;
}
