import type { Cancel } from '../../../ports/clock.js';

/** Settles after the time, or at once when cancelled. An `idle` pause does not keep the controller alive. */
export function pause(ms: number, cancel: Cancel, kind: 'busy' | 'idle' = 'busy'): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    if (kind === 'idle') timer.unref();
    const forget = cancel.onCancel(end);
    function end(): void {
      clearTimeout(timer);
      // A source that is cancelled already calls back before `forget` exists.
      queueMicrotask(() => forget());
      resolve();
    }
  });
}

/** Lets other work of the controller run between slices of a long loop. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
