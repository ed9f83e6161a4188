import type { SafeText } from '../core/base/safe-text.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Operator's log. Takes only redacted text. */
export interface Log {
  write(
    level: LogLevel,
    message: SafeText,
    fields?: Readonly<Record<string, string | number | boolean | null>>,
  ): void;
}
