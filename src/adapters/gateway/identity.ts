import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { GatewayIdentity } from './protocol.js';

/**
 * When a process began, in units of its own: equal only for the same process, whatever became of
 * its number since. Null if there is none, or only a zombie.
 */
export function startTimeOf(pid: number): string | null {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

export function isAlive(identity: GatewayIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startTime;
}

/** Null if there is no such file, or it does not hold an identity. */
export function readIdentity(file: string): GatewayIdentity | null {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<GatewayIdentity> | null;
    const { pid, startTime, socket } = value ?? {};
    if (!Number.isSafeInteger(pid) || typeof startTime !== 'string' || typeof socket !== 'string')
      return null;
    return { pid: pid as number, startTime, socket };
  } catch {
    return null;
  }
}

function fromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function fromPs(pid: number): string | null {
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [state = 'Z', ...began] = text.trim().split(/\s+/);
    return state.startsWith('Z') ? null : began.join(' ');
  } catch {
    return null;
  }
}
