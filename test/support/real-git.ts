import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Revision } from '../../src/core/base/names.js';

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** Makes a repository in a folder that exists; for `bare` and the like see `git init`. */
export function initRepository(folder: string, ...initArguments: string[]): string {
  git(folder, 'init', '-q', '-b', 'main', ...initArguments, '.');
  return folder;
}

/** Writes (or, where the content is null, removes) files of the work tree, without `git add`. */
export function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array | null>>,
): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    if (content === null) {
      rmSync(file, { recursive: true, force: true });
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** Writes these files (null removes), commits exactly them, and returns the commit. */
export function commitFiles(
  repository: string,
  files: Readonly<Record<string, string | Uint8Array | null>>,
  message: string,
): Revision {
  writeFiles(repository, files);
  const paths = Object.keys(files);
  if (paths.length > 0) {
    const list = paths.map((path) => `${path}\0`).join('');
    feedGit(repository, list, 'add', '-A', '--pathspec-from-file=-', '--pathspec-file-nul');
  }
  git(repository, 'commit', '-q', '--allow-empty', '-m', message);
  return git(repository, 'rev-parse', 'HEAD') as Revision;
}

/** Runs real Git with nothing of this machine's configuration; returns standard output without its last newline. */
export function git(repository: string, ...command: string[]): string {
  return feedGit(repository, '', ...command);
}

/** `git` with standard input. */
export function feedGit(repository: string, input: string | Uint8Array, ...command: string[]): string {
  const output = execFileSync('git', command, {
    cwd: repository,
    env: gitEnvironment(),
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return output.replace(/\n$/, '');
}

/** `git` that leaves this process free meanwhile: for what must happen at the same time. */
export async function gitMeanwhile(repository: string, ...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', command, {
    cwd: repository,
    env: gitEnvironment(),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return stdout.replace(/\n$/, '');
}

/** One identity and one clock, so that equal commits have equal ids; no configuration of user or machine. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith('GIT_') && value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    HOME: join(tmpdir(), 'heliostat-no-home'),
    XDG_CONFIG_HOME: join(tmpdir(), 'heliostat-no-home'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Ada Example',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: '2024-05-03T10:00:00Z',
    GIT_COMMITTER_NAME: 'Ada Example',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    GIT_COMMITTER_DATE: '2024-05-03T10:00:00Z',
    LC_ALL: 'C',
  };
}
