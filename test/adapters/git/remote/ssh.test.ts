import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Revision } from '../../../../src/core/base/names.js';
import { fakeSsh, type FakeSsh } from '../../../support/fake-ssh.js';
import { git, makeFolder } from '../../../support/git.js';
import {
  append,
  commitOn,
  expectLinear,
  gitThere,
  main,
  opened,
  pushed,
  status,
  type Clone,
} from './copy.js';

interface Server {
  readonly url: string;
  readonly folder: string;
  readonly ssh: FakeSsh;
}

function server(): Server {
  const folder = join(makeFolder('hs-git-'), 'model.git');
  git(join(folder, '..'), 'init', '-q', '--bare', '-b', 'main', folder);
  return { url: `ssh://git@git.example${folder}`, folder, ssh: fakeSsh() };
}

function started(): { there: Server; clone: Clone } {
  const there = server();
  return { there, clone: pushed(there) };
}

describe('a repository behind SSH', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('is followed, and takes commits of ours, by the installed git alone', async () => {
    const { there, clone } = started();
    const repository = await opened(there);
    expect(await repository.refs.head()).toEqual({ branch: main, oid: clone.tip });
    const next = clone.push({ 'b.yaml': 'b: 2\n' }, 'Second');
    expect(await repository.refs.read(main)).toBe(next);
    expect((await commitOn(repository, status, 'one')).swapped).toEqual({ kind: 'swapped' });
    expect(git(there.folder, 'log', '--format=%s', status)).toBe('one');
    const notes = new Map([[next as Revision, 'test: applied']]);
    expect((await repository.refs.note('heliostat', notes, 1_700_000_000_000)).kind).toBe('swapped');
    expect(git(there.folder, 'notes', '--ref=heliostat', 'show', next)).toBe('test: applied');
  });

  it('tells of another that was faster, and never moves a branch anywhere but forward', async () => {
    const { there, clone } = started();
    const [one, other] = [await opened(there), await opened(there, { freshMs: 60_000 })];
    await other.refs.read(status);
    await commitOn(one, status, 'one');
    expect((await commitOn(other, status, 'other')).swapped).toEqual({
      kind: 'lost',
      current: await one.refs.read(status),
    });
    const orphan = await one.refs.commit({ parent: null, changes: [], message: 'Orphan', wallMs: 0 });
    expect(await one.refs.compareAndSwap(main, clone.tip, orphan)).toMatchObject({ kind: 'unavailable' });
    expect(git(there.folder, 'rev-parse', main)).toBe(clone.tip);
  });

  it('that refuses a branch says why, and another branch may be used', async () => {
    const { there, clone } = started();
    writeFileSync(
      join(there.folder, 'hooks', 'update'),
      '#!/bin/sh\n[ "$1" = refs/heads/main ] && echo "main is protected" && exit 1\nexit 0\n',
      { mode: 0o755 },
    );
    const { refs } = await opened(there);
    await refs.read(main);
    const commit = await refs.commit({ parent: clone.tip, changes: [], message: 'Revert', wallMs: 0 });
    const refused = await refs.advance(main, clone.tip, commit);
    expect(refused).toMatchObject({
      kind: 'occupied',
      message: expect.stringContaining('main is protected') as string,
    });
    expect(await refs.compareAndSwap('refs/heads/aside', null, commit)).toEqual({ kind: 'swapped' });
  });

  it('begins with the latest commits, and brings the past and other references where they are asked for', async () => {
    const { there, clone } = started();
    for (let n = 2; n <= 9; n++) clone.push({ [`${n}.yaml`]: `${n}\n` }, `${n}`);
    const tip = git(clone.folder, 'rev-parse', 'HEAD');
    const merge = clone.push({ 'm.yaml': 'm\n' }, 'Merge', 'refs/pull/7/merge');
    const { refs, history, resolve, gitDir } = await opened(there, { depth: 2 });
    await refs.read(main);
    expect(await gitThere(gitDir, 'rev-list', '--count', tip)).toBe('2');
    expect(await history.isAncestor(clone.tip as Revision, tip as Revision)).toBe(true);
    expect(await resolve('refs/pull/7/merge')).toBe(merge);
    await gitThere(gitDir, 'fsck', '--strict');
  });

  it.each([
    ['git@git.example: Permission denied (publickey).', 'remote.denied'],
    ['Host key verification failed.', 'remote.denied'],
    ["fatal: '/x.git' does not appear to be a git repository", 'remote.missing'],
    ['ssh: connect to host git.example port 22: Connection refused', 'remote.away'],
  ])('that says %s is told as %s', async (words, code) => {
    const { there } = started();
    there.ssh.fails(words);
    const { refs } = await opened(there);
    await expect(refs.read(main)).rejects.toMatchObject({ code });
    there.ssh.fails(null);
    await expect.poll(() => refs.read(main), { timeout: 5_000 }).not.toBeNull();
    expect(await refs.away?.()).toBeNull();
  });

  it('that says nothing is given up', async () => {
    const { there } = started();
    writeFileSync(process.env['GIT_SSH'] ?? '', '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const { refs } = await opened(there, { silenceMs: 300 });
    await expect(refs.read(main)).rejects.toMatchObject({
      code: 'remote.away',
      message: expect.stringContaining('nothing was heard') as string,
    });
  });

  it('is asked by ssh alone, whatever else a URL there would name', async () => {
    const { there } = started();
    git(there.folder, 'config', 'uploadpack.packObjectsHook', 'false');
    await (await opened(there)).refs.read(main);
    expect(there.ssh.called().length).toBeGreaterThan(0);
    for (const line of there.ssh.called()) expect(line).toContain('git@git.example');
  });

  it.skipIf(process.env['HELIOSTAT_REQUIRE_ALL'] !== '1')('loses no commit of several writers', async () => {
    const { there } = started();
    const names = ['a', 'b', 'c'].flatMap((writer) => [1, 2, 3].map((n) => `${writer}${n}`));
    await Promise.all(
      ['a', 'b', 'c'].map(async (writer) => {
        const repository = await opened(there);
        for (const name of names.filter((each) => each.startsWith(writer)))
          await append(repository, status, name);
      }),
    );
    expectLinear(there.folder, status, names);
  });
});
