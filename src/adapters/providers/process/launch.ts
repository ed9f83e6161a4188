import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Cancel } from '../../../ports/clock.js';
import { refuse, systemCode, tryAgain } from '../parts/outcomes.js';
import { openForRun } from './log-files.js';
import { readStat } from './proc.js';

export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly env: Record<string, string>;
  readonly out: string;
  readonly err: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Launched {
  readonly pid: number;
  readonly startTime: number;
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
}

/**
 * Starts a process in a session of its own, which outlives us; returns when its program is loaded.
 * Synchronous, so that its record can be written before anything else happens.
 * @throws {TransitionFailure} if the system refuses
 */
export async function launch(
  wanted: Launch,
  started: (pid: number, startTime: number) => void,
): Promise<Launched> {
  const out = openForRun(wanted.out);
  const err = openForRun(wanted.err);
  let child: ChildProcess;
  try {
    child = spawn(wanted.program, wanted.args, {
      cwd: wanted.directory,
      env: wanted.env,
      detached: true,
      stdio: ['ignore', out, err],
    });
  } catch (error) {
    throw refusal(error);
  } finally {
    closeSync(out);
    closeSync(err);
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const { pid } = child;
  if (pid === undefined) {
    throw refusal(await new Promise<Error>((resolve) => child.once('error', resolve)));
  }
  child.on('error', () => undefined);
  child.unref();
  // Not yet reaped, so its entry is there even if it has ended already.
  const startTime = readStat(pid)?.startTime ?? 0;
  started(pid, startTime);
  return { pid, startTime, child, exited };
}

function refusal(error: unknown): Error {
  const code = systemCode(error);
  if (code === 'EAGAIN' || code === 'ENOMEM' || code === 'EMFILE' || code === 'ETXTBSY') {
    return tryAgain('process.cannotStart', `the system cannot start it now (${code})`);
  }
  if (code === 'ENOENT') {
    return refuse(
      'process.cannotStart',
      'the interpreter that the program names in its first line is missing',
    );
  }
  // Node's own message may quote an argument or a value of the environment.
  return refuse('process.cannotStart', `the system refuses to start it (${code ?? 'arguments not valid'})`);
}

/** How it ended if it ended within the grace, else null. */
export function endedWithin(launched: Launched, graceMs: number, cancel: Cancel): Promise<Exit | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), graceMs);
    const forget = cancel.onCancel(() => {
      clearTimeout(timer);
      resolve(null);
    });
    void launched.exited.then((exit) => {
      clearTimeout(timer);
      forget();
      resolve(exit);
    });
  });
}

export function describeExit(exit: Exit): string {
  return exit.signal === null ? `exited with code ${exit.code ?? '?'}` : `was ended by ${exit.signal}`;
}
