import type { Clock } from '../ports/clock.js';
import type { Incarnation } from './incarnation.js';
import { never } from './never.js';

/** 2024-05-03T12:00:00Z. */
export const wallStart = 1_714_737_600_000;

/** Time as one incarnation has it: the machine's wall clock may jump, the other never goes back. */
export function clockOf(incarnation: Incarnation): Clock {
  const { world, machine } = incarnation;
  return {
    wallMs: () => wallStart + world.now + machine.wallOffsetMs,
    monoMs: () => world.now,
    sleepUntil(atMs, cancel) {
      if (incarnation.dead) return never();
      return new Promise((resolve) => {
        if (cancel.cancelled) return resolve();
        let unsubscribe = (): void => undefined;
        const due = world.schedule(Math.max(atMs, world.now), incarnation.number, () => {
          unsubscribe();
          if (!incarnation.dead) resolve();
        });
        unsubscribe = cancel.onCancel(() => {
          due.cancelled = true;
          if (!incarnation.dead) resolve();
        });
      });
    },
  };
}
