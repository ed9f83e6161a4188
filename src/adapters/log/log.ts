import type { Log, LogLevel } from '../../ports/log.js';
import { prettyLog } from './pretty.js';

export interface LogOptions {
  readonly level: LogLevel;
  /** JSON, a line an event, is appended to this file; null: pretty, to `out`. */
  readonly file: string | null;
  /** Where pretty lines go; standard error by default. */
  readonly out?: { write(text: string): unknown; readonly isTTY?: boolean };
}

export interface OpenedLog {
  readonly log: Log;
  /** Settles when everything is written. */
  close(): Promise<void>;
}

const ranks: { readonly [level in LogLevel]: number } = { debug: 0, info: 1, warn: 2, error: 3 };

export async function openLog(options: LogOptions): Promise<OpenedLog> {
  const opened =
    options.file === null
      ? { log: prettyLog(options.out ?? process.stderr), close: async () => undefined }
      : (await import('./json.js')).openJsonLog(options.file);
  const log: Log = {
    write(level, message, fields) {
      if (ranks[level] >= ranks[options.level]) opened.log.write(level, message, fields);
    },
  };
  return { log, close: opened.close };
}
