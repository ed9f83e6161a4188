import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Tells a process from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since the machine started; null where the system does not tell. */
  readonly startTime: string | null;
  /** Changes when the machine starts; null where the system does not tell. */
  readonly boot: string | null;
  readonly host: string;
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    startTime: (await statOf(process.pid))?.startTime ?? null,
    boot: await bootId(),
    host: hostname(),
  };
}

/** A process of another host cannot be looked at, so it counts as alive. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.host !== hostname()) return true;
  if (identity.boot !== (await bootId())) return false;
  const stat = await statOf(identity.pid);
  // Some systems have no /proc, some hide the processes of other users in it.
  if (stat === null || identity.startTime === null) return answersSignals(identity.pid);
  // A zombie has ended; only its parent has not looked yet.
  return stat.startTime === identity.startTime && !'ZXx'.includes(stat.state);
}

async function statOf(pid: number): Promise<{ state: string; startTime: string } | null> {
  const text = await readOrNull(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The second field is the program's name in brackets, which may hold blanks and brackets itself.
  const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: state ?? '', startTime: fields[18] ?? '' };
}

async function bootId(): Promise<string | null> {
  return (await readOrNull('/proc/sys/kernel/random/boot_id'))?.trim() ?? null;
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
