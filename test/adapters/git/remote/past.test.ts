import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Revision } from '../../../../src/core/base/names.js';
import { git } from '../../../support/git.js';
import { gitServer, type Fate } from '../../../support/git-server.js';
import { commitOn, gitThere, main, opened, pushed, status } from './copy.js';

const tools = process.env['HELIOSTAT_REQUIRE_ALL'] === '1' ? ['git', 'no git'] : ['no git'];

for (const tool of tools) {
  const without = tool === 'git' ? {} : { git: null };

  describe(`what the copy lacks, with ${tool}`, () => {
    it('is brought where it is asked for: a copy begins with the latest commits only', async () => {
      const server = await gitServer();
      const { tip: first, push } = pushed(server);
      for (let n = 2; n <= 9; n++) push({ [`${n}.yaml`]: `${n}\n` }, `${n}`);
      const tip = push({ 'a.yaml': 'a: 2\n' }, 'Last');
      const { refs, history, source, gitDir } = await opened(server, { depth: 2, ...without });
      expect(await refs.read(main)).toBe(tip);
      expect(existsSync(join(gitDir, 'shallow'))).toBe(true);
      expect(await gitThere(gitDir, 'rev-list', '--count', tip)).toBe('2');
      expect(await history.isAncestor(first as Revision, tip as Revision)).toBe(true);
      expect((await source.commit(first as Revision))?.subject).toBe('First');
      const changing = await history.changing(tip as Revision, 'a.yaml', 10);
      expect(changing, 'and not the commit where the copy ended').toEqual([tip, first]);
      await gitThere(gitDir, 'fsck', '--strict');
    });

    it('is not brought where it is not there, and that is said', async () => {
      const server = await gitServer();
      const { tip } = pushed(server);
      const { refs, history, source, resolve } = await opened(server, without);
      await refs.read(main);
      const none = 'f'.repeat(40) as Revision;
      expect(await source.commit(none)).toBeNull();
      expect(await source.blobs([none], 100)).toEqual([null]);
      const asked = server.asked.length;
      expect(await source.commit(none)).toBeNull();
      expect(server.asked.length, 'it is not asked for again at once').toBe(asked);
      expect(await history.isAncestor(none, tip as Revision)).toBe(false);
      expect(await resolve('no-such-branch')).toBeNull();
      expect(await resolve(none)).toBeNull();
    });

    it('is found by any name: another branch, a tag, a pull request, an id that no branch has', async () => {
      const server = await gitServer();
      const { folder, tip, push } = pushed(server);
      const head = push({ 'b.yaml': 'b: 2\n' }, 'Proposed', 'refs/pull/7/head');
      git(folder, 'tag', '-a', '-m', 'One', 'v1', tip);
      git(folder, 'push', '-q', server.folder, 'v1', `${tip}:refs/heads/other`);
      const repository = await opened(server, without);
      const { refs, resolve, source } = repository;
      await refs.read(main);
      expect(await resolve('other')).toBe(tip);
      expect(await resolve('v1')).toBe(tip);
      expect(await resolve('refs/pull/7/head')).toBe(head);
      expect(await resolve('refs/pull/7/head~1')).toBe(tip);
      expect((await source.commit(head as Revision))?.subject).toBe('Proposed');
      expect(await repository.fetchRef('refs/pull/7/head')).toBe(head);
      expect(await repository.fetchRef('refs/pull/8/head')).toBeNull();
      expect(await resolve('HEAD')).toBe(tip);
      expect(await resolve(tip.slice(0, 8))).toBe(tip);
      const changed = push({ 'c.yaml': 'c: 3\n' }, 'Proposed anew', 'refs/pull/7/head');
      expect(await repository.fetchRef('refs/pull/7/head')).toBe(changed);
    });
  });
}

describe('a fetch', () => {
  it('that is cut off leaves a copy that works, and is made up for by the next', async () => {
    const server = await gitServer();
    const { tip, push } = pushed(server);
    const { refs, gitDir } = await opened(server);
    expect(await refs.read(main)).toBe(tip);
    const next = push({ 'b.yaml': `${'b: 2\n'.repeat(2_000)}` }, 'Second');
    const n = { packs: 0 };
    server.fate = (asked): Fate => {
      if (asked.method !== 'POST') return { kind: 'served' };
      return { kind: ++n.packs === 2 ? 'torn' : 'served' };
    };
    expect(await refs.read(main), 'the last known').toBe(tip);
    expect(await refs.away?.()).toMatchObject({ code: 'remote.away' });
    await gitThere(gitDir, 'fsck', '--strict');
    server.fate = () => ({ kind: 'served' });
    await expect.poll(() => refs.read(main), { timeout: 5_000 }).toBe(next);
    await gitThere(gitDir, 'fsck', '--strict');
  });

  it('that brings too much is given up, and says what to do', async () => {
    const server = await gitServer();
    pushed(server, { 'big.txt': randomBytes(60_000).toString('hex') });
    const { refs } = await opened(server, { answerBytes: 20_000 });
    await expect(refs.read(main)).rejects.toMatchObject({ code: 'remote.tooLarge' });
  });

  it('works where the HEAD of the server stands for a branch that is not there', async () => {
    const server = await gitServer();
    writeFileSync(join(server.folder, 'HEAD'), 'ref: refs/heads/master\n');
    const { tip } = pushed(server);
    const { refs } = await opened(server);
    expect(await refs.read(main)).toBe(tip);
  });

  it('of a branch that was forced to another history brings that', async () => {
    const server = await gitServer();
    const { folder, tip, push } = pushed(server);
    const { refs, history } = await opened(server);
    expect(await refs.read(main)).toBe(tip);
    git(folder, 'checkout', '-q', '--orphan', 'other');
    const other = push({ 'z.yaml': 'z: 1\n' }, 'Other');
    expect(await refs.read(main)).toBe(other);
    expect(await history.isAncestor(tip as Revision, other as Revision)).toBe(false);
    git(server.folder, 'update-ref', '-d', main);
    expect(await refs.read(main), 'deleted').toBeNull();
  });

  it('and a push by two processes over one copy lose nothing of either', async () => {
    const server = await gitServer();
    pushed(server);
    const one = await opened(server, { depth: 1 });
    const other = await opened(server, { depth: 1, folder: one.gitDir });
    await one.refs.read(main);
    for (let n = 0; n < 3; n++) {
      await Promise.all([other.refs.read(status), one.refs.read(main)]);
      expect((await commitOn(one, status, `one-${n}`)).swapped.kind).toBe('swapped');
      expect((await commitOn(other, status, `other-${n}`)).swapped.kind).toBe('swapped');
    }
    expect(await gitThere(server.folder, 'rev-list', '--count', status)).toBe('6');
    await gitThere(one.gitDir, 'fsck', '--strict');
  });
});
