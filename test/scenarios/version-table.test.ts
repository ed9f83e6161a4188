import { expect, test } from 'vitest';
import { testInWholeRun } from '../support/needs.js';
import { exposedPort, gitIn, stage, verdict, type Stage } from '../support/heliostat.js';
import { startLoad, type Load } from '../support/scenario/load.js';
import { domainFile, solution } from '../support/scenario/model.js';
import { expectInOrder, journalLength, stepsSince, type Step } from '../support/scenario/steps.js';
import { room, serverFile, service } from '../support/scenario/uses.js';

const within = 90_000;
/** Whole answers: which version was asked, and whom it has asked in turn. */
const asks = { hear: (text: string) => text, clients: 4, pauseMs: 20 };

/** What runs of each element, by the first number of its version. */
type Lines = Readonly<Record<string, number>>;

/** An `api` of two, and a `web` that asks it on each request. */
function pair({ api, web }: Lines): Record<string, string> {
  return solution('shop', {
    api: `{ component: api, version: ${api}.0.0, size: 2 }`,
    web: `{ component: web, version: ${web}.0.0, relationships: { api: api }, expose: { port: auto } }`,
  });
}

/** Two releases of both; the range of api that each web takes. */
function releases(first: string, second: string): Record<string, string> {
  return {
    'heliostat.yaml': domainFile(),
    ...serverFile(),
    ...service('api', 1),
    ...service('api', 2),
    ...service('web', 1, { uses: { api: first } }),
    ...service('web', 2, { uses: { api: second } }),
  };
}

/** A commit, to its end: what was done for it, step by step. */
async function carriedOut(s: Stage, files: Readonly<Record<string, string>>): Promise<readonly Step[]> {
  const before = journalLength(s);
  await verdict(s, s.commit(files), 'applied');
  return stepsSince(s, before);
}

/** No request failed, each was answered by one of these, and each of these answered. */
async function expectAnswers(load: Load, ...answers: readonly string[]): Promise<void> {
  await load.stop();
  expect(load.failures).toEqual([]);
  expect([...load.versions].sort()).toEqual([...answers].sort());
}

/** Where a consumer and its provider go from and to: a step of a kind comes after all of the kind before it. */
type Orders = (consumer: string, provider: string, from: number, to: number) => readonly string[][];

const providerFirst: Orders = (consumer, provider, _from, to) => [
  [`started ${provider} ${to}`, `start ${consumer} ${to}`],
];
const consumerFirst: Orders = (consumer, provider, from, _to) => [
  [`stopped ${consumer} ${from}`, `drain ${provider} ${from}`],
];
const sideBySide: Orders = (...pair) => [...providerFirst(...pair), ...consumerFirst(...pair)];

function expectOrders(steps: readonly Step[], orders: readonly string[][]): void {
  for (const order of orders) expectInOrder(steps, ...order);
}

interface Row {
  readonly row: string;
  /** What the consumer of line 1, and that of line 2, takes. */
  readonly ranges: readonly [string, string];
  readonly there: Orders;
  readonly back: Orders;
  /** What may answer on the way, beside the pairs of one line. */
  readonly between: readonly string[];
}

const rows: readonly Row[] = [
  {
    row: 'the new provider serves the old consumer, the old one not the new: the provider goes first, and back it goes last',
    ranges: ['>=1 <3', '>=2 <3'],
    there: providerFirst,
    back: consumerFirst,
    between: ['web 1.0.0 (api 2.0.0)'],
  },
  {
    row: 'the old provider serves the new consumer, the new one not the old: the consumer goes first, and back it goes last',
    ranges: ['>=1 <2', '>=1 <3'],
    there: consumerFirst,
    back: providerFirst,
    between: ['web 2.0.0 (api 1.0.0)'],
  },
  {
    row: 'neither serves the other: they stand side by side, there and back',
    ranges: ['>=1 <2', '>=2 <3'],
    there: sideBySide,
    back: sideBySide,
    between: [],
  },
];

test.each(rows.map((row) => [row.row, row] as const))(
  'of a pair that is raised and lowered, %s; no request is without an answer of two that fit',
  async (_row, { ranges, there, back, between }) => {
    const s = await stage({ ...releases(...ranges), ...pair({ api: 1, web: 1 }) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), asks);
    const raised = await carriedOut(s, pair({ api: 2, web: 2 }));
    const lowered = await carriedOut(s, pair({ api: 1, web: 1 }));
    await expectAnswers(load, 'web 1.0.0 (api 1.0.0)', ...between, 'web 2.0.0 (api 2.0.0)');
    expectOrders(raised, there('web', 'api', 1, 2));
    expectOrders(lowered, back('web', 'api', 2, 1));
    const both = 'outside web 1.0.0/0 2.0.0/0';
    expectInOrder(raised, 'start web 2', both, 'drain web 1', 'outside web 2.0.0/0', 'stop web 1');
    expectInOrder(lowered, 'start web 1', both, 'drain web 2', 'outside web 1.0.0/0', 'stop web 2');
  },
  within,
);

test(
  'a commit in which nothing is in a range is rejected with the consumer, its range and what would do, at its place; nothing is changed, and a commit that fits goes out',
  async () => {
    const s = await stage({ ...releases('>=1 <2', '>=2 <3'), ...pair({ api: 1, web: 1 }) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), asks);
    const before = { instances: s.instances(), journal: journalLength(s) };
    const wrong = s.commit(pair({ api: 2, web: 1 }));
    await verdict(s, wrong, 'rejected');

    const applied = await s.call('apply');
    expect(applied.code, applied.stderr).toBe(3);
    const told = applied.stdout + applied.stderr;
    expect(told).toContain('shop/web 1.0.0 needs api >=1 <2, and shop/api is at 2.0.0');
    expect(told).toContain(`solutions/shop.yaml:${placeIn(pair({ api: 2, web: 1 }), ' api }')}`);
    expect(told).toContain('Set shop/api to 1.0.0, or use a version that accepts 2.0.0.');
    expect(s.instances()).toEqual(before.instances);
    expect(stepsSince(s, before.journal)).toEqual([]);

    await carriedOut(s, pair({ api: 2, web: 2 }));
    await expectAnswers(load, 'web 1.0.0 (api 1.0.0)', 'web 2.0.0 (api 2.0.0)');
  },
  within,
);

test(
  'a room is replaced under those who live in it: they are made anew in the new one, and then the old ones go',
  async () => {
    const house = (version: number): Record<string, string> =>
      solution('shop', {
        room: `{ component: room, version: ${version}.0.0 }`,
        web: '{ component: web, version: 1.0.0, size: 2, relationships: { room: room }, expose: { port: auto } }',
      });
    const s = await stage({
      'heliostat.yaml': domainFile(),
      ...serverFile(),
      ...room(1),
      ...room(2),
      ...service('web', 1, { room: '>=1 <3' }),
      ...house(1),
    });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), asks);
    const steps = await carriedOut(s, house(2));
    await expectAnswers(load, 'web 1.0.0 (room 1.0.0)', 'web 1.0.0 (room 2.0.0)');
    expectInOrder(steps, 'started room 2', 'create web 1');
    expectInOrder(steps, 'stopped web 1', 'drain room 1', 'destroy room 1');
  },
  within,
);

/** Each pair in another row: which of the three rows the web and the api, the web and the db, the api and the db are in. */
const [first, second, third] = rows as [Row, Row, Row];
const triangles = [
  { webApi: first, webDb: second, apiDb: third },
  { webApi: first, webDb: third, apiDb: second },
  { webApi: third, webDb: first, apiDb: second },
].map(
  (rowOf) =>
    [
      Object.values(rowOf)
        .map((row) => rows.indexOf(row) + 1)
        .join(', '),
      rowOf,
    ] as const,
);

testInWholeRun.each(triangles)(
  'a triangle of which each pair is in another row (%s) goes there, and back by git revert, and no request is without an answer of three that fit',
  async (_name, { webApi, webDb, apiDb }) => {
    const three = (line: number): Record<string, string> => {
      const version = `version: ${line}.0.0`;
      return solution('shop', {
        db: `{ component: db, ${version} }`,
        api: `{ component: api, ${version}, relationships: { db: db }, expose: { port: auto } }`,
        web: `{ component: web, ${version}, size: 2, relationships: { api: api, db: db }, expose: { port: auto } }`,
      });
    };
    const line = (version: number, take: (row: Row) => string): Record<string, string> => ({
      ...service('db', version),
      ...service('api', version, { uses: { db: take(apiDb) } }),
      ...service('web', version, {
        uses: { api: take(webApi), db: take(webDb) },
      }),
    });
    const s = await stage({
      'heliostat.yaml': domainFile(),
      ...serverFile(),
      ...line(1, ({ ranges }) => ranges[0]),
      ...line(2, ({ ranges }) => ranges[1]),
      ...three(1),
    });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const loads = ['shop/web', 'shop/api'].map((key) => startLoad(exposedPort(s, key), asks));
    const there = await carriedOut(s, three(2));
    const before = journalLength(s);
    gitIn(s, 'revert', '--no-edit', 'HEAD');
    await verdict(s, s.tip(), 'applied');
    const back = stepsSince(s, before);
    for (const load of loads) await load.stop();

    expect(loads.flatMap(({ failures }) => failures)).toEqual([]);
    for (const n of [1, 2])
      expect(loads[0]?.versions).toContain(`web ${n}.0.0 (api ${n}.0.0 (db ${n}.0.0)) (db ${n}.0.0)`);
    const pairs = [
      ['web', 'api', webApi],
      ['web', 'db', webDb],
      ['api', 'db', apiDb],
    ] as const;
    for (const [consumer, provider, row] of pairs) {
      expectOrders(there, row.there(consumer, provider, 1, 2));
      expectOrders(back, row.back(consumer, provider, 2, 1));
    }
  },
  within,
);

test(
  'a consumer in another solution than its provider is upgraded with it in the same orders, row by row; and at once with it where each serves the other',
  async () => {
    const ends = (line: number): Record<string, string> => ({
      ...solution('back', { api: `{ component: api, version: ${line}.0.0, size: 2 }` }),
      ...solution('front', {
        web: `{ component: web, version: ${line}.0.0, relationships: { api: { element: api, solution: back } }, expose: { port: auto } }`,
      }),
    });
    const ranges = ['>=1 <3', '>=2 <3', '>=2 <4', '>=4 <6', '>=4 <6'];
    const lines = ranges.map((range, i) => ({
      ...service('api', i + 1),
      ...service('web', i + 1, { uses: { api: range } }),
    }));
    const s = await stage(Object.assign({ 'heliostat.yaml': domainFile() }, serverFile(), ...lines, ends(1)));
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s, 'front/web'), asks);
    expectOrders(await carriedOut(s, ends(2)), providerFirst('web', 'api', 1, 2));
    expectOrders(await carriedOut(s, ends(3)), consumerFirst('web', 'api', 2, 3));
    expectOrders(await carriedOut(s, ends(4)), sideBySide('web', 'api', 3, 4));
    await carriedOut(s, ends(5));
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(load.versions).toContain('web 5.0.0 (api 5.0.0)');
  },
  within,
);

/** `line:column` of what follows a text that is there once. */
function placeIn(files: Readonly<Record<string, string>>, text: string): string {
  const before = Object.values(files).join('').split(text)[0]?.split('\n') ?? [];
  return `${before.length}:${(before.at(-1) ?? '').length + 2}`;
}
