import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeFolder } from './real-git.js';
import { isAlive, processesUnder } from './scenario/census.js';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Daemon {
  readonly pid: number;
  /** What it has written. */
  said(): string;
  /** Settles when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  readonly ended: Promise<number | null>;
}

const callWithinMs = 60_000;

/** Waits for something that must come true. @throws after so long that it never will, saying what it was. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${withinMs / 1000} s in vain: ${what}`);
    await sleep(30);
  }
}

/** Starts `heliostat run` and does not wait. */
export function startDaemon(of: {
  readonly program: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly where: string;
  readonly args: readonly string[];
}): Daemon {
  const number = readdirSync(of.folder).filter((name) => name.startsWith('daemon-')).length;
  const log = join(of.folder, `daemon-${number}.log`);
  const file = openSync(log, 'a');
  const child: ChildProcess = spawn(process.execPath, [of.program, 'run', ...of.args], {
    cwd: of.where,
    env: of.env,
    detached: true,
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  return {
    pid: child.pid as number,
    ended,
    said: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

/** Settles when it is ready. @throws if it has ended. */
export async function ready(daemon: Daemon): Promise<Daemon> {
  await until('the daemon is ready', () => daemon.said().includes('ready ') || !isAlive(daemon.pid));
  if (!isAlive(daemon.pid)) throw new Error(`the daemon has ended:\n${daemon.said()}`);
  return daemon;
}

/** Runs a command to its end. */
export function finish(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: callWithinMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Kills what is left, again until nothing comes any more, and removes the folder. */
export async function cleanUp(folder: string, keep = process.env['HELIOSTAT_KEEP'] === '1'): Promise<void> {
  await endProcesses(folder);
  // For looking at what a failed test has left.
  if (keep) process.stderr.write(`kept ${folder}\n`);
  else removeFolder(folder);
}

/** Kills everything that belongs to a folder, again until nothing comes any more. */
export async function endProcesses(folder: string): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const left = processesUnder(folder);
    if (left.length === 0 && round > 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    await sleep(30);
  }
}
