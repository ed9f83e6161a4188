import { expect, test } from 'vitest';
import { createHost } from '../../src/entry/sim/host.js';
import { threads, type Crew } from '../../src/entry/sim/crew.js';
import type { Answer, Job } from '../../src/entry/sim/messages.js';
import { carryOut, type Order } from '../../src/entry/sim/programme.js';
import { faultKinds } from '../../src/sim/faults.js';
import { positions } from '../../src/sim/positions.js';
import { countOf, freshSeeds, withRange } from '../../src/sim/ranges.js';
import { emptyTally, merged, type Found, type Tally } from '../../src/sim/tally.js';
import { trial } from '../../src/sim/trial.js';
import { shortcomings, stages } from '../../src/sim/verdict.js';
import { scriptOf } from '../../src/sim/workload/script.js';
import { World, type Host } from '../../src/sim/world.js';

const onlooker = { progress: () => undefined, isOver: () => false };
const order: Order = { seeds: [], again: 0, scale: 'ci', suites: [], regressions: false };

/** A crew of one that answers what it is told to. */
function crewOf(answer: (job: Job) => Answer): Crew {
  return { size: 1, do: (job) => Promise.resolve(answer(job)), close: () => Promise.resolve() };
}

function done(job: Job, hashOf: (seed: number) => string): Answer {
  const seeds = job.kind === 'seeds' ? job.seeds : [];
  const tally = { ...emptyTally, runs: seeds.length, steps: 200 * seeds.length };
  return { kind: 'done', tally, hashes: seeds.map((seed) => [seed, hashOf(seed)]), failed: [] };
}

test('a seed gives the same run whatever was run before it: else nothing could be replayed', async () => {
  const [warm, cold] = [createHost(), createHost()];
  const hashOf = async (seed: number, host: Host): Promise<string> =>
    (await trial({ ...scriptOf(seed), steps: 80 }, { host })).hash;
  await hashOf(6, warm);
  expect(await hashOf(7, warm)).toBe(await hashOf(7, cold));
  expect(await hashOf(8, cold)).not.toBe(await hashOf(7, cold));
}, 60_000);

test('what many workers found is one sum, in which each seed is counted once', async () => {
  const outcome = await carryOut(
    crewOf((job) => done(job, String)),
    { ...order, seeds: freshSeeds([], 1, 23), again: 7 },
    onlooker,
  );
  expect(outcome.tally).toMatchObject({ runs: 23, steps: 4_600 });
  expect(outcome.runAgain).toBe(7);
  expect(shortcomings(outcome.tally, [])).toEqual([]);
});

test('two runs of a seed that differ are a violation', async () => {
  let calls = 0;
  const outcome = await carryOut(
    crewOf((job) => done(job, (seed) => (seed === 3 ? `${calls++}` : 'same'))),
    { ...order, seeds: freshSeeds([], 1, 5), again: 5 },
    onlooker,
  );
  expect(outcome.tally.found).toMatchObject([{ name: 'seed 3', message: 'two runs of it differ: 0, 1' }]);
});

test('what was not begun in time is told, for a programme that ends early has shown less', async () => {
  let isOver = false;
  const crew = crewOf((job) => {
    isOver = true;
    return done(job, String);
  });
  const outcome = await carryOut(
    crew,
    { ...order, seeds: freshSeeds([], 1, 23) },
    { ...onlooker, isOver: () => isOver },
  );
  expect(outcome.left).toEqual(['seeds']);
  expect(outcome.tally.runs).toBeLessThan(23);
});

const program = (body: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; parentPort.on('message', (job) => { ${body} });`)}`,
  );

test('a worker that hangs is ended and told of, and another goes on in its place', async () => {
  const crew = threads({
    size: 1,
    patienceMs: 1_000,
    program: program(
      `if (job.seeds[0] === 1) for (;;); parentPort.postMessage({ kind: 'ready', count: 5, demands: [] });`,
    ),
  });
  const [hung, fine] = await Promise.all([
    crew.do({ kind: 'seeds', seeds: [1] }),
    crew.do({ kind: 'seeds', seeds: [2] }),
  ]);
  await crew.close();
  expect(hung.kind).toBe('broken');
  expect(JSON.stringify(hung)).toContain('did not come to an end');
  expect(fine).toMatchObject({ kind: 'ready', count: 5 });
});

test('something tried again and again without a pause is a violation: else its run would never end', async () => {
  const world = new World({ seed: 1, weather: {}, latencyMs: 0 }, createHost());
  const again = (): void => void world.schedule(world.now, 0, again);
  again();
  const forever = async (): Promise<void> => {
    while (await world.step());
  };
  await expect(forever()).rejects.toMatchObject({ invariant: 20 });
}, 30_000);

test('a worker that breaks is told of', async () => {
  const crew = threads({ size: 1, patienceMs: 60_000, program: program(`throw new Error('planted');`) });
  const answer = await crew.do({ kind: 'seeds', seeds: [1] });
  expect(answer.kind).toBe('broken');
  expect(JSON.stringify(answer)).toContain('planted');
  await crew.close();
});

const found: Found = {
  suite: 'seeds',
  name: 'seed 1',
  shownBy: null,
  invariant: 6,
  message: 'floor',
  step: 3,
};
const full: Tally = {
  ...emptyTally,
  runs: 2_000,
  faults: Object.fromEntries(faultKinds.map((kind) => [kind, 100])),
  reached: Object.fromEntries(stages.map((stage) => [stage, 400])),
  positions: Object.fromEntries(positions.map((position) => [position, 1])),
};
const demand = { suite: 'crashes', group: 'crash', label: 'runs', atLeast: 2 };
const crashes = { cases: 1, steps: 1, counters: { crash: { runs: 1 } }, remarks: [] };

test('enough of everything and no violation is enough', () => {
  expect(shortcomings(full, [])).toEqual([]);
});

test.each<[string, Tally, RegExp]>([
  ['a violation', { ...full, found: [found] }, /1 run broke an invariant/],
  ['a violation that no longer found room in the list', { ...full, unlisted: 1 }, /broke an invariant/],
  ['a kind of fault that was rare', { ...full, faults: { ...full.faults, 'disk.io': 99 } }, /I\/O error.*99/],
  ['a kind of fault that never struck', { ...full, faults: {} }, /struck 0 times instead of 100/],
  ['a stage that too few reached', { ...full, reached: { ...full.reached, revert: 399 } }, /19 %.*revert/],
  ['a position at which nobody died', { ...full, positions: {} }, /no controller died torn write/],
])('%s fails the programme', (_, tally, why) => {
  expect(shortcomings(tally, []).join('\n')).toMatch(why);
});

test('a demand of a suite that is not reached fails the programme', () => {
  const tally = { ...full, suites: { crashes } };
  expect(shortcomings(tally, [demand])).toEqual(['crashes, crash, runs: 1 instead of 2']);
  const more = merged(tally, { ...emptyTally, suites: { crashes } });
  expect(more.suites['crashes']).toMatchObject({ cases: 2, counters: { crash: { runs: 2 } } });
  expect(shortcomings(more, [demand])).toEqual([]);
});

test('of more violations than anyone reads the rest is counted', () => {
  const many = { ...emptyTally, found: Array.from({ length: 150 }, () => found) };
  const both = merged(many, many);
  expect(both.found.length + both.unlisted).toBe(300);
  expect(both.unlisted).toBeGreaterThan(0);
});

test('seeds that were run are kept as few ranges, and none is run twice', () => {
  let ranges = withRange([], [1, 10]);
  ranges = withRange(ranges, [21, 30]);
  expect(freshSeeds(ranges, 1, 12)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 31, 32]);
  ranges = withRange(ranges, [11, 20]);
  expect(ranges).toEqual([[1, 30]]);
  expect(countOf(withRange(ranges, [5, 5]))).toBe(30);
});
