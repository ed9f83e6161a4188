import type { Cancel } from '../../../ports/clock.js';
import { systemCode, tryAgain } from '../parts/outcomes.js';
import { pause } from '../parts/waiting.js';
import { isAlive, type ProcessStat } from './proc.js';

export interface Ending {
  /** All that has to go, looked at anew: a process may fork while it is told to stop. */
  readonly look: () => Promise<readonly ProcessStat[]>;
  /** How long SIGTERM has before SIGKILL; 0 kills at once. */
  readonly politeMs: number;
  readonly cancel: Cancel;
}

/** What SIGKILL does not end in this time waits in the kernel, for a disk that does not answer. */
const killMs = 5_000;

/**
 * Ends processes for good: SIGTERM, then SIGKILL; settles when all are gone, zombies counting as gone.
 * Answers false if it was cancelled before that.
 * @throws {TransitionFailure} `process.cannotKill`
 */
export async function endAll(ending: Ending): Promise<boolean> {
  const politeUntil = performance.now() + ending.politeMs;
  const told = new Set<string>();
  let body = await ending.look();
  while (body.length > 0) {
    if (ending.cancel.cancelled) return false;
    const now = performance.now();
    if (now > politeUntil + killMs) throw cannotKill(body);
    if (now >= politeUntil) signalAll(body, 'SIGKILL');
    else tellOnce(body, told);
    await gone(body, now < politeUntil ? politeUntil : now + 500, ending.cancel);
    body = await ending.look();
  }
  return true;
}

function tellOnce(body: readonly ProcessStat[], told: Set<string>): void {
  const fresh = body.filter((stat) => !told.has(keyOf(stat)));
  for (const stat of fresh) told.add(keyOf(stat));
  signalAll(fresh, 'SIGTERM');
  // A stopped process cannot hear.
  signalAll(fresh, 'SIGCONT');
}

function keyOf(stat: ProcessStat): string {
  return `${stat.pid}@${stat.startTime}`;
}

function signalAll(body: readonly ProcessStat[], signal: NodeJS.Signals): void {
  const leaders = body.filter((stat) => stat.group === stat.pid);
  const groups = new Set(leaders.map((stat) => stat.pid));
  for (const leader of leaders) if (isAlive(leader.pid, leader.startTime)) send(-leader.pid, signal);
  for (const stat of body) {
    if (!groups.has(stat.group) && isAlive(stat.pid, stat.startTime)) send(stat.pid, signal);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH' && systemCode(error) !== 'EPERM') throw error;
  }
}

async function gone(body: readonly ProcessStat[], untilMs: number, cancel: Cancel): Promise<void> {
  let left = body;
  for (let wait = 2; performance.now() < untilMs && !cancel.cancelled; wait = Math.min(wait * 2, 50)) {
    left = left.filter((stat) => isAlive(stat.pid, stat.startTime));
    if (left.length === 0) return;
    await pause(Math.min(wait, Math.max(1, untilMs - performance.now())), cancel);
  }
}

function cannotKill(body: readonly ProcessStat[]): Error {
  const pids = body.map((stat) => stat.pid).slice(0, 10);
  return tryAgain('process.cannotKill', `still there after SIGKILL: pid ${pids.join(', ')}`);
}
