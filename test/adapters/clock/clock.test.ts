import { describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/clock/clock.js';
import { cancelSource } from '../../../src/ports/clock.js';

const clock = createClock();

describe('the clock', () => {
  it('never wakes anybody early, since a deadline that has not come yet would be set again', async () => {
    for (let ms = 1; ms <= 20; ms++) {
      const atMs = clock.monoMs() + ms;
      await clock.sleepUntil(atMs, cancelSource().cancel);
      expect(clock.monoMs()).toBeGreaterThanOrEqual(atMs);
    }
  });

  it('wakes at once for what is past', async () => {
    await clock.sleepUntil(clock.monoMs() - 1, cancelSource().cancel);
  });

  it('wakes when it is cancelled, before or meanwhile, even from a sleep longer than a timer can be', async () => {
    const { cancel, abort } = cancelSource();
    const sleeping = clock.sleepUntil(clock.monoMs() + 2 ** 40, cancel);
    abort();
    await sleeping;
    await clock.sleepUntil(clock.monoMs() + 2 ** 40, cancel);
  });
});
