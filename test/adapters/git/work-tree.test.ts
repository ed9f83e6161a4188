import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Selection, WorkTree } from '../../../src/adapters/git/index.js';
import { commitFiles, git, makeFolder, makeRepository, writeFiles } from '../../support/git.js';
import { opened } from './opened.js';

const yaml: Selection = { folders: [''], accepts: (path) => path.endsWith('.yaml') };
const paths = (files: readonly { path: string }[]) => files.map(({ path }) => path);

for (const tool of ['git', 'no git'] as const) {
  const options = tool === 'git' ? {} : { git: null };
  const workTreeOf = async (folder: string): Promise<WorkTree> => (await opened(folder, options)).workTree!;

  describe(`work tree with ${tool}`, () => {
    it('reads what a person sees: tracked or new, not deleted, not ignored', async () => {
      const folder = makeRepository();
      commitFiles(
        folder,
        {
          'heliostat.yaml': 'a',
          'catalog/api/1.0.0.yaml': 'b',
          'solutions/old.yaml': 'c',
          'README.md': 'd',
          '.gitignore': 'build/\n*.tmp.yaml\n',
        },
        'first',
      );
      writeFiles(folder, {
        'solutions/new.yaml': 'ü',
        'solutions/old.yaml': null,
        'build/x.yaml': '1',
        'a.tmp.yaml': '2',
        'heliostat.yaml': 'changed',
      });
      const workTree = await workTreeOf(folder);
      const { files, refused } = await workTree.read(yaml, 1000);
      expect(
        Object.fromEntries(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])),
      ).toEqual({
        'catalog/api/1.0.0.yaml': 'b',
        'heliostat.yaml': 'changed',
        'solutions/new.yaml': 'ü',
      });
      expect(refused).toEqual([]);
      expect(files[2]?.oid).toBe(git(folder, 'hash-object', 'solutions/new.yaml'));
      expect(await workTree.uncommitted(yaml)).toEqual([
        'heliostat.yaml',
        'solutions/new.yaml',
        'solutions/old.yaml',
      ]);
      expect(await workTree.uncommitted({ ...yaml, folders: ['catalog', 'nowhere'] })).toEqual([]);
    });

    it('follows no link, opens no pipe, reads nothing too large, and says so', async () => {
      const folder = makeRepository();
      const outside = makeFolder();
      writeFiles(outside, { 'secret.yaml': 'secret' });
      commitFiles(folder, { 'solutions/a.yaml': 'a', 'catalog/b.yaml': 'b' }, 'first');
      rmSync(join(folder, 'catalog'), { recursive: true });
      writeFileSync(join(outside, 'b.yaml'), 'secret');
      symlinkSync(outside, join(folder, 'catalog'));
      symlinkSync(join(outside, 'secret.yaml'), join(folder, 'solutions/link.yaml'));
      execFileSync('mkfifo', [join(folder, 'solutions/pipe.yaml')]);
      writeFileSync(join(folder, 'solutions/large.yaml'), 'x'.repeat(1001));
      git(
        folder,
        'update-index',
        '--add',
        '--cacheinfo',
        `100644,${git(folder, 'rev-parse', 'HEAD:solutions/a.yaml')},solutions/pipe.yaml`,
      );
      const { files, refused } = await (await workTreeOf(folder)).read(yaml, 1000);
      expect(paths(files)).toEqual(['solutions/a.yaml']);
      expect(refused.filter(({ path }) => path !== 'catalog/b.yaml')).toEqual([
        { path: 'solutions/large.yaml', reason: 'tooLarge' },
        { path: 'solutions/link.yaml', reason: 'symlink' },
        { path: 'solutions/pipe.yaml', reason: 'notAFile' },
      ]);
    });

    it('counts a file that became a link as changed, and a committed link not', async () => {
      const folder = makeRepository();
      commitFiles(folder, { 'a.yaml': 'a', 'b.yaml': 'b' }, 'first');
      symlinkSync('a.yaml', join(folder, 'link.yaml'));
      git(folder, 'add', '-A');
      git(folder, 'commit', '-q', '-m', 'a link');
      const workTree = await workTreeOf(folder);
      expect(await workTree.uncommitted(yaml)).toEqual([]);
      rmSync(join(folder, 'b.yaml'));
      symlinkSync('a.yaml', join(folder, 'b.yaml'));
      expect(await workTree.uncommitted(yaml)).toEqual(['b.yaml']);
    });

    it('hashes files as Git would, for artifacts, with the executable bit', async () => {
      const folder = makeRepository();
      commitFiles(
        folder,
        {
          'services/api/run.sh': '#!/bin/sh\n',
          'services/api/data.bin': 'x'.repeat(600_000),
          'services/web/x': '',
        },
        'x',
      );
      git(folder, 'update-index', '--chmod=+x', 'services/api/run.sh');
      execFileSync('chmod', ['+x', join(folder, 'services/api/run.sh')]);
      const selection = { folders: ['services/api'], accepts: () => true };
      const { files } = await (await workTreeOf(folder)).hash(selection);
      expect(files).toEqual([
        {
          path: 'services/api/data.bin',
          oid: git(folder, 'hash-object', 'services/api/data.bin'),
          kind: 'blob',
        },
        {
          path: 'services/api/run.sh',
          oid: git(folder, 'hash-object', 'services/api/run.sh'),
          kind: 'executable',
        },
      ]);
      expect(await (await workTreeOf(folder)).staged(selection)).toEqual(files);
    });

    it('reads the index for a check before a commit', async () => {
      const folder = makeRepository();
      commitFiles(folder, { 'a.yaml': 'committed', 'b.yaml': 'b' }, 'first');
      writeFiles(folder, { 'a.yaml': 'staged', 'c.yaml': 'new' });
      git(folder, 'add', 'a.yaml', 'c.yaml');
      git(folder, 'rm', '-q', '--cached', 'b.yaml');
      writeFiles(folder, { 'a.yaml': 'not staged' });
      const staged = await (await workTreeOf(folder)).staged(yaml);
      expect(staged.map(({ path, oid }) => [path, git(folder, 'cat-file', 'blob', oid)])).toEqual([
        ['a.yaml', 'staged'],
        ['c.yaml', 'new'],
      ]);
    });

    it('works before the first commit, and with nothing there', async () => {
      const folder = makeRepository();
      const workTree = await workTreeOf(folder);
      expect(await workTree.uncommitted(yaml)).toEqual([]);
      expect(await workTree.staged(yaml)).toEqual([]);
      writeFiles(folder, { 'heliostat.yaml': 'x' });
      expect(await workTree.uncommitted(yaml)).toEqual(['heliostat.yaml']);
    });

    it('leaves the index exactly as it is', async () => {
      const folder = makeRepository();
      commitFiles(folder, { 'a.yaml': 'a' }, 'first');
      const index = () => statSync(join(folder, '.git/index'), { bigint: true });
      const before = index();
      writeFiles(folder, { 'a.yaml': 'b' });
      mkdirSync(join(folder, 'solutions'));
      const workTree = await workTreeOf(folder);
      await workTree.read(yaml, 1000);
      await workTree.uncommitted(yaml);
      await workTree.staged(yaml);
      expect([index().mtimeNs, index().ino]).toEqual([before.mtimeNs, before.ino]);
    });
  });
}
