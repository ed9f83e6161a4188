import picocolors from 'picocolors';
import { plainText } from '../../core/base/plain-text.js';
import type { Log, LogLevel } from '../../ports/log.js';

interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** For people: a line an event, colours only on a terminal. */
export function prettyLog(out: Sink): Log {
  const paint = picocolors.createColors(out.isTTY === true && process.env['NO_COLOR'] === undefined);
  const names: { readonly [level in LogLevel]: string } = {
    debug: paint.dim('debug'),
    info: paint.cyan('info '),
    warn: paint.yellow('warn '),
    error: paint.red('error'),
  };
  return {
    write(level, message, fields) {
      const time = new Date().toTimeString().slice(0, 8);
      const extra = Object.entries(fields ?? {}).map(
        ([name, value]) => ` ${paint.dim(`${name}=`)}${plainText(String(value))}`,
      );
      out.write(`${paint.dim(time)} ${names[level]} ${plainText(message)}${extra.join('')}\n`);
    },
  };
}
