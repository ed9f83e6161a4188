import type { Redactor } from '../../core/base/safe-text.js';
import type { Outcome } from '../../ports/provider.js';
import { holderOf } from './port-holder.js';
import type { Result } from './session.js';

/** `note` is added to the message of a refusal. */
export function outcomeOf(result: Result, redact: Redactor, note = ''): Outcome {
  switch (result.kind) {
    case 'unknown':
      return { kind: 'unknown', message: redact(result.message) };
    case 'unreachable':
      return {
        kind: 'failed',
        retryable: result.retryable,
        code: result.code,
        message: redact(result.message),
      };
    case 'answered': {
      const { answer } = result;
      if (answer.ok) return { kind: 'done', observation: null };
      const message = redact(`${answer.message}${note}`);
      return { kind: 'failed', retryable: answer.retryable, code: answer.code, message };
    }
  }
}

/** Who has the port that a route was refused for. The gateway itself has said what it holds it for. */
export async function holderNote(
  result: Result,
  port: number,
  gatewayPid: () => number | undefined,
): Promise<string> {
  if (result.kind !== 'answered' || result.answer.ok || result.answer.code !== 'port.taken') return '';
  const holder = await holderOf(port);
  if (!holder || holder.pid === gatewayPid()) return '';
  return `: pid ${holder.pid} (${holder.command}) listens there`;
}
