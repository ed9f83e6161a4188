import type { Host } from '../world.js';
import type { Bug } from './planted/bug.js';
import { bugs } from './planted/bugs.js';
import { hunt, type Hunt } from './planted/hunt.js';
import type { CaseResult, Prepared, Scale, Suite } from './suite.js';

/** Seeds in which a bug must have shown. */
const most: Readonly<Record<Scale, number>> = { tenth: 20, ci: 20, long: 50 };

/** Mistakes that controllers have made are planted one by one: invariants that catch none of them would prove nothing. */
export const planted: Suite = {
  name: 'planted',
  cases: 'planted bugs',
  passed: 'caught',
  prepare: (scale, host) => Promise.resolve(preparedFor(scale, host)),
};

function preparedFor(scale: Scale, host: Host): Prepared {
  return {
    count: bugs.length,
    nameOf: (index) => (bugs[index] as Bug).name,
    run: async (index) => {
      const bug = bugs[index] as Bug;
      return resultOf(bug, await hunt(bug, host, most[scale]));
    },
    demands: [{ group: 'planted bugs', label: 'caught', atLeast: bugs.length }],
  };
}

function resultOf(bug: Bug, { caughtBy, tried, without, others, steps }: Hunt): CaseResult {
  const violation = caughtBy?.violation ?? null;
  if (caughtBy === null || violation === null) {
    const message = `${bug.name}: not caught in ${tried} seeds (${bug.what})${others.map((other) => `; ${other}`).join('')}`;
    return { steps, counters: {}, remark: null, failure: { invariant: 0, message, script: null } };
  }
  const seed = caughtBy.seed;
  const clean = without?.violation ?? null;
  if (clean !== null) {
    const message = `without the bug "${bug.name}" seed ${seed} is broken too: ${clean.message}`;
    return {
      steps,
      counters: {},
      remark: null,
      failure: { invariant: clean.invariant, message, script: bug.script(seed) },
    };
  }
  return {
    steps,
    counters: { 'planted bugs': { caught: 1 }, 'caught by invariant': { [String(violation.invariant)]: 1 } },
    remark: `${bug.name}: broke invariant ${violation.invariant} in seed ${seed}, step ${violation.step}`,
    failure: null,
  };
}
