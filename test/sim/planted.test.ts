import { expect, it, test } from 'vitest';
import { createHost } from '../../src/entry/sim/host.js';
import { planted } from '../../src/sim/suites/planted.js';
import { bugs } from '../../src/sim/suites/planted/bugs.js';
import { hunt } from '../../src/sim/suites/planted/hunt.js';
import { bugsNotYet } from '../../src/sim/suites/planted/not-yet.js';
import { runSuite } from './support/run-suite.js';

const patience = 240_000;

test(
  'every planted bug is caught by an invariant that it was to break, in a seed that passes without it',
  async () => {
    const { failures, counters } = await runSuite(planted, 'tenth');

    expect(failures).toEqual([]);
    expect(counters['planted bugs']?.['caught']).toBe(bugs.length);
  },
  patience,
);

it('there are enough of them, each under a name of its own, and those without a subject are named', () => {
  const names = [...bugs.map(({ name }) => name), ...bugsNotYet];

  expect(bugs.length).toBeGreaterThanOrEqual(14);
  expect(new Set(names).size).toBe(names.length);
});

it(
  'what is no bug is not caught: a hunt for nothing finds nothing',
  async () => {
    const [first] = bugs;
    if (first === undefined) throw new Error('there are no bugs');
    const { caughtBy, tried } = await hunt({ ...first, plant: () => undefined }, createHost(), 2);

    expect(caughtBy).toBeNull();
    expect(tried).toBe(2);
  },
  patience,
);
