import fs from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError, isAbsent } from './failure.js';
import type { GitTool } from './tool.js';

interface Folders {
  readonly folders: readonly string[];
}

/** Paths of tracked files that are still there, and of those that are neither tracked nor ignored. */
export async function listByGit(tool: GitTool, { folders }: Folders): Promise<string[]> {
  if (folders.length === 0) return [];
  const command = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--'];
  const paths = folders.map((folder) => (folder === '' ? '.' : folder));
  const { code, output } = await tool.run([...command, ...paths], { personal: true });
  if (code !== 0) {
    throw new GitError({
      code: 'git.failed',
      message: `git ls-files ended with code ${code}`,
      fix: 'Run `git status` in the work tree: it says what is wrong.',
    });
  }
  return output
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
}

export interface WalkTools {
  readonly root: string;
  readonly gitDir: string;
}

/** Without git: the folders themselves, asked of isomorphic-git what is ignored, and the index for what is tracked. */
export async function listByWalking(tools: WalkTools, { folders }: Folders): Promise<string[]> {
  const git = await import('./isomorphic.js');
  const place = { fs, dir: tools.root, gitdir: tools.gitDir };
  const tracked = (await git.listFiles(place)).filter((path) =>
    folders.some((folder) => isBelow(path, folder)),
  );

  async function walk(folder: string): Promise<string[]> {
    const found: string[] = [];
    for (const entry of await entriesOf(join(tools.root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.toLowerCase() === '.git' || (await git.isIgnored({ ...place, filepath: path })))
        continue;
      if (entry.isDirectory()) found.push(...(await walk(path)));
      else found.push(path);
    }
    return found;
  }
  const walked = await Promise.all(folders.map(walk));
  return [...tracked, ...walked.flat()];
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
