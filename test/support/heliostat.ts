import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { bundlePrograms } from './bundle.js';
import { commitFiles, git, gitEnvironment, initRepository, makeLastingFolder } from './git.js';
import { cleanUp, finish, ready, startDaemon, until, type Daemon, type Finished } from './programs.js';
import { instancesOf, processesUnder, type Alive } from './scenario/census.js';
import { elementDocument, noteOf } from './scenario/memory.js';

export { until, type Daemon, type Finished } from './programs.js';

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

/** A daemon waits up to 30 s before it tries again what failed around it, and may have to do so once. */
const verdictWithinMs = 60_000;

/** Waits for the verdict in the note of a revision. */
export async function verdict(s: Stage, revision: string, wanted: string, domain = 'test'): Promise<void> {
  const said = (): string => noteOf(s.repository, domain, revision) ?? 'nothing';
  const isThere = (): boolean => said() === wanted || said().startsWith(`${wanted} (`);
  await until(`${revision.slice(0, 7)} is ${wanted}`, isThere, verdictWithinMs).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${said()}\n${lastWords(s)}`);
  });
}

/** The end of what the last daemon said. */
function lastWords({ folder }: Stage): string {
  const logs = readdirSync(folder).filter((name) => /^daemon-\d+\.log$/.test(name));
  const last = Math.max(...logs.map((name) => Number(/\d+/.exec(name)?.[0])));
  return logs.length === 0 ? '' : readFileSync(join(folder, `daemon-${last}.log`), 'utf8').slice(-3_000);
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
