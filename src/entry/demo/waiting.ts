import { setTimeout as sleep } from 'node:timers/promises';
import { BrokenPromise, Interrupted } from './promises.js';

/** @throws {Interrupted} when the signal is aborted meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) throw new Interrupted('interrupted');
}

export interface Patience {
  readonly signal: AbortSignal;
  /** Between two looks. */
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/**
 * Looks until there is an answer other than null.
 * @throws {BrokenPromise} with `promised` when it takes too long.
 * @throws {Interrupted} when the signal is aborted meanwhile.
 */
export async function until<T>(
  promised: string,
  look: () => Promise<T | null> | T | null,
  patience: Patience,
): Promise<T> {
  const end = performance.now() + patience.timeoutMs;
  for (;;) {
    const answer = await look();
    if (answer !== null) return answer;
    if (performance.now() > end) {
      throw new BrokenPromise(`${promised} did not happen within ${Math.round(patience.timeoutMs / 1000)} s`);
    }
    await pause(patience.everyMs, patience.signal);
  }
}
