import { describe, expect, it } from 'vitest';
import { runSeed } from '../../support/small-world/run.js';

const more = Number(process.env['HELIOSTAT_SMALL_WORLDS'] ?? 0);
const first = Number(process.env['HELIOSTAT_SMALL_WORLD_FIRST'] ?? 1);
const count = more > 0 ? more : 250;

describe('a small world under faults', () => {
  it(`keeps every invariant and comes to rest at A = T (${count} seeds)`, () => {
    const failed: string[] = [];
    for (let seed = first; seed < first + count; seed++) {
      const { problem } = runSeed(seed);
      if (problem !== null) failed.push(`seed ${seed}: ${problem}`);
    }
    expect(failed).toEqual([]);
  }, 600_000);
});
