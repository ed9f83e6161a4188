import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import type { GatewayPaths } from './paths.js';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Launched {
  /** Why it ended; null while it runs. Ending without a fault is none: another gateway was faster. */
  failure(): string | null;
  /**
   * Another process won the race to be the gateway: a slow loser must not begin after that one was
   * shut down.
   */
  yieldTo(pid: number): void;
}

const logLimitBytes = 1_000_000;

/** Nothing else of the controller's environment: it may hold credentials, and this process outlives it. */
const inherited = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** Starts the gateway in a session of its own, so that neither Ctrl-C nor our end reaches it. */
export function launch(program: Program, paths: GatewayPaths): Launched {
  mkdirSync(paths.folder, { recursive: true });
  const from = rotate(paths.log);
  const log = openSync(paths.log, 'a', 0o600);
  try {
    const child = spawn(program.command, [...program.args, paths.state], {
      detached: true,
      cwd: '/',
      env: environment(),
      stdio: ['ignore', log, log],
    });
    child.unref();
    return followed(child, () => lastLine(paths.log, from));
  } finally {
    closeSync(log);
  }
}

function followed(child: ChildProcess, said: () => string): Launched {
  let failure: string | null = null;
  child.on('error', (error) => (failure = error.message));
  child.on('exit', (code, signal) => {
    if (code !== 0) failure = `it ended with ${signal ?? code}${said()}`;
  });
  return {
    failure: () => failure,
    yieldTo: (pid) => {
      if (child.pid !== pid) child.kill();
    },
  };
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    inherited.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Gives the size of the log before this start. */
function rotate(log: string): number {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size < logLimitBytes) return size;
  renameSync(log, `${log}.1`);
  return 0;
}

function lastLine(log: string, from: number): string {
  try {
    const lines = readFileSync(log).subarray(from).toString('utf8').trim().split('\n');
    const telling = lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '';
    return telling === '' ? '' : `: ${telling.slice(0, 300)}`;
  } catch {
    return '';
  }
}
