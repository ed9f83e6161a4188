import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const operatorFile = 'heliostat.config.yaml';
const solutionFile = 'solutions/shop.yaml';

/** The shop's Git repository, as its developers work with it. */
export interface Repository {
  readonly folder: string;
  git(...command: string[]): Promise<string>;
  /** Sets versions of elements in the solution, and commits nothing. */
  setVersions(versions: Readonly<Record<string, string>>): void;
  /** Commits what was edited and gives the commit. */
  commit(message: string): Promise<string>;
  revert(commit: string): Promise<string>;
}

/** Copies the sample into a new repository with one commit. */
export async function createRepository(
  sample: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<Repository> {
  mkdirSync(folder);
  cpSync(sample, folder, { recursive: true });
  const git = async (...command: string[]): Promise<string> => {
    const { stdout } = await run('git', command, { cwd: folder, env, maxBuffer: 1 << 24 });
    return stdout.trimEnd();
  };
  const head = (): Promise<string> => git('rev-parse', 'HEAD');
  const repository: Repository = {
    folder,
    git,
    setVersions: (versions) => {
      const file = join(folder, solutionFile);
      writeFileSync(file, withVersions(readFileSync(file, 'utf8'), versions));
    },
    commit: async (message) => {
      await git('commit', '-q', '-a', '-m', message);
      return head();
    },
    revert: async (commit) => {
      await git('revert', '--no-edit', commit);
      return head();
    },
  };
  await git('init', '-q', '-b', 'main');
  // The operator's side: a name instead of this machine's, and no part of the model.
  writeFileSync(join(folder, operatorFile), 'controller: demo\n');
  appendFileSync(join(folder, '.git/info/exclude'), `${operatorFile}\n`);
  await git('add', '-A');
  await repository.commit('Open the shop');
  return repository;
}

/** @throws if an element is not there: then sample and demo do not fit each other. */
export function withVersions(solution: string, versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions).reduce((text, [element, version]) => {
    const line = new RegExp(`(\\n  ${element}:\\n(?:    .*\\n)*?    version: )([0-9.]+)`);
    if (!line.test(text)) throw new Error(`${solutionFile} has no version of ${element}`);
    return text.replace(line, `$1${version}`);
  }, solution);
}

/** One identity, and nothing of the user's or the machine's configuration of Git. */
export function demoEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(from).filter(([name]) => !/^(GIT|HELIOSTAT)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Ada Example',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada Example',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
  };
}
