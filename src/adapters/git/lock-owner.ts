import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * A process, in letters that may stand in a file's name: machine, its start, number, and the process's start, which
 * tells it from a later one that got the same number. A part that the system does not tell is 0.
 */
export function thisOwner(): string {
  return [machine(), bootOf(), process.pid, startOf(process.pid) ?? '0'].join('-');
}

/** Whether the process has certainly ended. Of another machine nobody here can know. */
export function hasEnded(owner: string): boolean {
  const [host, boot, pid, start] = owner.split('-');
  if (host !== machine() || pid === undefined || start === undefined) return false;
  if (boot !== bootOf()) return true;
  const now = startOf(Number(pid));
  if (now === null) return !answersSignals(Number(pid));
  return now !== start || isZombie(Number(pid));
}

function machine(): string {
  return shortDigest(hostname());
}

function bootOf(): string {
  const boot = readOrNull('/proc/sys/kernel/random/boot_id');
  return boot === null ? '0' : shortDigest(boot.trim());
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** In ticks since the machine started; null where there is no such process, or the system does not tell. */
function startOf(pid: number): string | null {
  return fieldsOf(pid)?.[19] ?? null;
}

function isZombie(pid: number): boolean {
  return 'ZXx'.includes(fieldsOf(pid)?.[0] ?? '?');
}

/** From the third on: the second is the program's name in brackets, which may hold blanks and brackets itself. */
function fieldsOf(pid: number): string[] | null {
  const text = readOrNull(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
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
