import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import {
  openRemote,
  type RemoteOptions,
  type RemoteRepository,
} from '../../../../src/adapters/git/remote/open.js';
import { parseRemote, type RemoteUrl } from '../../../../src/adapters/git/remote/url.js';
import type { Oid } from '../../../../src/ports/repository.js';
import { commitFiles, git, gitEnvironment, makeFolder, makeRepository } from '../../../support/git.js';
import type { Asked, GitServer } from '../../../support/git-server.js';

export const main = 'refs/heads/main';
export const status = 'refs/heads/heliostat/status';

/** By way of a copy of its own, without any patience. */
export async function opened(
  { url }: Pick<GitServer, 'url'>,
  options: Partial<RemoteOptions> = {},
): Promise<RemoteRepository> {
  const found = await openRemote({
    url: parseRemote(url) as RemoteUrl,
    folder: join(makeFolder(), 'copy.git'),
    credentials: () => Promise.resolve(null),
    now: () => performance.now(),
    freshMs: 0,
    retryMs: 0,
    lostPauseMs: 1,
    ...options,
  });
  if (!('ok' in found)) throw new Error(found.failure.message);
  onTestFinished(() => found.ok.close());
  return found.ok;
}

/** Not `execFileSync`: the server is in this process. */
export async function gitThere(folder: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)('git', args, { cwd: folder, env: gitEnvironment() })).stdout.trim();
}

export interface Clone {
  readonly folder: string;
  readonly tip: Oid;
  push(files: Record<string, string>, subject: string, ref?: string): Oid;
}

/** A repository beside the server, which pushes past it by the path of its folder, and its first commit. */
export function pushed(
  server: Pick<GitServer, 'folder'>,
  files: Record<string, string> = { 'a.yaml': 'a: 1\n' },
): Clone {
  const folder = makeRepository();
  const push: Clone['push'] = (more, subject, ref = main) => {
    const oid = commitFiles(folder, more, subject);
    git(folder, 'push', '-q', '--force', server.folder, `HEAD:${ref}`);
    return oid;
  };
  return { folder, tip: push(files, 'First'), push };
}

/** As the engine does, once. */
export async function commitOn(repository: Pick<RemoteRepository, 'refs'>, ref: string, name: string) {
  const parent = await repository.refs.read(ref);
  const changes = [{ path: `${name}.txt`, content: `${name}\n` }];
  const oid = await repository.refs.commit({ parent, changes, message: name, wallMs: 1_700_000_000_000 });
  return { parent, oid, swapped: await repository.refs.compareAndSwap(ref, parent, oid) };
}

/** As the engine does, until it is there. */
export async function append(repository: RemoteRepository, ref: string, name: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { swapped } = await commitOn(repository, ref, name);
    if (swapped.kind === 'swapped') return;
    if (swapped.kind === 'unavailable' && !swapped.message.includes('at the same time'))
      throw new Error(swapped.message);
  }
  throw new Error(`${name} was never the fastest`);
}

export function expectLinear(folder: string, ref: string, names: readonly string[]): void {
  const subjects = git(folder, 'log', '--format=%s', ref).split('\n');
  expect(subjects.sort(), 'none is lost').toEqual([...names].sort());
  expect(git(folder, 'rev-list', '--merges', '--count', ref)).toBe('0');
  git(folder, 'fsck', '--strict');
}

export const isPush = ({ method, path }: Asked): boolean =>
  method === 'POST' && path.endsWith('git-receive-pack');
