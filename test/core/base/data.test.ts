import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, equalData } from '../../../src/core/base/data.js';

const data = fc.jsonValue({ maxDepth: 4 });

/** The same data with the keys of every map in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('canonical text of data', () => {
  it('is JSON of the same data, so that a digest covers all of it', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order of keys, and leaves out what is undefined', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
    expect(canonicalJson({ b: 1, a: undefined, c: [undefined] })).toBe('{"b":1,"c":[null]}');
  });
});

describe('equality of data', () => {
  it('is equality of canonical texts, without making them: a digest and a comparison never disagree', () => {
    const near = fc
      .tuple(data, data, fc.boolean())
      .map(([a, b, same]) => [a, same ? reversed(a) : b] as const);
    fc.assert(
      fc.property(near, ([a, b]) => {
        expect(equalData(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
    for (const [a, b] of [
      [undefined, null],
      [{ a: undefined }, {}],
      [{}, { a: undefined }],
      [[], {}],
      [Number.NaN, null],
      [0, -0],
      [{ a: 1 }, { a: 1, b: 2 }],
      [
        { a: undefined, b: 1 },
        { a: 1, b: undefined },
      ],
    ] as const)
      expect(equalData(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
  });
});
