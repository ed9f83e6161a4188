import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pool } from '../../../src/entry/gateway/pool.js';
import { Search } from '../../../src/entry/gateway/search.js';
import type { Upstream } from '../../../src/entry/gateway/upstream.js';

const none: ReadonlySet<Upstream> = new Set();

function poolOf(weights: Readonly<Record<string, number>>): Pool {
  const pool = new Pool();
  pool.replace(tableOf(weights));
  return pool;
}

function tableOf(weights: Readonly<Record<string, number>>) {
  return Object.entries(weights).map(([instance, weight]) => ({
    instance,
    address: '127.0.0.1',
    port: 20_000,
    weight,
  }));
}

const picks = (pool: Pool, count: number) =>
  Array.from({ length: count }, () => pool.pick(none)?.instance ?? '-').join('');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the choice among backends', () => {
  it('follows the weights, and spreads the heavy one out instead of sending it bursts', () => {
    expect(picks(poolOf({ a: 5, b: 1, c: 1 }), 14)).toBe('aabacaaaabacaa');
  });

  it('takes none of weight 0, and none at all where all drain', () => {
    expect(picks(poolOf({ a: 0, b: 1 }), 4)).toBe('bbbb');
    expect(picks(poolOf({ a: 0 }), 2)).toBe('--');
  });

  it('keeps the turns of those that stay when the table changes', () => {
    const pool = poolOf({ a: 1, b: 1 });
    expect(picks(pool, 1)).toBe('a');
    pool.replace(tableOf({ a: 1, b: 1, c: 1 }));
    expect(picks(pool, 3)).toBe('bca');
  });

  it('passes over one that just refused, for a second, unless there is no other', () => {
    const pool = poolOf({ a: 1, b: 1 });
    pool.all()[0]?.refused();
    expect(picks(pool, 3)).toBe('bbb');
    expect(pool.pick(new Set(pool.all().slice(1)))?.instance).toBe('a');
    vi.advanceTimersByTime(1_001);
    expect(picks(pool, 2)).toContain('a');
  });

  it('still tells of one that left the table, until it has nothing open', () => {
    const pool = poolOf({ a: 1 });
    const upstream = pool.pick(none);
    upstream?.begin();
    pool.replace([]);
    expect(pool.all().map((each) => each.stats())).toMatchObject([{ instance: 'a', weight: 0, open: 1 }]);
    upstream?.end();
    expect(pool.all()).toEqual([]);
  });
});

describe('a request that finds no backend', () => {
  it('goes to the first that appears', async () => {
    const pool = poolOf({ a: 0 });
    const found = new Search(pool, () => false).next();
    await vi.advanceTimersByTimeAsync(4_900);
    pool.replace(tableOf({ a: 1 }));
    expect((await found)?.instance).toBe('a');
  });

  it('gives up after five seconds', async () => {
    const found = new Search(poolOf({}), () => false).next();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await found).toBeNull();
  });

  it('tries those that all refused again, for they may be restarting', async () => {
    const pool = poolOf({ a: 1 });
    const search = new Search(pool, () => false);
    const first = await search.next();
    if (first) search.avoid(first);
    const second = search.next();
    await vi.advanceTimersByTimeAsync(100);
    expect(await second).toBe(first);
  });

  it('is forgotten when who asked has left', async () => {
    let gone = false;
    const pool = poolOf({});
    const found = new Search(pool, () => gone).next();
    gone = true;
    pool.replace(tableOf({ a: 1 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(await found).toBeNull();
  });
});
