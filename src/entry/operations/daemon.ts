import { callControl } from '../../adapters/control/client.js';
import { Failure } from '../cli/operations.js';
import type { Location } from './place.js';

/** All that has to be known of a domain to ask its daemon. */
export type Reachable = Pick<Location, 'domain' | 'stateDir'>;

const answerWithinMs = 15_000;

/** Asks the daemon of a domain one thing; null if there is none. */
export async function askDaemon<T>(
  location: Reachable,
  request: { readonly verb: string },
): Promise<T | null> {
  const replies = await callControl(location.stateDir, request);
  if (replies === null) return null;
  const iterator = replies[Symbol.asyncIterator]();
  const timer: { id?: NodeJS.Timeout } = {};
  const silence = new Promise<'silent'>((resolve) => {
    timer.id = setTimeout(() => resolve('silent'), answerWithinMs);
  });
  try {
    const first = await Promise.race([iterator.next(), silence]);
    if (first === 'silent') throw silent(location);
    if (first.done === true) throw lost();
    return checked<T>(first.value);
  } finally {
    clearTimeout(timer.id);
    void iterator.return?.();
  }
}

/** What a daemon goes on saying, until it ends or the signal is given; null if there is none. */
export async function followDaemon<T>(
  location: Reachable,
  request: { readonly verb: string },
  signal: AbortSignal,
): Promise<AsyncIterable<T> | null> {
  const replies = await callControl(location.stateDir, request);
  return replies === null ? null : until(replies, signal);
}

async function* until<T>(
  replies: AsyncIterable<unknown>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const iterator = replies[Symbol.asyncIterator]();
  const aborted = whenAborted(signal);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === 'aborted' || next.done === true) return;
      yield checked<T>(next.value);
    }
  } finally {
    void iterator.return?.();
  }
}

export function whenAborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

/** Waits; shorter when the signal is given. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

function checked<T>(reply: unknown): T {
  const error = (reply as { readonly error?: { code: string; message: string; fix: string } } | null)?.error;
  if (error !== undefined) throw new Failure(error.code, error.message, error.fix);
  return reply as T;
}

function silent(location: Reachable): Failure {
  return new Failure(
    'control.silent',
    `the daemon of ${location.domain} does not answer`,
    `Look at ${location.stateDir}/heliostat.log; if it is stuck, end it and start it again: heliostat run`,
  );
}

function lost(): Failure {
  return new Failure(
    'control.lost',
    'the daemon ended while it was asked',
    'Start it again with heliostat run, or ask again.',
  );
}
