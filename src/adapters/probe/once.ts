import { safe } from '../../core/base/safe-text.js';
import type { Cancel } from '../../ports/clock.js';
import type { ProbeAnswer } from '../../ports/probe.js';

export interface Target {
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
}

export interface Attempt {
  readonly answer: (good: boolean, detail: string) => void;
  /** Milliseconds since the attempt began, for people. */
  readonly sinceMs: () => number;
}

/** One attempt with one answer: its own, that of the time limit, or that of the cancellation. */
export function once(
  timeoutMs: number,
  cancel: Cancel,
  begin: (attempt: Attempt) => () => void,
): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const sinceMs = (): number => Math.round(performance.now() - startedMs);
    let answered = false;
    let release = (): void => undefined;
    const answer = (good: boolean, detail: string): void => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      resolve({ good, detail: safe(detail) });
      // What answers while it begins is released when it has begun.
      queueMicrotask(() => release());
    };
    const timer = setTimeout(() => answer(false, `no answer in ${timeoutMs} ms`), timeoutMs);
    const end = begin({ answer, sinceMs });
    const forget = cancel.onCancel(() => answer(false, 'interrupted'));
    release = () => {
      forget();
      end();
    };
  });
}
