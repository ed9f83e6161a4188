import { Coverage } from './coverage.js';
import { allInvariants } from './invariants/invariants.js';
import { run, type Report, type RunOptions } from './run.js';
import type { Stage } from './stage.js';
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
  /** What the run came to see, by its name in the report, each with how often. */
  readonly reached: ReadonlyMap<string, number>;
  /** Where its controllers died. */
  readonly positions: ReadonlyMap<string, number>;
}

/** One run of a script with all invariants on. */
export async function trial(script: Script, options: TrialOptions): Promise<Trial> {
  const { host, verbose = false, watchers = [] } = options;
  let coverage: Coverage | null = null;
  const cover = (stage: Stage): Coverage => (coverage = new Coverage(stage));
  const report = await run(script, { host, verbose, watchers: [...watchers, cover, ...allInvariants] });
  const { reached, positions } = coverage as unknown as Coverage;
  return { ...report, reached, positions };
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
            shownBy: `--seed ${seed}`,
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
    reached: Object.fromEntries([...report.reached.keys()].map((what) => [what, 1])),
    positions: Object.fromEntries(report.positions),
    found,
  };
}
