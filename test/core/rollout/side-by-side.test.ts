import { describe, expect, it } from 'vitest';
import type { ElementSpec } from '../../support/desired.js';
import { change, deployed, go, modelOf, stepsOf } from '../../support/deployed.js';

const count = (value: number) => ({ kind: 'count' as const, value });

/** A store, and an api that uses it. Every action is held against the floors of both on the way. */
function pair(version: string, range: string, more: Partial<ElementSpec> = {}): ElementSpec[] {
  return [
    { name: 'store', version, size: 2, ...more },
    { name: 'api', version, size: 3, expose: 8080, ...more, needs: [{ element: 'store', range }] },
  ];
}

/** The first place of each of these steps. */
function order(steps: readonly string[], ...wanted: readonly string[]): number[] {
  return wanted.map((step) => steps.findIndex((one) => one.startsWith(step)));
}

function isSorted(places: readonly number[]): boolean {
  return places.every((place, i) => place >= 0 && (i === 0 || (places[i - 1] ?? -1) < place));
}

describe('a pair of which neither side can go first', () => {
  it('stands side by side: the new provider, the new consumer on it, then the old consumer goes, then the old provider', () => {
    const foreseen = change(pair('1.0.0', '^1'), pair('2.0.0', '^2'));
    expect(foreseen.ends).toBe(true);
    const steps = stepsOf(foreseen, 'start', 'stop');
    expect(steps.filter((step) => step.startsWith('start store 2.0.0'))).toHaveLength(2);
    const lastOf = (what: string): number => steps.findLastIndex((step) => step.startsWith(what));
    expect(
      isSorted(order(steps, 'start store 2.0.0', 'start api 2.0.0', 'stop api 1.0.0', 'stop store 1.0.0')),
    ).toBe(true);
    expect(lastOf('start store 2.0.0')).toBeLessThan(order(steps, 'start api 2.0.0')[0] ?? -1);
    expect(lastOf('stop api 1.0.0')).toBeLessThan(order(steps, 'stop store 1.0.0')[0] ?? -1);
  });

  it.each([
    ['surge 3', 3, 0],
    ['surge 0', 0, 1],
    ['both', 1, 1],
    ['25 %', 0, 0],
  ])('whatever room there is: %s', (_name, surge, unavailable) => {
    const rollout =
      surge + unavailable === 0
        ? { maxSurge: { kind: 'percent' as const, value: 25 } }
        : { maxSurge: count(surge), maxUnavailable: count(unavailable), allowDowntime: true };
    const world = deployed(pair('1.0.0', '^1', { rollout }));
    go(world, modelOf(pair('2.0.0', '^2', { rollout })));
  });

  it('whatever the sizes of both: none stalls', () => {
    for (let store = 1; store <= 4; store++)
      for (let api = 0; api <= 4; api++) {
        const at = (version: string, range: string): ElementSpec[] => [
          { name: 'store', version, size: store },
          { name: 'api', version, size: api, needs: [{ element: 'store', range }] },
        ];
        go(deployed(at('1.0.0', '^1')), modelOf(at('2.0.0', '^2')));
      }
  });

  it('in a chain of them', () => {
    const chain = (version: string, range: string): ElementSpec[] => [
      { name: 'a', version, size: 2 },
      { name: 'b', version, size: 2, needs: [{ element: 'a', range }] },
      { name: 'c', version, size: 2, needs: [{ element: 'b', range }] },
      {
        name: 'd',
        version,
        size: 1,
        needs: [
          { element: 'c', range },
          { element: 'a', range },
        ],
      },
    ];
    go(deployed(chain('1.0.0', '^1')), modelOf(chain('2.0.0', '^2')));
  });

  it('goes back the same way', () => {
    const world = deployed(pair('1.0.0', '^1'));
    go(world, modelOf(pair('2.0.0', '^2')));
    go(world, modelOf(pair('1.0.0', '^1')));
  });
});

describe('the triangle', () => {
  /** web uses api and db, api uses db; each by the ranges of its version. */
  const triangle = (version: string, web: [string, string], api: string): ElementSpec[] => [
    { name: 'db', version, size: 2 },
    { name: 'api', version, size: 2, needs: [{ element: 'db', range: api }] },
    {
      name: 'web',
      version,
      size: 2,
      expose: 8080,
      needs: [
        { element: 'api', range: web[0] },
        { element: 'db', range: web[1] },
      ],
    },
  ];
  const rows = { first: ['>=1 <3', '^2'], second: ['^1', '>=1 <3'], third: ['^1', '^2'] } as const;
  type Row = keyof typeof rows;
  const kinds = Object.keys(rows) as Row[];
  const all = kinds.flatMap((a) => kinds.flatMap((b) => kinds.map((c) => [a, b, c] as const)));

  it.each(all)('ends with web→api by the %s row, web→db by the %s and api→db by the %s', (a, b, c) => {
    const before = triangle('1.0.0', [rows[a][0], rows[b][0]], rows[c][0]);
    const after = triangle('2.0.0', [rows[a][1], rows[b][1]], rows[c][1]);
    go(deployed(before), modelOf(after));
  });
});
