import { createHost } from '../../../src/entry/sim/host.js';
import type { Scale, Suite } from '../../../src/sim/suites/suite.js';

export interface SuiteRun {
  readonly cases: number;
  readonly failures: readonly string[];
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** All cases of a suite, one after the other. */
export async function runSuite(suite: Suite, scale: Scale): Promise<SuiteRun> {
  const prepared = await suite.prepare(scale, createHost());
  const failures: string[] = [];
  const counters: Record<string, Record<string, number>> = {};
  for (let index = 0; index < prepared.count; index++) {
    const result = await prepared.run(index);
    if (result.failure !== null) failures.push(result.failure.message);
    for (const [group, labels] of Object.entries(result.counters)) {
      const sums = (counters[group] ??= {});
      for (const [label, count] of Object.entries(labels)) sums[label] = (sums[label] ?? 0) + count;
    }
  }
  for (const { group, label, atLeast } of prepared.demands) {
    const found = counters[group]?.[label] ?? 0;
    if (found < atLeast) failures.push(`${group}: ${label} came ${found} times, not ${atLeast}`);
  }
  return { cases: prepared.count, failures, counters };
}
