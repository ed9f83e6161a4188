import { allInvariants } from './invariants/invariants.js';
import { run, type Report, type RunOptions } from './run.js';
import { emptyTally, type Tally } from './tally.js';
import type { Script } from './workload/script.js';
import type { Host } from './world.js';

export interface TrialOptions {
  readonly host: Host;
  readonly verbose?: boolean;
  /** Who looks on beside the invariants. */
  readonly watchers?: RunOptions['watchers'];
}

export interface Trial extends Report {
  /** What the run came to see, by the names of the report. */
  readonly reached: readonly string[];
}

/** One run of a script with all invariants on. */
export async function trial(script: Script, options: TrialOptions): Promise<Trial> {
  const { host, verbose = false, watchers = [] } = options;
  const report = await run(script, { host, verbose, watchers: [...watchers, ...allInvariants] });
  return { ...report, reached: [] };
}

export function tallyOf(report: Trial, name: string): Tally {
  const { seed, steps, events, incarnations, violation } = report;
  const found =
    violation === null
      ? []
      : [
          {
            suite: 'seeds',
            name,
            seed,
            invariant: violation.invariant,
            message: violation.message,
            step: violation.step,
          },
        ];
  return {
    ...emptyTally,
    runs: 1,
    steps,
    events,
    incarnations,
    faults: Object.fromEntries(report.faults),
    reached: Object.fromEntries(report.reached.map((what) => [what, 1])),
    found,
  };
}
