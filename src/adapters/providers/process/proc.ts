import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What the kernel tells of a process; see proc_pid_stat(5). */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Ticks since boot: with the pid, and the boot, names one process for ever. */
  readonly startTime: number;
}

/** Marks that we put into the environment of what we start. */
export interface Marks {
  readonly owner: string;
  readonly home: string;
  readonly digest: string;
  /** One for each start, inherited by all descendants of that start. */
  readonly run: string;
}

export const markNames = {
  owner: 'HELIOSTAT_OWNER',
  home: 'HELIOSTAT_HOME',
  digest: 'HELIOSTAT_DIGEST',
  run: 'HELIOSTAT_RUN',
} as const;

export function hasProc(): boolean {
  return existsSync('/proc/self/stat');
}

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

export function pidsOnMachine(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^[0-9]+$/.test(name) ? [Number(name)] : []));
}

/** Null if there is no such process or it is dead, a zombie included. */
export function readStat(pid: number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The second field is the program's name, which may hold spaces and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (index: number): number => Number(fields[index]);
  const threads = number(17);
  const state = fields[0];
  // The first thread of a living process may have ended before the others, and looks like a zombie.
  if (state === 'X' || (state === 'Z' && threads <= 1)) return null;
  return { pid, parent: number(1), group: number(2), session: number(3), startTime: number(19) };
}

export function isAlive(pid: number, startTime: number): boolean {
  return readStat(pid)?.startTime === startTime;
}

/** Null if it carries no owner key, or may not be looked at. */
export function readMarks(pid: number): Marks | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return null;
  }
  const owner = valueIn(text, markNames.owner);
  if (owner === null) return null;
  return {
    owner,
    home: valueIn(text, markNames.home) ?? '',
    digest: valueIn(text, markNames.digest) ?? '',
    run: valueIn(text, markNames.run) ?? '',
  };
}

function valueIn(environment: string, name: string): string | null {
  const key = `\0${name}=`;
  const at = `\0${environment}`.indexOf(key);
  if (at < 0) return null;
  const start = at + key.length - 1;
  const end = environment.indexOf('\0', start);
  return environment.slice(start, end < 0 ? undefined : end);
}

export function currentDirectory(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}
