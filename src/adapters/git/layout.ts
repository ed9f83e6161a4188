import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Config, isTrue, readConfig } from './config.js';
import { isAbsent, type GitFailure } from './failure.js';

/** Where the parts of a repository lie; all paths are real and absolute. */
export interface Layout {
  /** HEAD and index: the repository's own folder, or that of a linked work tree. */
  readonly gitDir: string;
  /** Objects and branches, shared by all linked work trees. */
  readonly commonDir: string;
  /** Null if bare. */
  readonly workTree: string | null;
  readonly config: Config;
}

/** Looks for a repository at a folder and above it. */
export async function findLayout(from: string): Promise<Layout | GitFailure> {
  let folder = await realOrNull(from);
  if (folder === null) return notFound(from);
  for (;;) {
    const found = await layoutAt(folder);
    if (found !== null) return found;
    const above = dirname(folder);
    if (above === folder) return notFound(from);
    folder = above;
  }
}

async function layoutAt(folder: string): Promise<Layout | GitFailure | null> {
  const dotGit = join(folder, '.git');
  const kind = await kindOf(dotGit);
  if (kind === 'file') return linkedLayout(folder, dotGit);
  if (kind === 'folder' && (await isGitDir(dotGit))) return layoutOf(await realpath(dotGit), folder);
  return (await isGitDir(folder)) ? layoutOf(folder, null) : null;
}

/** A `.git` file, of a linked work tree or of a submodule, names the real place. */
async function linkedLayout(folder: string, dotGit: string): Promise<Layout | GitFailure> {
  const target = /^gitdir: (.+?)\r?\n*$/.exec(await readFile(dotGit, 'utf8'))?.[1];
  const gitDir = target === undefined ? null : await realOrNull(resolve(folder, target));
  if (gitDir !== null && (await kindOf(join(gitDir, 'HEAD'))) === 'file') return layoutOf(gitDir, folder);
  return {
    code: 'git.broken',
    message: `${dotGit} does not lead to a repository`,
    fix: 'Run `git worktree repair` in the main work tree.',
  };
}

async function layoutOf(gitDir: string, folder: string | null): Promise<Layout> {
  const commonDir = await commonDirOf(gitDir);
  const config = await readConfig(commonDir, gitDir);
  return { gitDir, commonDir, workTree: await workTreeOf(gitDir, folder, config), config };
}

async function commonDirOf(gitDir: string): Promise<string> {
  try {
    const text = await readFile(join(gitDir, 'commondir'), 'utf8');
    return await realpath(resolve(gitDir, text.trim()));
  } catch (error) {
    if (isAbsent(error)) return gitDir;
    throw error;
  }
}

async function workTreeOf(gitDir: string, folder: string | null, config: Config): Promise<string | null> {
  const named = config.get('core.worktree');
  if (named !== undefined) return realOrNull(resolve(gitDir, named));
  // Asked for from inside `.git` itself: the work tree is beside it, unless the repository is bare.
  if (folder === null) {
    const bare = basename(gitDir) !== '.git' || isTrue(config.get('core.bare'));
    return bare ? null : dirname(gitDir);
  }
  const linked = basename(gitDir) !== '.git';
  return isTrue(config.get('core.bare')) && !linked ? null : folder;
}

async function isGitDir(folder: string): Promise<boolean> {
  const parts = await Promise.all([
    kindOf(join(folder, 'HEAD')),
    kindOf(join(folder, 'objects')),
    kindOf(join(folder, 'refs')),
  ]);
  return parts[0] === 'file' && parts[1] === 'folder' && parts[2] === 'folder';
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

async function realOrNull(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function notFound(from: string): GitFailure {
  return {
    code: 'git.notFound',
    message: `there is no Git repository at ${from} or above it`,
    fix: 'Run `git init` in the folder of the model, or name the repository with `--repo DIR`.',
  };
}
