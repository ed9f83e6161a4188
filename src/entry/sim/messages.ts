import type { Report } from '../../sim/run.js';
import type { Demand, Scale } from '../../sim/suites/suite.js';
import type { Tally } from '../../sim/tally.js';
import type { Script } from '../../sim/workload/script.js';

/** Work for one worker; it does one after the other. */
export type Job =
  | { readonly kind: 'seeds'; readonly seeds: readonly number[] }
  /** By index in the list of what once failed. */
  | { readonly kind: 'regressions'; readonly indices: readonly number[] }
  | CasesJob
  | { readonly kind: 'prepare'; readonly suite: string; readonly scale: Scale }
  | ShrinkJob;

export interface CasesJob {
  readonly kind: 'cases';
  readonly suite: string;
  readonly scale: Scale;
  readonly indices: readonly number[];
}

export interface ShrinkJob {
  readonly kind: 'shrink';
  readonly script: Script;
  readonly invariant: number;
  readonly withinMs: number;
}

export type Answer = Done | Readied | Shrunk | Broken;

export interface Done {
  readonly kind: 'done';
  readonly tally: Tally;
  /** Of the traces, where runs are of seeds. */
  readonly hashes: readonly SeedHash[];
  readonly failed: readonly Failed[];
}

export interface Readied {
  readonly kind: 'ready';
  readonly count: number;
  readonly demands: readonly Demand[];
}

export interface Shrunk {
  readonly kind: 'shrunk';
  readonly script: Script;
  /** Null: the script, run again, broke nothing. */
  readonly violation: Report['violation'];
}

/** The worker itself failed, or was ended because it no longer went on. */
export interface Broken {
  readonly kind: 'broken';
  readonly message: string;
}

export type SeedHash = readonly [seed: number, hash: string];

/** A run that a script alone shows again. */
export interface Failed {
  readonly name: string;
  readonly invariant: number;
  readonly script: Script;
}
