import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended } from './measure.js';

/** Files of one commit; null removes. */
export type Files = ReadonlyMap<string, string | null>;

/** One identity, and nothing of the user's or the machine's configuration of Git. */
export const cleanEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};

export function git(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: folder,
    env: cleanEnvironment,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`git ${args[0] ?? ''}: ${stderr}`);
  return stdout.trimEnd();
}

/** A repository whose branch `main` has the first commit, checked out; the others wait on the branch `next`. Their ids, in order. */
export async function makeRepository(folder: string, commits: readonly Files[]): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  await fastImport(folder, importStream('refs/heads/next', commits));
  const ids = git(folder, 'rev-list', '--reverse', 'next').split('\n');
  git(folder, 'update-ref', 'refs/heads/main', ids[0] ?? '');
  git(folder, 'reset', '-q', '--hard');
  return ids;
}

/** A chain of commits for `git fast-import`. */
export function importStream(ref: string, commits: readonly Files[], parent: string | null = null): string {
  const parts: string[] = [];
  commits.forEach((files, i) => {
    parts.push(
      `commit ${ref}\ncommitter Bench <bench@example.com> ${1_700_000_000 + i} +0000\n${data(`change ${i}\n`)}`,
    );
    if (i === 0 && parent !== null) parts.push(`from ${parent}\n`);
    for (const [path, text] of files)
      parts.push(text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`);
  });
  return parts.join('');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

export async function fastImport(folder: string, stream: string): Promise<void> {
  const child = spawn('git', ['fast-import', '--quiet', '--force'], {
    cwd: folder,
    env: cleanEnvironment,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(stream);
  const code = await ended(child);
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

/** Moves a branch as git does, without the start of a process in the measurement. */
export function moveBranch(folder: string, branch: string, commit: string): void {
  const file = join(folder, '.git/refs/heads', branch);
  writeFileSync(`${file}.lock`, `${commit}\n`, { flag: 'wx' });
  renameSync(`${file}.lock`, file);
}
