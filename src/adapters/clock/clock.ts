import type { Clock } from '../../ports/clock.js';

/** The longest that a timer of the platform can wait. */
const timerLimitMs = 2 ** 31 - 1;

/** The machine's own time. */
export function createClock(): Clock {
  const monoMs = (): number => Math.floor(performance.now());
  return {
    wallMs: () => Date.now(),
    monoMs,
    sleepUntil(atMs, cancel) {
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        let awake = false;
        const wake = (): void => {
          awake = true;
          clearTimeout(timer);
          queueMicrotask(() => forget());
          resolve();
        };
        // A timer may fire a little early, and cannot wait for more than 24 days.
        const wait = (): void => {
          if (awake) return;
          const leftMs = atMs - monoMs();
          // Whoever asks for a moment that has come gives way to what waits already.
          if (leftMs <= 0) setImmediate(wake);
          else timer = setTimeout(wait, Math.min(leftMs, timerLimitMs));
        };
        const forget = cancel.onCancel(wake);
        wait();
      });
    },
  };
}
