import { describe, expect, it, onTestFinished } from 'vitest';
import { createPoll } from '../../../src/adapters/watch/index.js';
import { until } from '../../support/programs.js';

const ref = 'refs/heads/main';

/** A remote that is asked as often as the test says. */
function remote() {
  const listeners = new Set<() => void>();
  const self = {
    tip: 'a'.repeat(40),
    asked: 0,
    away: false,
    refs: { read: () => Promise.resolve(self.tip) },
    refresh(): Promise<void> {
      self.asked++;
      if (self.away) return Promise.reject(new Error('away'));
      for (const listener of listeners) listener();
      return Promise.resolve();
    },
    onLooked: (listener: () => void) => void listeners.add(listener),
  };
  return self;
}

async function watching(there: ReturnType<typeof remote>, pollMs: number) {
  const told: (string | null)[] = [];
  const watcher = await createPoll({ remote: there, ref, onTip: (tip) => told.push(tip), pollMs });
  onTestFinished(() => watcher.close());
  return { told, watcher };
}

describe('a poll', () => {
  it('tells the tip at its start, and then only another one', async () => {
    const there = remote();
    const { told } = await watching(there, 5);
    expect(told).toEqual(['a'.repeat(40)]);
    await until('it is asked again', () => there.asked > 3);
    expect(told).toHaveLength(1);
    there.tip = 'b'.repeat(40);
    await until('it is told', () => told.length === 2);
    expect(told[1]).toBe('b'.repeat(40));
  });

  it('looks at once when somebody has heard that the branch moved', async () => {
    const there = remote();
    const { told, watcher } = await watching(there, 60_000);
    there.tip = 'b'.repeat(40);
    watcher.hint();
    await until('it is told', () => told.length === 2);
    expect(there.asked).toBe(1);
  });

  it('goes on asking one that is away, and tells nothing of what it does not know', async () => {
    const there = remote();
    const { told } = await watching(there, 5);
    there.away = true;
    there.tip = 'b'.repeat(40);
    const before = there.asked;
    await until('it is asked again', () => there.asked > before + 3);
    expect(told).toHaveLength(1);
    there.away = false;
    await until('it is told', () => told.length === 2);
  });

  it('tells nothing after its end', async () => {
    const there = remote();
    const { told, watcher } = await watching(there, 60_000);
    await watcher.close();
    there.tip = 'b'.repeat(40);
    await there.refresh();
    await Promise.resolve();
    expect(told).toHaveLength(1);
  });
});
