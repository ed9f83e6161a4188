import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../../../support/programs.js';
import { git } from '../../../support/git.js';
import { gitServer, type Fate } from '../../../support/git-server.js';
import { append, commitOn, expectLinear, isPush, main, opened, pushed, status } from './copy.js';

const isWhole = process.env['HELIOSTAT_REQUIRE_ALL'] === '1';

describe('a push', () => {
  it('that another overtakes between the look and the push is lost, and says what is there', async () => {
    const server = await gitServer();
    pushed(server);
    const [one, other] = [await opened(server), await opened(server)];
    await commitOn(one, status, 'first');
    const parent = await other.refs.read(status);
    const late = await other.refs.commit({ parent, changes: [], message: 'late', wallMs: 0 });
    const ours = await one.refs.commit({ parent, changes: [], message: 'faster', wallMs: 0 });
    // After the references were advertised to the one who is late, and before his commit arrives.
    server.before = async (asked) => {
      if (!isPush(asked)) return;
      server.before = () => Promise.resolve();
      expect(await one.refs.compareAndSwap(status, parent, ours)).toEqual({ kind: 'swapped' });
    };
    expect(await other.refs.compareAndSwap(status, parent, late)).toEqual({ kind: 'lost', current: ours });
    expectLinear(server.folder, status, ['first', 'faster']);
  });

  it('whose answer was lost, and upon which others have gone on, was made all the same', async () => {
    const server = await gitServer();
    pushed(server);
    const [one, other] = [await opened(server), await opened(server)];
    await commitOn(one, status, 'first');
    const parent = await one.refs.read(status);
    const oid = await one.refs.commit({ parent, changes: [], message: 'second', wallMs: 0 });
    let pushes = 0;
    server.fate = (asked): Fate => ({ kind: isPush(asked) && ++pushes === 1 ? 'lost' : 'served' });
    server.after = async (asked) => {
      if (!isPush(asked)) return;
      server.after = () => Promise.resolve();
      await append(other, status, 'third');
    };
    expect(await one.refs.compareAndSwap(status, parent, oid)).toEqual({ kind: 'swapped' });
    expectLinear(server.folder, status, ['first', 'second', 'third']);
  });

  it('to a branch that the server protects is refused with its words, and one beside it is taken', async () => {
    const server = await gitServer();
    const { tip } = pushed(server);
    writeFileSync(
      join(server.folder, 'hooks', 'update'),
      '#!/bin/sh\n[ "$1" = refs/heads/main ] && echo "main is protected" && exit 1\nexit 0\n',
      { mode: 0o755 },
    );
    const { refs } = await opened(server);
    await refs.read(main);
    const commit = await refs.commit({ parent: tip, changes: [], message: 'Revert', wallMs: 0 });
    expect(await refs.advance(main, tip, commit)).toMatchObject({
      kind: 'occupied',
      message: expect.stringMatching(/hook declined.*main is protected/) as string,
    });
    expect(await refs.compareAndSwap('refs/heads/heliostat/revert-1', null, commit)).toEqual({
      kind: 'swapped',
    });
    expect(git(server.folder, 'rev-parse', main)).toBe(tip);
  });

  it('with a token that may only read is refused, and says which token would do', async () => {
    const server = await gitServer();
    pushed(server);
    const repository = await opened(server);
    await repository.refs.read(status);
    server.fate = ({ path }): Fate =>
      path.includes('receive-pack') ? { kind: 'answered', status: 403 } : { kind: 'served' };
    const { swapped } = await commitOn(repository, status, 'one');
    expect(swapped).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('does not let us') as string,
    });
  });

  it('is made with the token of the moment: one that is renewed counts at once', async () => {
    const server = await gitServer({ token: 'first' });
    pushed(server);
    let token = 'first';
    const credentials = () => Promise.resolve({ username: 'x-access-token', token });
    const repository = await opened(server, { credentials });
    await repository.refs.read(main);
    server.token = 'second';
    await repository.refs.read(main);
    expect(await repository.refs.away?.()).toMatchObject({ code: 'remote.denied' });
    token = 'second';
    await until('it is let in again', async () => {
      await repository.refs.read(main);
      return (await repository.refs.away?.()) === null;
    });
    expect((await commitOn(repository, status, 'one')).swapped).toEqual({ kind: 'swapped' });
  });

  const [writers, commits] = isWhole ? [8, 25] : [3, 2];
  it(`of ${writers} writers with ${commits} commits each: none is lost, and they stand in one line`, async () => {
    const server = await gitServer();
    pushed(server);
    const names: string[] = [];
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const repository = await opened(server);
        for (let n = 0; n < commits; n++) {
          names.push(`${writer}-${n}`);
          await append(repository, status, `${writer}-${n}`);
        }
      }),
    );
    expectLinear(server.folder, status, names);
  }, 240_000);
});
