import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { bundlePrograms } from './bundle.js';
import { commitFiles, git, gitEnvironment, initRepository, makeLastingFolder, removeFolder } from './git.js';
import { instancesOf, isAlive, processesUnder, type Alive } from './scenario/census.js';
import { elementDocument, noteOf } from './scenario/memory.js';

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

/** One test's world: a folder with a repository, the real programs, and nothing of it left afterwards. */
export interface Stage {
  readonly folder: string;
  readonly repository: string;
  /** The common Git directory: `HELIOSTAT_HOME` of everything that is started. */
  readonly home: string;
  readonly program: string;
  call(...args: string[]): Promise<Finished>;
  callIn(folder: string, ...args: string[]): Promise<Finished>;
  /** Starts `heliostat run`; settles when it is ready, or has ended. */
  run(...args: string[]): Promise<Daemon>;
  /** Does not wait. */
  runSoon(...args: string[]): Daemon;
  runIn(folder: string, ...args: string[]): Promise<Daemon>;
  commit(files: Readonly<Record<string, string | null>>, message?: string): string;
  instances(): Alive[];
  /** HEAD's commit. */
  tip(): string;
}

const callWithinMs = 60_000;

/** Call it inside a test. Without a model the repository is empty. */
export async function stage(model: Readonly<Record<string, string>> | null = null): Promise<Stage> {
  const programs = await bundlePrograms();
  const folder = makeLastingFolder('hs-');
  onTestFinished(() => cleanUp(folder), 60_000);
  const repository = join(folder, 'repo');
  mkdirSync(repository);
  mkdirSync(join(folder, 't'));
  initRepository(repository);
  const program = join(programs, 'heliostat.js');
  const env = { ...gitEnvironment(), TMPDIR: join(folder, 't'), HOME: folder, NO_COLOR: '1' };
  const commit: Stage['commit'] = (files, message = 'Change the model') =>
    commitFiles(repository, files, message);
  const runSoon = (where: string, args: readonly string[]): Daemon =>
    startDaemon({ program, folder, env, where, args });
  if (model !== null) commit(model, 'First model');
  return {
    folder,
    repository,
    home: join(repository, '.git'),
    program,
    call: (...args) => finish(program, args, { cwd: repository, env }),
    callIn: (where, ...args) => finish(program, args, { cwd: where, env }),
    run: (...args) => ready(runSoon(repository, args)),
    runSoon: (...args) => runSoon(repository, args),
    runIn: (where, ...args) => ready(runSoon(where, args)),
    commit,
    tip: () => git(repository, 'rev-parse', 'HEAD'),
    instances: () => instancesOf(join(repository, '.git')),
  };
}

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

/** Waits for the verdict in the note of a revision. */
export async function verdict(s: Stage, revision: string, wanted: string, domain = 'test'): Promise<void> {
  const said = (): string => noteOf(s.repository, domain, revision) ?? 'nothing';
  const isThere = (): boolean => said() === wanted || said().startsWith(`${wanted} (`);
  await until(`${revision.slice(0, 7)} is ${wanted}`, isThere).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${said()}`);
  });
}

/** The port under which an element is reached from outside. */
export function exposedPort(s: Stage, key = 'shop/web', domain = 'test'): number {
  const endpoint = elementDocument(s.repository, domain, key)?.endpoint ?? null;
  if (endpoint === null) throw new Error(`${key} has no endpoint yet`);
  return Number(new URL(endpoint).port);
}

/** Process ids by identity. */
export function pidsById(instances: readonly Alive[]): Record<string, number> {
  return Object.fromEntries(instances.map(({ id, pid }) => [id, pid]));
}

export function gatewayPid(s: Stage): number | null {
  const found = processesUnder(s.folder).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('/gateway.js\0'),
  );
  return found ?? null;
}

export function gitIn(s: Stage, ...command: string[]): string {
  return git(s.repository, ...command);
}

function startDaemon(of: {
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

async function ready(daemon: Daemon): Promise<Daemon> {
  await until('the daemon is ready', () => daemon.said().includes('ready ') || !isAlive(daemon.pid));
  if (!isAlive(daemon.pid)) throw new Error(`the daemon has ended:\n${daemon.said()}`);
  return daemon;
}

function finish(
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
async function cleanUp(folder: string): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const left = processesUnder(folder);
    if (left.length === 0 && round > 0) break;
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    await sleep(30);
  }
  // For looking at what a failed test has left.
  if (process.env['HELIOSTAT_KEEP'] === '1') process.stderr.write(`kept ${folder}\n`);
  else removeFolder(folder);
}
