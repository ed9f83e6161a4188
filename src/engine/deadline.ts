import type { CancelSource, Clock } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';

/** Nobody answered in time. What was asked for may still be done. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/**
 * One call that may never settle, and how long it is waited for, in milliseconds. The call is told by `source` when its
 * time is over, and what it says then is not heard.
 * @throws {TooLate} after that time; else as the call does.
 */
export async function within<T>(
  clock: Clock,
  timeoutMs: number,
  source: CancelSource,
  work: () => Promise<T>,
): Promise<T> {
  const timer = cancelSource();
  const late = clock.sleepUntil(clock.monoMs() + timeoutMs, timer.cancel).then((): void => {
    if (!timer.cancel.cancelled) throw new TooLate(`no answer within ${timeoutMs / 1000} s`);
  });
  const asked = (async () => work())();
  // Whichever comes second has nobody to tell.
  asked.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return (await Promise.race([asked, late.then(() => asked)])) as T;
  } catch (error) {
    if (error instanceof TooLate) source.abort();
    throw error;
  } finally {
    timer.abort();
  }
}
