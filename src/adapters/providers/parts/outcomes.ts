import type { InstanceId } from '../../../core/base/names.js';
import { safe, type SafeText } from '../../../core/base/safe-text.js';
import type { Observation, Outcome } from '../../../ports/provider.js';

/** A failure of the world that ends a transition; thrown inside a provider, answered as a value at its rim. */
export class TransitionFailure extends Error {
  override readonly name = 'TransitionFailure';
  constructor(
    readonly code: string,
    readonly safeMessage: SafeText,
    readonly retryable: boolean,
  ) {
    super(safeMessage);
  }
}

export function refuse(code: string, message: string): TransitionFailure {
  return new TransitionFailure(code, safe(message), false);
}

export function tryAgain(code: string, message: string): TransitionFailure {
  return new TransitionFailure(code, safe(message), true);
}

export function done(observation: Observation | null): Outcome {
  return { kind: 'done', observation };
}

export function unknown(message: string): Outcome {
  return { kind: 'unknown', message: safe(message) };
}

/** Runs a transition; a failure of the world, and an error of the system (no space, no rights), becomes an outcome. */
export async function answered(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TransitionFailure) {
      return {
        kind: 'failed',
        retryable: error.retryable,
        code: error.code,
        message: error.safeMessage,
      };
    }
    const code = systemCode(error);
    if (code === null) throw error;
    return { kind: 'failed', retryable: true, code: `system.${code}`, message: safe(explain(error)) };
  }
}

/** `ENOENT` and the like; null for anything that is not an error of the operating system. */
export function systemCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof Error && typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null;
}

function explain(error: unknown): string {
  const { code, syscall, path } = error as { code: string; syscall?: string; path?: string };
  return [code, syscall, path].filter((part) => part !== undefined).join(' ');
}

const nothingSeen = {
  state: 'inactive',
  health: 'unknown',
  digest: null,
  resource: null,
  detail: null,
  foreignHome: null,
} as const;

export function absent(id: InstanceId): Observation {
  return { id, presence: 'absent', ...nothingSeen };
}

export function unseen(id: InstanceId, detail: SafeText): Observation {
  return { id, presence: 'unknown', ...nothingSeen, detail };
}
