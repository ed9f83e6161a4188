import { describe, expect, it } from 'vitest';
import { runSeed } from '../../support/small-world/run.js';

const more = Number(process.env['HELIOSTAT_SMALL_WORLDS'] ?? 0);
const first = Number(process.env['HELIOSTAT_SMALL_WORLD_FIRST'] ?? 1);
const count = more > 0 ? more : 250;

/** Each of these broke something once; what it was is told in `trouble.test.ts` and `orders.test.ts`. */
const broken: readonly (readonly [seed: number, what: string])[] = [
  [113, 'a third generation of a context had no room while two older ones were held'],
  [148, 'a move could not leave in an element that had shrunk'],
  [248, 'a context that shrank never lost what lived on it'],
  [341, 'dependents stayed on a version of their context that had been given up'],
  [603, 'a consumer started in the decision in which its provider left'],
  [790, 'the surplus left while the wanted instance was away for its configuration'],
  [1733, 'a stop that could not be done was neither tried again nor a failure'],
  [2334, 'a resume did not forgive what had been done before it broke'],
];

describe('a small world under faults', () => {
  it.each(broken)('seed %i: %s', (seed) => {
    expect(runSeed(seed).problem).toBeNull();
  });

  it(`keeps every invariant and comes to rest at A = T (${count} seeds)`, () => {
    const failed: string[] = [];
    for (let seed = first; seed < first + count; seed++) {
      const { problem } = runSeed(seed);
      if (problem !== null) failed.push(`seed ${seed}: ${problem}`);
    }
    expect(failed).toEqual([]);
  }, 600_000);
});
