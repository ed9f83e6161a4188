import { describe, expect, it } from 'vitest';
import { maximumDurationMs, parseAmount, parseDuration } from '../../../src/core/model/duration.js';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['250ms', 250],
    ['10s', 10_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1m500ms', 60_500],
    ['720h', maximumDurationMs],
  ])('%s is %i ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '10', 's', '1.5s', '-1s', ' 1s', '1s ', '1s1h', '1d', '721h', '1000000000s', '1 s', '١s'])(
    '%j is none: a mistyped time must not become another one',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});

describe('parseAmount', () => {
  it('tells a number from a share', () => {
    expect(parseAmount(0)).toEqual({ kind: 'count', value: 0 });
    expect(parseAmount(3)).toEqual({ kind: 'count', value: 3 });
    expect(parseAmount('25%')).toEqual({ kind: 'percent', value: 25 });
    expect(parseAmount('100%')).toEqual({ kind: 'percent', value: 100 });
  });

  it.each([-1, 1.5, 10_001, NaN, '3', '101%', '-1%', '1.5%', '%', ''])('%j is neither', (value) => {
    expect(parseAmount(value)).toBeNull();
  });
});
