import { closeSync, copyFileSync, openSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';

/** Of one stream: the log of this run, its older part after a rotation, and the run before. */
export interface LogFiles {
  readonly current: string;
  readonly older: string;
  readonly previous: string;
}

export function logFiles(file: string): LogFiles {
  return { current: file, older: `${file}.1`, previous: `${file}.previous` };
}

/** The log of the last run becomes the previous one, and a new one is opened for appending. */
export function openForRun(file: string): number {
  const { current, older, previous } = logFiles(file);
  if (sizeOf(current) !== null) renameSync(current, previous);
  rmSync(older, { force: true });
  return openSync(current, 'a', 0o600);
}

/**
 * By copy and truncate, since the process keeps the file open; it appends, so it goes on at the new end.
 * What it writes between the two is lost.
 */
export function rotate(file: string, limitBytes: number): void {
  const { current, older } = logFiles(file);
  if ((sizeOf(current) ?? 0) <= limitBytes) return;
  copyFileSync(current, older);
  truncateSync(current, 0);
}

export function removeLogs(file: string): void {
  for (const one of Object.values(logFiles(file)) as string[]) rmSync(one, { force: true });
}

/** Null if there is no such file. */
export function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null;
}

export function withOpen<T>(file: string, work: (fd: number) => T): T | null {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return null;
  }
  try {
    return work(fd);
  } finally {
    closeSync(fd);
  }
}
