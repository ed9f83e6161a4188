import { safe, type SafeText } from '../../core/base/safe-text.js';
import type { GateAnswer } from '../../core/rollout/gate.js';
import type { Cancel } from '../../ports/clock.js';

export type Answer = (answer: GateAnswer) => void;

export function passed(detail: SafeText): GateAnswer {
  return { outcome: 'passed', detail };
}

export function failed(detail: SafeText): GateAnswer {
  return { outcome: 'failed', detail };
}

export function unmeasured(detail: SafeText): GateAnswer {
  return { outcome: 'unmeasured', detail };
}

/** A foreign answer can be nested so deeply that whoever looks at it breaks: then it was not understood. */
export function judged(judge: () => GateAnswer): GateAnswer {
  try {
    return judge();
  } catch {
    return unmeasured(safe('the answer cannot be understood'));
  }
}

/**
 * One attempt with one answer: its own, that of the time limit, or that of the cancellation. What `begin` returns ends
 * whatever is still under way, once there is an answer.
 */
export function attempt(
  timeoutMs: number,
  cancel: Cancel,
  begin: (answer: Answer) => () => void,
): Promise<GateAnswer> {
  return new Promise((resolve) => {
    let answered = false;
    let release = (): void => undefined;
    const answer: Answer = (given) => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      resolve(given);
      // What answers while it begins is released when it has begun.
      queueMicrotask(() => release());
    };
    const timer = setTimeout(() => answer(unmeasured(safe(`no answer in ${timeoutMs} ms`))), timeoutMs);
    const end = begin(answer);
    const forget = cancel.onCancel(() => answer(unmeasured(safe('interrupted'))));
    release = () => {
      forget();
      end();
    };
  });
}
