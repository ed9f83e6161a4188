import { describe, expect, it } from 'vitest';
import { all, combination, combinationAt, nameOf, troubles } from '../../support/small-world/combinations.js';
import { runCombination } from '../../support/small-world/combine.js';

/** All of them are run by `node scripts/combinations.mjs`. */
const few = 300;

/** Each of these broke something once. */
const broken: readonly (readonly [index: number, what: string])[] = [
  [
    571964,
    'on a step consumers were to keep as many backends as old and new have together, so that neither could go over',
  ],
  [747841, 'the same with steps by number: the floor was that of the step'],
  [
    2061124,
    'a consumer waited for new backends by the size of old and new together, and failed when the wait was over',
  ],
  [
    1813856,
    'a step took old instances away that consumers still needed who could go over with the last step alone',
  ],
];

describe('every combination of sizes, bounds, strategies and troubles', () => {
  it('is met once: none is left out, and none comes twice', () => {
    const seen = new Uint8Array(all);
    for (let nth = 0; nth < all; nth++) seen[combination(nth).index] = 1;
    expect(seen.every((one) => one === 1)).toBe(true);
  });

  it('has each trouble among any few in a row', () => {
    const found = new Set(Array.from({ length: 300 }, (_, nth) => combination(nth).trouble));
    expect([...found].sort()).toEqual([...troubles].sort());
  });

  it.each(broken)('%i: %s', (index) => {
    expect(runCombination(combinationAt(index)).problem).toBeNull();
  });

  it(`keeps floor and ceiling, and none stalls (${few} of them)`, () => {
    const results = Array.from({ length: few }, (_, nth) => runCombination(combination(nth)));
    expect(results.flatMap(({ problem }) => problem ?? [])).toEqual([]);
    expect(results.reduce((sum, { floors }) => sum + floors, 0)).toBeGreaterThan(few);
    expect(nameOf(combination(0))).toContain('rolling');
  }, 240_000);
});
