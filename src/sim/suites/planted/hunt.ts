import { allInvariants } from '../../invariants/invariants.js';
import { run, type Report } from '../../run.js';
import { Violation } from '../../watcher.js';
import type { Host } from '../../world.js';
import type { Bug } from './bug.js';

/** Events of one run with a bug; without one there are some thousands. */
const mostEvents = 40_000;

export interface Hunt {
  /** In which the bug was caught; null: in none. */
  readonly caughtBy: Report | null;
  /** Seeds that were run with the bug. */
  readonly tried: number;
  /** The same seed without the bug. */
  readonly without: Report | null;
  /** What else was found on the way, for people. */
  readonly others: readonly string[];
  readonly steps: number;
}

/** Runs seed after seed with the bug until one of the invariants that it is to break is broken. */
export async function hunt(bug: Bug, host: Host, most: number): Promise<Hunt> {
  const others: string[] = [];
  let steps = 0;
  const first = bug.from ?? 1;
  for (let seed = first; seed < first + most; seed++) {
    const script = bug.script(seed);
    const report = await run(script, {
      host: bounded(host),
      watchers: allInvariants,
      prepare: (stage) => bug.plant(stage),
    });
    steps += report.steps;
    const { violation } = report;
    if (violation === null) continue;
    if (!bug.breaks.includes(violation.invariant)) {
      others.push(`${seed}: ${violation.message}`);
      continue;
    }
    const without = await run(script, { host, watchers: allInvariants });
    return { caughtBy: report, tried: seed - first + 1, without, others, steps: steps + without.steps };
  }
  return { caughtBy: null, tried: most, without: null, others, steps };
}

/** A bug may loop for ever: whoever does is caught by that. */
function bounded(host: Host): Host {
  let events = 0;
  return {
    ...host,
    drain() {
      if (++events > mostEvents) throw new Violation(20, `no end after ${mostEvents} events`);
      return host.drain();
    },
  };
}
