import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BrokenPromise } from './promises.js';
import type { Status } from './status.js';

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real program, called as a user calls it. */
export interface Heliostat {
  /** Runs a verb to its end. */
  call(...args: string[]): Promise<Finished>;
  /** Asks once. Null while there is nothing to tell yet. */
  status(): Promise<Status | null>;
  /** What the daemon said last of its own accord; null before it is ready. */
  latest(): Status | null;
  /** Starts the daemon. */
  start(): void;
  /** Process id of the daemon; null if none runs. */
  pid(): number | null;
  /** What the daemon has written since it was last started. */
  said(): string;
  /** Sends a signal to the daemon and settles when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface Surroundings {
  /** Path of `heliostat.js`. */
  readonly program: string;
  /** The repository, which is the current folder of all calls. */
  readonly folder: string;
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
}

const callWithinMs = 60_000;

export function heliostat({ program, folder, log, env }: Surroundings): Heliostat {
  let daemon: ChildProcess | null = null;
  let watcher: Watcher | null = null;
  let logFrom = 0;

  const call = (...args: string[]): Promise<Finished> => finish(program, args, { cwd: folder, env });
  const said = (): string => readFileSync(log).subarray(logFrom).toString('utf8');
  let ready = false;
  const isReady = (): boolean => (ready ||= said().includes(' follows '));

  return {
    call,
    status: async () => {
      const { code, stdout } = await call('status', '--json');
      return code === 0 || code === 2 ? (JSON.parse(stdout) as Status) : null;
    },
    latest: () => {
      if (daemon === null || !isReady()) return null;
      watcher ??= watchStatus(program, { cwd: folder, env });
      return watcher.latest();
    },
    start: () => {
      const file = openSync(log, 'a');
      logFrom = statSync(log).size;
      ready = false;
      // A session of its own: Ctrl-C is for the demo, which then ends the daemon in its own time.
      daemon = spawn(process.execPath, [program, 'run'], {
        cwd: folder,
        env,
        detached: true,
        stdio: ['ignore', file, file],
      });
      daemon.on('error', () => undefined);
      closeSync(file);
    },
    pid: () => (daemon === null || hasEnded(daemon) ? null : (daemon.pid ?? null)),
    said,
    end: async (signal) => {
      watcher?.close();
      watcher = null;
      if (daemon === null || hasEnded(daemon)) return;
      const ended = once(daemon, 'exit');
      daemon.kill(signal);
      await ended;
    },
  };
}

interface Watcher {
  latest(): Status | null;
  close(): void;
}

/** One process that tells of every change, instead of one for every look. */
function watchStatus(program: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Watcher {
  const child = spawn(process.execPath, [program, 'status', '--watch', '--json'], {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.on('error', () => undefined);
  let latest: Status | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => (latest = JSON.parse(line) as Status));
  return { latest: () => latest, close: () => void child.kill('SIGKILL') };
}

/**
 * In a session of its own: Ctrl-C is for the demo, which still has to call `down` afterwards.
 * @throws {BrokenPromise} when it takes too long.
 */
function finish(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], {
    ...options,
    detached: true,
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
    child.on('close', (code, signal) => {
      if (code !== null) return resolve({ code, stdout, stderr });
      reject(new BrokenPromise(`heliostat ${args.join(' ')} ended with ${signal}\n${stderr}`));
    });
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}
