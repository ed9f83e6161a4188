import { chmodSync, existsSync, readdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../../src/ports/repository.js';
import type { Repository } from '../../../src/adapters/git/index.js';
import { commitFiles, feedGit, git, makeRepository } from '../../support/git.js';
import { opened } from './opened.js';

function commit(
  repository: Repository,
  parent: string | null,
  changes: FileChange[],
  message = 'x',
): Promise<string> {
  return repository.refs.commit({ parent, changes, message, wallMs: 1_700_000_000_999 });
}

const listing = (folder: string, tree: string) => git(folder, 'ls-tree', '-r', '-t', '--full-tree', tree);
const packs = (folder: string) =>
  readdirSync(join(folder, '.git/objects/pack')).filter((name) => name.endsWith('.pack'));

it('writes an object anew whose file is there and torn, as a power cut leaves it', async () => {
  const folder = makeRepository();
  const changes = ['a', 'b', 'c'].map((name) => ({ path: `${name}.yaml`, content: `${name}: 1\n` }));
  const first = await commit(await opened(folder), null, changes);
  const objects = git(folder, 'rev-list', '--objects', '--no-object-names', first).split('\n');
  for (const [i, oid] of objects.entries()) {
    const file = join(folder, '.git/objects', oid.slice(0, 2), oid.slice(2));
    chmodSync(file, 0o644);
    truncateSync(file, i % 2 === 0 ? 0 : statSync(file).size >> 1);
  }
  expect(() => git(folder, 'fsck', '--strict', first)).toThrow();
  expect(await commit(await opened(folder), null, changes)).toBe(first);
  git(folder, 'fsck', '--strict', first);
});

it.each([{}, { git: null }])(
  "is in nobody's way where the repository was moved from: %j",
  async (options) => {
    const folder = makeRepository();
    const changes = [{ path: 'a.yaml', content: 'a: 1\n' }];
    const repository = await opened(folder, options);
    const first = await commit(repository, null, changes);
    renameSync(folder, `${folder}-aside`);
    const more = [{ path: 'b.yaml', content: 'b: 2\n' }];
    await expect(commit(repository, null, more)).rejects.toThrow();
    const swapped = await repository.refs.compareAndSwap('refs/heads/new/one', null, first).catch(() => null);
    expect(swapped?.kind).not.toBe('swapped');
    expect(existsSync(folder), 'else it could not be moved back').toBe(false);
  },
);

for (const tool of ['git', 'no git'] as const) {
  const options = tool === 'git' ? {} : { git: null };

  describe(`commit with ${tool}`, () => {
    it.each([
      ['Ada Ä <ada@example.com>', 'Ada Ä <ada@example.com>'],
      ['Ada <a@b> 0 +0000\ncommitter Eve <eve@example.com>', 'Heliostat <heliostat@localhost>'],
      ['no address', 'Heliostat <heliostat@localhost>'],
    ])('has %j as author where that is a name and an address', async (author, told) => {
      const folder = makeRepository();
      const { refs } = await opened(folder, options);
      const oid = await refs.commit({
        parent: null,
        changes: [],
        message: 'x',
        author,
        wallMs: 1_700_000_000_000,
      });
      git(folder, 'fsck', '--strict', oid);
      const format = '%an <%ae>%n%cn <%ce>';
      expect(git(folder, 'log', '-1', `--format=${format}`, oid)).toBe(
        `${told}\nHeliostat <heliostat@localhost>`,
      );
    });

    it('is Heliostat’s, with the message as it was given and no one’s configuration', async () => {
      const folder = makeRepository();
      git(folder, 'config', 'user.name', 'Someone Else');
      git(folder, 'config', 'commit.gpgSign', 'true');
      const repository = await opened(folder, options);
      const oid = await commit(
        repository,
        null,
        [{ path: 'ä/b.yaml', content: 'ü: 1\n' }],
        'Sübject\n\nTrailer: a\n\n',
      );
      expect(git(folder, 'cat-file', 'commit', oid)).toBe(
        [
          `tree ${git(folder, 'rev-parse', `${oid}^{tree}`)}`,
          'author Heliostat <heliostat@localhost> 1700000000 +0000',
          'committer Heliostat <heliostat@localhost> 1700000000 +0000',
          '',
          'Sübject',
          '',
          'Trailer: a',
        ].join('\n'),
      );
      expect(git(folder, 'show', `${oid}:ä/b.yaml`)).toBe('ü: 1');
      expect(git(folder, 'status', '--porcelain')).toBe('');
    });

    it('changes, adds and removes only what is asked, and lets empty folders vanish', async () => {
      const folder = makeRepository();
      const parent = commitFiles(
        folder,
        { 'a/b/c': '1', 'a/b/d': '2', 'a-b': '3', 'a.b': '4', 'x/y/z': '5', top: '6', run: '#!' },
        'first',
      );
      const repository = await opened(folder, options);
      const oid = await commit(repository, parent, [
        { path: 'a/b/c', content: null },
        { path: 'a/b/d', content: null },
        { path: 'x/y/new', content: 'new' },
        { path: 'a0/deep/er', content: 'new' },
        { path: 'top', content: 'changed' },
        { path: 'nowhere/at/all', content: null },
        { path: 'run/below/a/file', content: null },
      ]);
      expect(git(folder, 'ls-tree', '-r', '--name-only', oid).split('\n')).toEqual([
        'a-b',
        'a.b',
        'a0/deep/er',
        'run',
        'top',
        'x/y/new',
        'x/y/z',
      ]);
      expect(git(folder, 'show', `${oid}:top`)).toBe('changed');
      git(folder, 'fsck', '--strict');
    });

    it('leaves the empty tree when the last file goes', async () => {
      const folder = makeRepository();
      const parent = commitFiles(folder, { 'a/b': '1' }, 'first');
      const repository = await opened(folder, options);
      const oid = await commit(repository, parent, [{ path: 'a/b', content: null }]);
      expect(git(folder, 'ls-tree', oid)).toBe('');
      expect(git(folder, 'ls-tree', await commit(repository, oid, [{ path: 'c', content: '' }]))).toContain(
        '\tc',
      );
    });

    it('writes hundreds of changes as one pack that git accepts', async () => {
      const folder = makeRepository();
      const repository = await opened(folder, options);
      const changes = Array.from({ length: 500 }, (_, i) => ({
        path: `prod/solutions/${(i % 16).toString(16)}/s${i}/solution.yaml`,
        content: `name: s${i}\n`.repeat(1 + (i % 40)),
      }));
      const oid = await commit(repository, null, changes);
      expect(packs(folder)).toHaveLength(1);
      git(folder, 'fsck', '--strict', '--full');
      git(folder, 'verify-pack', join(folder, '.git/objects/pack', packs(folder)[0]!));
      expect(git(folder, 'ls-tree', '-r', '--name-only', oid).split('\n')).toEqual(
        changes.map(({ path }) => path).sort(),
      );
      const next = await commit(
        repository,
        oid,
        changes.slice(0, 250).map(({ path }) => ({ path, content: 'changed' })),
      );
      expect(git(folder, 'diff', '--shortstat', oid, next)).toContain('250 files changed');
      expect((await repository.source.commit(next as never))?.parents).toEqual([oid]);
    });
  });
}

describe('commit', () => {
  it('keeps bytes of names, modes and links that it does not touch', async () => {
    const folder = makeRepository();
    const blob = feedGit(folder, 'x', 'hash-object', '-w', '--stdin');
    const foreign = 'ab'.repeat(20);
    const odd = Buffer.concat([
      Buffer.from(`100644 blob ${blob}\tname `),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(
        `\x00100755 blob ${blob}\trun\x00120000 blob ${blob}\tlink\x00160000 commit ${foreign}\tmodule\0`,
      ),
    ]);
    const tree = feedGit(folder, odd, 'mktree', '-z');
    const parent = git(folder, 'commit-tree', '-m', 'odd', tree);
    const repository = await opened(folder);
    const oid = await commit(repository, parent, [
      { path: 'new', content: 'new' },
      { path: 'run', content: '#!/bin/sh\n' },
    ]);
    const before = listing(folder, parent).split('\n');
    const after = listing(folder, oid).split('\n');
    expect(
      after.filter((line) => !before.includes(line)).map((line) => line.replace(/[0-9a-f]{40}/, '…')),
    ).toEqual(['100644 blob …\tnew', '100755 blob …\trun']);
    expect(before.filter((line) => !after.includes(line))).toHaveLength(1);
  });

  it('writes nothing anew that is there already', async () => {
    const folder = makeRepository();
    const parent = commitFiles(folder, { 'a/b': '1', c: '2' }, 'first');
    const repository = await opened(folder);
    const oid = await commit(repository, parent, [{ path: 'a/b', content: '1' }]);
    expect(git(folder, 'rev-parse', `${oid}^{tree}`)).toBe(git(folder, 'rev-parse', `${parent}^{tree}`));
  });

  it('refuses paths that would lead a checkout astray: they are a bug of ours', async () => {
    const repository = await opened(makeRepository());
    for (const path of ['../x', 'a/../b', '.git/config', 'a/.GIT/x', '/a', 'a//b', '', 'a/', 'a\0b']) {
      await expect(commit(repository, null, [{ path, content: 'x' }]), path).rejects.toThrow('not a path');
    }
    const both = [
      { path: 'a', content: 'x' },
      { path: 'a/b', content: 'y' },
    ];
    await expect(commit(repository, null, both)).rejects.toThrow(/a\/b|a is/);
    await expect(commit(repository, null, [...both].reverse())).rejects.toThrow('a is a file and a folder');
  });

  it('replaces a file by a folder and a folder by a file', async () => {
    const folder = makeRepository();
    const parent = commitFiles(folder, { 'a/b': '1', c: '2' }, 'first');
    const repository = await opened(folder);
    const oid = await commit(repository, parent, [
      { path: 'a', content: 'file' },
      { path: 'c/d', content: 'below' },
    ]);
    expect(git(folder, 'ls-tree', '-r', '--name-only', oid)).toBe('a\nc/d');
    const back = await commit(repository, oid, [
      { path: 'a', content: null },
      { path: 'a/b', content: '1' },
    ]);
    expect(git(folder, 'ls-tree', '-r', '--name-only', back)).toBe('a/b\nc/d');
    git(folder, 'fsck', '--strict');
  });

  it('says what is missing where the parent is not there', async () => {
    const repository = await opened(makeRepository());
    await expect(commit(repository, 'a'.repeat(40), [])).rejects.toMatchObject({ code: 'git.missingObject' });
  });

  it('opens what it makes to a team where core.sharedRepository asks for it', async () => {
    const folder = makeRepository('--shared=group');
    const repository = await opened(folder);
    const oid = await commit(repository, null, [{ path: 'a', content: 'x' }]);
    await repository.refs.compareAndSwap('refs/heads/new/branch', null, oid);
    const mode = (path: string) => statSync(join(folder, '.git', path)).mode & 0o777;
    expect(mode(`objects/${oid.slice(0, 2)}`)).toBe(0o770);
    expect(mode('refs/heads/new')).toBe(0o770);
    expect(mode('refs/heads/new/branch') & 0o660).toBe(0o660);
  });

  it('makes the tree that git fast-import makes, for any sequence of changes', async () => {
    const folder = makeRepository();
    const repository = await opened(folder);
    const name = fc.constantFrom('a', 'b', 'a.b', 'a-b', 'a0', 'ä');
    const change = fc.record({
      path: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      content: fc.option(fc.constantFrom('1', '2', ''), { nil: null }),
    });
    const step = fc.uniqueArray(change, { selector: ({ path }) => path, maxLength: 6 }).map((changes) =>
      // One request names a path as a file or as a folder, not both.
      changes.filter(({ path }) => !changes.some((other) => other.path.startsWith(`${path}/`))),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const branch = `refs/heads/p${run++}`;
        let parent: string | null = null;
        const script: string[] = [];
        for (const changes of steps) {
          parent = await commit(repository, parent, changes);
          script.push(`commit ${branch}\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\n`);
          for (const { path, content } of changes) {
            script.push(
              content === null
                ? `D ${path}\n`
                : `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`,
            );
          }
        }
        feedGit(folder, script.join(''), 'fast-import', '--quiet');
        expect(listing(folder, parent!)).toBe(listing(folder, branch));
      }),
      { numRuns: 25, seed: 7 },
    );
    git(folder, 'fsck', '--strict');
  });
});
