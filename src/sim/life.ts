import type { Booted } from '../engine/boot.js';
import type { Engine } from '../engine/engine.js';
import type { EngineOptions } from '../engine/ports.js';
import type { Machine } from './machine.js';

/** One life of a controller, as the world and those who watch it know it; `Incarnation` lives it. */
export interface Life {
  /** From 1, in the order of the starts. */
  readonly number: number;
  readonly machine: Machine;
  readonly options: EngineOptions;
  /** Nothing of it settles any more. */
  dead: boolean;
  /** The process stands still until then. */
  pausedUntil: number;
  /** Calls of ports so far. */
  readonly calls: number;
  readonly booted: Booted | null;
  readonly engine: Engine | null;
  /** Why the loop ended, where it did not just stop. */
  readonly failure: unknown;
  readonly hasEnded: boolean;
}
