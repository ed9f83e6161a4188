import type { SafeText } from '../../../core/base/safe-text.js';
import type { Answer } from '../../../ports/forge.js';

/** The forge says no, and asking again would not help. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly text: SafeText,
    readonly fix: SafeText,
    /** Of HTTP; null: it was not an answer that said no. */
    readonly status: number | null = null,
  ) {
    super(text);
    this.name = 'Refusal';
  }
}

/** The forge did not answer as it should. */
export class Silence extends Error {
  constructor(
    readonly text: SafeText,
    readonly afterMs: number | null,
    /** What was asked may have been done all the same. */
    readonly mayBeDone: boolean,
  ) {
    super(text);
    this.name = 'Silence';
  }
}

/** What `work` returns or was told, as the port says it. Anything else that it throws is a bug, and goes on. */
export async function answered<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: 'ok', value: await work() };
  } catch (error) {
    if (error instanceof Refusal)
      return { kind: 'refused', code: error.code, message: error.text, fix: error.fix };
    if (error instanceof Silence) return { kind: 'unavailable', message: error.text, afterMs: error.afterMs };
    throw error;
  }
}

/** Null where the forge says that there is no such thing. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null;
    throw error;
  }
}
