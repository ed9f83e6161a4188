import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../operations.js';

const run = promisify(execFile);

/** The work tree that a folder lies in; null if it lies in none. The folder need not exist. */
export function workTreeAbove(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}

/** `''`, or the way from the root of the repository to the folder with `/` at its end. */
export function prefixOf(root: string, folder: string): string {
  const way = relative(root, resolve(folder));
  return way === '' ? '' : `${way.split(sep).join('/')}/`;
}

/** @throws {Failure} if git is not installed or says no. */
export async function git(folder: string, ...command: string[]): Promise<string> {
  try {
    const { stdout } = await run('git', command, { cwd: folder, encoding: 'utf8' });
    return stdout.trim();
  } catch (error) {
    throw gitFailure(error as NodeJS.ErrnoException & { stderr?: string }, command);
  }
}

function gitFailure(error: NodeJS.ErrnoException & { stderr?: string }, command: readonly string[]): Failure {
  if (error.code === 'ENOENT') {
    return new Failure(
      'git.missing',
      'git is not installed',
      'Install it (apt install git) and run this again.',
    );
  }
  const said = (error.stderr ?? error.message).trim();
  const fix = /user\.(name|email)|tell me who you are/i.test(said)
    ? 'Say who you are: git config --global user.name "…" && git config --global user.email …'
    : `Try it yourself: git ${command.join(' ')}`;
  return new Failure('git.failed', `git ${command[0] ?? ''} failed: ${said}`, fix);
}

const hook = `#!/bin/sh
# Stops a commit whose model is not valid. To commit all the same: git commit --no-verify
if command -v heliostat >/dev/null 2>&1; then
  exec heliostat validate --staged
fi
exec npx --no-install heliostat validate --staged
`;

/** Adds a pre-commit hook; returns its path. */
export async function addHook(folder: string): Promise<string> {
  const path = await hookPath(folder);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, hook, { mode: 0o755 });
  return path;
}

/** @throws {Failure} if there is a pre-commit hook that is not ours. */
export async function refuseToReplaceHook(repository: string): Promise<void> {
  const path = await hookPath(repository);
  if (!existsSync(path) || readFileSync(path, 'utf8') === hook) return;
  throw new Failure(
    'init.hookExists',
    `there is a pre-commit hook already: ${path}`,
    'Add this line to it: heliostat validate --staged',
  );
}

async function hookPath(folder: string): Promise<string> {
  const hooks = await git(folder, 'rev-parse', '--git-path', 'hooks');
  return join(isAbsolute(hooks) ? hooks : join(folder, hooks), 'pre-commit');
}
