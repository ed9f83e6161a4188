import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  openRemote,
  type RemoteOptions,
  type RemoteRepository,
} from '../../../../src/adapters/git/remote/open.js';
import { parseRemote, type RemoteUrl } from '../../../../src/adapters/git/remote/url.js';
import type { Oid } from '../../../../src/ports/repository.js';
import { commitFiles, git, gitEnvironment, makeFolder, makeRepository } from '../../../support/git.js';
import { gitServer, type Asked, type GitServer } from '../../../support/git-server.js';

const main = 'refs/heads/main';
const status = 'refs/heads/heliostat/status';

async function opened(server: GitServer, options: Partial<RemoteOptions> = {}): Promise<RemoteRepository> {
  const found = await openRemote({
    url: parseRemote(server.url) as RemoteUrl,
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
async function gitThere(folder: string, ...args: string[]): Promise<void> {
  await promisify(execFile)('git', args, { cwd: folder, env: gitEnvironment() });
}

/** A clone of what the server has, and its first commit. */
async function pushed(server: GitServer, files: Record<string, string> = { 'a.yaml': 'a: 1\n' }) {
  const folder = makeRepository();
  git(folder, 'remote', 'add', 'origin', server.url);
  const push = async (more: Record<string, string>, subject: string): Promise<Oid> => {
    const oid = commitFiles(folder, more, subject);
    await gitThere(folder, 'push', '-q', 'origin', 'HEAD:refs/heads/main');
    return oid;
  };
  return { folder, tip: await push(files, 'First'), push };
}

async function commitOn(repository: Pick<RemoteRepository, 'refs'>, ref: string, name: string) {
  const parent = await repository.refs.read(ref);
  const changes = [{ path: `${name}.txt`, content: `${name}\n` }];
  const oid = await repository.refs.commit({ parent, changes, message: name, wallMs: 1_700_000_000_000 });
  return { parent, oid, swapped: await repository.refs.compareAndSwap(ref, parent, oid) };
}

const isPush = ({ method, path }: Asked): boolean => method === 'POST' && path.endsWith('git-receive-pack');

describe('a repository behind smart HTTP', () => {
  it('is read by way of a bare copy, which follows it', async () => {
    const server = await gitServer();
    const { tip, push } = await pushed(server);
    const { refs, source } = await opened(server);
    expect(await refs.head()).toEqual({ branch: main, oid: tip });
    const next = await push({ 'b.yaml': 'b: 2\n' }, 'Second');
    expect(await refs.read(main)).toBe(next);
    expect((await source.commit(next as never))?.subject).toBe('Second');
    expect(await refs.read('refs/heads/none')).toBeNull();
  });

  it('asks nothing but for its branches while nothing has moved', async () => {
    const server = await gitServer();
    await pushed(server);
    const { refs } = await opened(server);
    await refs.read(main);
    server.asked.length = 0;
    await refs.read(main);
    expect(server.asked.map(({ method, path }) => `${method} ${path.replace('/model.git/', '')}`)).toEqual([
      'GET info/refs?service=git-upload-pack',
      'POST git-upload-pack',
    ]);
  });

  it('takes commits of ours, and tells of another that was faster', async () => {
    const server = await gitServer();
    await pushed(server);
    const [one, other] = [await opened(server), await opened(server, { freshMs: 60_000 })];
    await other.refs.read(status);
    expect((await commitOn(one, status, 'one')).swapped).toEqual({ kind: 'swapped' });
    const { swapped } = await commitOn(other, status, 'other');
    expect(swapped).toEqual({ kind: 'lost', current: await one.refs.read(status) });
    expect((await commitOn(other, status, 'again')).swapped).toEqual({ kind: 'swapped' });
    expect(git(server.folder, 'log', '--format=%s', 'heliostat/status').trim().split('\n')).toEqual([
      'again',
      'one',
    ]);
  });

  it('has taken a commit whose answer was lost: it is not made twice', async () => {
    const server = await gitServer();
    await pushed(server);
    const { refs, ...repository } = await opened(server);
    await refs.read(status);
    server.fate = (asked) => ({ kind: isPush(asked) ? 'lost' : 'served' });
    const { oid, swapped } = await commitOn({ refs, ...repository }, status, 'one');
    expect(swapped).toEqual({ kind: 'swapped' });
    expect(git(server.folder, 'rev-parse', 'heliostat/status').trim()).toBe(oid);
  });

  it('has not taken one that never arrived, and says so', async () => {
    const server = await gitServer();
    await pushed(server);
    const repository = await opened(server);
    await repository.refs.read(status);
    server.fate = (asked) => ({ kind: isPush(asked) ? 'dropped' : 'served' });
    expect((await commitOn(repository, status, 'one')).swapped).toMatchObject({ kind: 'unavailable' });
    expect(await repository.refs.read(status)).toBeNull();
  });

  it('that is away stays what it was, and says since when', async () => {
    const server = await gitServer();
    const { tip, push } = await pushed(server);
    const { refs } = await opened(server);
    expect(await refs.read(main)).toBe(tip);
    expect(refs.away?.()).toBeNull();
    await server.stop();
    expect(await refs.read(main)).toBe(tip);
    expect(refs.away?.()).toMatchObject({
      code: 'remote.away',
      message: expect.stringContaining('127.0.0.1') as string,
    });
    await server.start();
    const next = await push({ 'b.yaml': 'b: 2\n' }, 'Second');
    expect(await refs.read(main)).toBe(next);
    expect(refs.away?.()).toBeNull();
  });

  it('that was never reached is an error, not an empty repository', async () => {
    const server = await gitServer();
    await server.stop();
    const { refs } = await opened(server);
    await expect(refs.read(main)).rejects.toMatchObject({ code: 'remote.away' });
  });

  it('gets its token in a header, and nowhere else', async () => {
    const server = await gitServer({ token: 's3cret' });
    const without = await opened(server);
    await expect(without.refs.read(main)).rejects.toMatchObject({ code: 'remote.denied' });
    const { refs } = await opened(server, { credentials: () => Promise.resolve({ username: 'x-access-token', token: 's3cret' }),
    });
    expect(await refs.read(main)).toBeNull();
    expect(server.asked.filter(({ path }) => path.includes('s3cret'))).toEqual([]);
  });

  it('that has moved is not followed: the token would go along', async () => {
    const server = await gitServer();
    await pushed(server);
    server.fate = () => ({
      kind: 'answered',
      status: 301,
      headers: { location: 'https://elsewhere.example/model.git/info/refs?service=git-upload-pack' },
    });
    const { refs } = await opened(server);
    await expect(refs.read(main)).rejects.toMatchObject({
      code: 'remote.moved',
      message: expect.stringContaining('https://elsewhere.example/model.git') as string,
    });
  });

  it.each([
    [
      'a page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
      'remote.broken',
    ],
    ['an error of its own', { status: 503 }, 'remote.broken'],
    ['that there is none', { status: 404 }, 'remote.missing'],
  ])('that answers with %s is told as such', async (_what, answer, code) => {
    const server = await gitServer();
    server.fate = () => ({ kind: 'answered', ...answer });
    const { refs } = await opened(server);
    await expect(refs.read(main)).rejects.toMatchObject({ code });
  });

  it('keeps notes beside its branches', async () => {
    const server = await gitServer();
    const { tip, folder } = await pushed(server);
    const [one, other] = [await opened(server), await opened(server)];
    await one.refs.note('heliostat', new Map([[tip as never, 'prod: applied']]), 1_700_000_000_000);
    expect(
      (await other.refs.note('heliostat', new Map([[tip as never, 'test: applied']]), 1_700_000_000_000))
        .kind,
    ).toBe('lost');
    expect(
      (await other.refs.note('heliostat', new Map([[tip as never, 'test: applied']]), 1_700_000_000_000))
        .kind,
    ).toBe('swapped');
    await gitThere(folder, 'fetch', '-q', 'origin', 'refs/notes/*:refs/notes/*');
    expect(git(folder, 'notes', '--ref=heliostat', 'show', tip)).toBe('prod: applied\ntest: applied\n');
  });
});
