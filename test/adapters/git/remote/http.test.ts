import { describe, expect, it } from 'vitest';
import { until } from '../../../support/programs.js';
import { git } from '../../../support/git.js';
import { gitServer } from '../../../support/git-server.js';
import { commitOn, isPush, main, opened, pushed, status } from './copy.js';

describe('a repository behind smart HTTP', () => {
  it('is read by way of a bare copy, which follows it', async () => {
    const server = await gitServer();
    const { tip, push } = pushed(server);
    const { refs, source } = await opened(server);
    expect(await refs.head()).toEqual({ branch: main, oid: tip });
    const next = push({ 'b.yaml': 'b: 2\n' }, 'Second');
    expect(await refs.read(main)).toBe(next);
    expect((await source.commit(next as never))?.subject).toBe('Second');
    expect(await refs.read('refs/heads/none')).toBeNull();
  });

  it('asks nothing but for its branches while nothing has moved', async () => {
    const server = await gitServer();
    pushed(server);
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
    pushed(server);
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
    pushed(server);
    const { refs, ...repository } = await opened(server);
    await refs.read(status);
    server.fate = (asked) => ({ kind: isPush(asked) ? 'lost' : 'served' });
    const { oid, swapped } = await commitOn({ refs, ...repository }, status, 'one');
    expect(swapped).toEqual({ kind: 'swapped' });
    expect(git(server.folder, 'rev-parse', 'heliostat/status').trim()).toBe(oid);
  });

  it('has not taken one that never arrived, and says so', async () => {
    const server = await gitServer();
    pushed(server);
    const repository = await opened(server);
    await repository.refs.read(status);
    server.fate = (asked) => ({ kind: isPush(asked) ? 'dropped' : 'served' });
    expect((await commitOn(repository, status, 'one')).swapped).toMatchObject({ kind: 'unavailable' });
    expect(await repository.refs.read(status)).toBeNull();
  });

  it('that is away stays what it was, and says since when', async () => {
    const server = await gitServer();
    const { tip, push } = pushed(server);
    const { refs } = await opened(server);
    expect(await refs.read(main)).toBe(tip);
    expect(await refs.away?.()).toBeNull();
    await server.stop();
    expect(await refs.read(main)).toBe(tip);
    expect(await refs.away?.()).toMatchObject({
      code: 'remote.away',
      message: expect.stringContaining('127.0.0.1') as string,
    });
    await server.start();
    const next = push({ 'b.yaml': 'b: 2\n' }, 'Second');
    // Whoever reads does not wait for one that was away: he causes the look that finds it back.
    await until('it is back', async () => (await refs.read(main)) === next);
    expect(await refs.away?.()).toBeNull();
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
    const { refs } = await opened(server, {
      credentials: () => Promise.resolve({ username: 'x-access-token', token: 's3cret' }),
    });
    expect(await refs.read(main)).toBeNull();
    expect(server.asked.filter(({ path }) => path.includes('s3cret'))).toEqual([]);
  });

  it('that has moved is not followed: the token would go along', async () => {
    const server = await gitServer();
    pushed(server);
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
    const { tip, folder } = pushed(server);
    const [one, other] = [await opened(server), await opened(server)];
    await one.refs.note('heliostat', new Map([[tip as never, 'prod: applied']]), 1_700_000_000_000);
    expect(
      (await other.refs.note('heliostat', new Map([[tip as never, 'test: applied']]), 1_700_000_000_000))
        .kind,
    ).toBe('swapped');
    git(folder, 'fetch', '-q', server.folder, 'refs/notes/*:refs/notes/*');
    expect(git(folder, 'notes', '--ref=heliostat', 'show', tip)).toBe('prod: applied\ntest: applied');
  });
});
