import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches, parseGlob } from '../../../src/core/base/glob.js';
import { blobOid } from '../../../src/core/base/git-oid.js';
import { utf8 } from '../../../src/core/base/bytes.js';
import type { ElementKey } from '../../../src/core/base/names.js';
import { findCycles } from '../../../src/core/graph/cycles.js';
import { Heap } from '../../../src/core/graph/heap.js';
import { Order } from '../../../src/core/graph/order.js';
import { Table } from '../../../src/core/graph/table.js';

describe('a pattern of paths', () => {
  it.each([
    ['services/api/**', 'services/api/a/b.mjs', true],
    ['services/api/**', 'services/apix/a', false],
    ['**/*.mjs', 'main.mjs', true],
    ['a/**/b/*.x', 'a/b/1.x', true],
    ['a/**/b/*.x', 'a/q/b/r/b/1.x', true],
    ['a/**/b/*.x', 'a/b/c/1.x', false],
    ['*', 'a/b', false],
    ['a*b*c', 'axxbyybzzc', true],
    ['a.b', 'axb', false],
  ])('%s and %s: %s', (pattern, path, matches) => {
    const glob = parseGlob(pattern);
    expect(glob !== null && globMatches(glob, path)).toBe(matches);
  });

  it.each(['/a', 'a//b', '../a', 'a/./b', 'a?', '{a,b}', '[ab]', '!a', 'a**b', ''])(
    'refuses %s',
    (pattern) => {
      expect(parseGlob(pattern)).toBeNull();
    },
  );

  it('takes no exponential time, however many stars there are', () => {
    const glob = parseGlob(`${'**/'.repeat(50)}${'*a'.repeat(50)}`);
    expect(glob !== null && globMatches(glob, `${'a/'.repeat(300)}${'a'.repeat(300)}b`)).toBe(false);
  });
});

describe('a blob id', () => {
  it('is the one that Git gives', () => {
    expect(blobOid(utf8('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  });
});

describe('an immutable table', () => {
  it('answers like a map, and an edit leaves what was before as it was', () => {
    const change = fc.tuple(fc.string({ maxLength: 3 }), fc.option(fc.nat()));
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (first, second) => {
        const apply = (
          table: Table<number>,
          map: Map<string, number>,
          changes: typeof first,
        ): Table<number> => {
          const edit = table.edit();
          for (const [key, value] of changes) {
            if (value === null) edit.delete(key);
            else edit.set(key, value);
            if (value === null) map.delete(key);
            else map.set(key, value);
          }
          return edit.seal();
        };
        const map = new Map<string, number>();
        const before = apply(Table.empty(), map, first);
        const copy = new Map(map);
        const after = apply(before, map, second);
        expect(after.keys().map((key) => [key, after.get(key)])).toEqual(
          [...map].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
        expect(before.keys().map((key) => [key, before.get(key)])).toEqual(
          [...copy].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
        expect([before.size, after.size]).toEqual([copy.size, map.size]);
      }),
    );
  });
});

describe('the kept order', () => {
  it('puts providers first after every new edge, or finds the cycle that the edge closes', () => {
    const edge = fc.tuple(fc.nat(9), fc.nat(9)).filter(([a, b]) => a !== b);
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 40 }), (edges) => {
        const keys = Array.from({ length: 10 }, (_, i) => `s/e${i}` as ElementKey);
        const providers = new Map<ElementKey, ElementKey[]>(keys.map((key) => [key, []]));
        const ranks = Table.empty<number>().edit();
        const order = new Order(ranks, 0, {
          providers: (key) => providers.get(key) ?? [],
          consumers: (key) => keys.filter((other) => providers.get(other)?.includes(key)),
        });
        order.add(keys);
        for (const [from, to] of edges) {
          const [consumer, provider] = [keys[from] as ElementKey, keys[to] as ElementKey];
          providers.get(consumer)?.push(provider);
          const sound = order.connect(consumer);
          const cycles = findCycles(keys, (key) => providers.get(key) ?? []);
          expect(sound).toBe(cycles.length === 0);
          if (!sound) return;
          for (const [key, needs] of providers) {
            for (const need of needs) expect(ranks.get(need)).toBeLessThan(ranks.get(key) ?? -1);
          }
        }
      }),
    );
  });
});

describe('the heap', () => {
  it('gives items by rank, each once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), (items) => {
        const heap = new Heap<number>((item) => item);
        for (const item of items) heap.push(item);
        const out: number[] = [];
        for (let item = heap.pop(); item !== undefined; item = heap.pop()) out.push(item);
        expect(out).toEqual([...new Set(items)].sort((a, b) => a - b));
      }),
    );
  });
});
