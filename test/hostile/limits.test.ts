import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codes } from '../../src/core/base/codes.js';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/limits.md', root), 'utf8');
const rows = [...page.matchAll(/^\| (.+?) +\| (.+?) +\| `(src\/[^`]+)` `(\w+)` +\| (.+?) +\|$/gm)].map(
  ([, what = '', limit = '', file = '', constant = '', beyond = '']) => ({
    what,
    limit,
    file,
    constant,
    beyond,
  }),
);

const units: Readonly<Record<string, number>> = {
  '': 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  MB: 1_000_000,
  ms: 1,
  s: 1_000,
  h: 3_600_000,
};

/** `64 MiB` and `1,000` as numbers; times in milliseconds. */
function meant(limit: string, constant: string): number {
  const [number = '', unit = ''] = limit.split(' ');
  const factor = constant.endsWith('Mb') ? 1 : units[unit];
  if (factor === undefined) throw new Error(`${limit}: no such unit`);
  return Number(number.replaceAll(',', '')) * factor;
}

/** What the code says: a constant, a property, or a default, of digits, products, sums and shifts. */
function inCode(file: string, constant: string): number {
  const text = readFileSync(new URL(file, root), 'utf8');
  const found = [
    ...text.matchAll(
      new RegExp(`\\b${constant}(?: =|:|: options\\.\\w+ \\?\\?) ([\\d_ *+<()]+)[,;\\n]`, 'g'),
    ),
  ];
  expect(found, `${constant} stands once in ${file}`).toHaveLength(1);
  const terms = (found[0]?.[1] ?? '').replaceAll('_', '').trim();
  const shift = /^(\d+) << (\d+)$/.exec(terms);
  if (shift) return Number(shift[1]) * 2 ** Number(shift[2]);
  return terms.split(' * ').reduce((product, term) => product * Number(term), 1);
}

describe('the page of limits', () => {
  it('has a row for each limit that it speaks of', () => {
    expect(rows.length).toBeGreaterThan(40);
    const lines = page
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (?:what +\||-)/.test(line));
    expect(rows).toHaveLength(lines.length);
  });

  it.each(rows)('says of $what what the code says', ({ limit, file, constant }) => {
    expect(inCode(file, constant)).toBe(meant(limit, constant));
  });

  it('names only codes that there are', () => {
    for (const { beyond } of rows) {
      for (const [, code = ''] of beyond.matchAll(/`(\w+\.\w+)`/g)) expect(codes).toHaveProperty([code]);
    }
  });
});
