import type { Script } from '../workload/script.js';
import type { Host } from '../world.js';

/** A tenth of what is asked for, for a quick look; all of it; the long form. */
export type Scale = 'tenth' | 'ci' | 'long';

/** A way to try the engine case by case: each crash point, each perturbation, each transition, each planted bug. */
export interface Suite {
  /** One word; `--only` names it. */
  readonly name: string;
  /** What its cases are called in the report, in the plural: `crash points`. */
  readonly cases: string;
  /** What a case that went as it should is called: `caught`. Without it: `passed`. */
  readonly passed?: string;
  /**
   * Finds its cases, running unbroken traces where it needs them. Each worker asks for itself and runs a share of
   * them: equal arguments must give equal cases in equal order, whichever of them were run before.
   */
  prepare(scale: Scale, host: Host): Promise<Prepared>;
}

export interface Prepared {
  readonly count: number;
  /** What a person would call a case: what happens where. */
  nameOf(index: number): string;
  /** Never throws: what goes wrong is in the result. */
  run(index: number): Promise<CaseResult>;
  /** What must be reached by all cases together, or the suite has failed. */
  readonly demands: readonly Demand[];
  /** The trace of a case, line by line, for whoever replays it. */
  show?(index: number): Promise<readonly string[]>;
}

/** The sum of this counter over all cases is to be at least this. */
export interface Demand {
  readonly group: string;
  readonly label: string;
  readonly atLeast: number;
}

/** Counts by group and label, as in `{ position: { 'torn write': 12 } }`. Cases are summed. */
export type Counters = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Crosses from worker to runner: plain data only. */
export interface CaseResult {
  /** Events that changed something, in all runs of the case. */
  readonly steps: number;
  readonly counters: Counters;
  /** Something that the report says about this case though nothing is wrong: `skip the sync: broke invariant 3`. */
  readonly remark: string | null;
  readonly failure: CaseFailure | null;
}

export interface CaseFailure {
  /** Of the list in docs/reliability.md; 0: something else went wrong, or a planted bug was not caught. */
  readonly invariant: number;
  readonly message: string;
  /** What was run, if a script alone shows it again. */
  readonly script: Script | null;
}
