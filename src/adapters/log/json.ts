import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';
import type { Log } from '../../ports/log.js';

/** A log that has grown beyond this becomes the former one when it is opened. */
const limitBytes = 32 * 1024 * 1024;

/** This file is imported only when there is something to log: pino costs the start of every command. */
export function openJsonLog(file: string): { readonly log: Log; close(): Promise<void> } {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limitBytes) renameSync(file, `${file}.1`);
  const destination = pino.destination({ dest: file, append: true, mode: 0o600, sync: false });
  // A log that cannot be written must not end the controller.
  destination.on('error', () => undefined);
  const logger = pino({ level: 'debug', base: { pid: process.pid } }, destination);
  // What ends late may still have something to say, and pino throws at a closed file.
  let isOpen = true;
  return {
    log: {
      write: (level, message, fields) => {
        if (isOpen) logger[level](fields ?? {}, message);
      },
    },
    close: () =>
      new Promise((resolve) => {
        isOpen = false;
        destination.once('close', resolve);
        destination.once('error', () => resolve());
        destination.end();
      }),
  };
}
