import { describe, expect, it } from 'vitest';
import type { Outline } from '../../../src/adapters/git/index.js';
import type { Revision } from '../../../src/core/base/names.js';
import { commitFiles, git, makeRepository } from '../../support/git.js';
import { opened } from './opened.js';

for (const tool of ['git', 'no git'] as const) {
  const options = tool === 'git' ? {} : { git: null };

  describe(`history with ${tool}`, () => {
    it('follows first parents only, up to a commit or a number', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { a: '1' }, 'first');
      git(folder, 'checkout', '-q', '-b', 'side');
      const side = commitFiles(folder, { b: '1' }, 'side');
      git(folder, 'checkout', '-q', 'main');
      const second = commitFiles(folder, { a: '2' }, 'second');
      git(folder, 'merge', '-q', '--no-edit', 'side');
      const merge = (await (await opened(folder, options)).resolve('HEAD'))!;
      const { history } = await opened(folder, options);
      const subjects = async (...range: Parameters<typeof history.firstParents>) =>
        (await history.firstParents(...range)).map(({ oid }) => oid);
      expect(await subjects(merge, null, 10)).toEqual([merge, second, first]);
      expect(await subjects(merge, first, 10)).toEqual([merge, second]);
      expect(await subjects(merge, null, 1)).toEqual([merge]);
      expect(await subjects(merge, merge, 10)).toEqual([]);
      const said = ({ oid, parents, subject, body, committedMs }: Outline): Outline => ({
        oid,
        parents,
        subject,
        body,
        committedMs,
      });
      const whole = await history.firstParents(merge, null, 10);
      expect((await history.outline(merge, 10)).map(said)).toEqual(whole.map(said));
      expect((await history.outline(merge, 2)).map(({ oid }) => oid)).toEqual([merge, second]);
      expect(await history.isAncestor(side, merge)).toBe(true);
      expect(await history.isAncestor(merge, merge)).toBe(true);
      expect(await history.isAncestor(second, side)).toBe(false);
      expect(await history.mergeBase(second, side)).toBe(first);
      expect((await history.logPath(merge, 'a', 10)).map(({ oid }) => oid)).toEqual([second, first]);
      expect((await history.logPath(merge, 'b', 10)).map(({ oid }) => oid)).toEqual([merge]);
      expect((await history.logPath(merge, 'a', 1)).map(({ oid }) => oid)).toEqual([second]);
      expect(await history.logPath(merge, ':(top)*', 10)).toEqual([]);
    });

    it('outlines what commits say, whatever they say', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { a: '1' }, 'commit abc\n\ncommit def\n\nKey: value ×2\nOther: x');
      git(folder, 'commit', '-q', '--allow-empty', '--allow-empty-message', '-m', '');
      const second = (await (await opened(folder, options)).resolve('HEAD'))!;
      const { history } = await opened(folder, options);
      expect(
        (await history.outline(second, 10)).map(({ oid, subject, body }) => [oid, subject, body]),
      ).toEqual([
        [second, '', ''],
        [first, 'commit abc', 'commit def\n\nKey: value ×2\nOther: x'],
      ]);
      expect(await history.outline('0'.repeat(40) as Revision, 10)).toEqual([]);
    });

    it('finds no common ancestor of unrelated branches', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { a: '1' }, 'first');
      git(folder, 'checkout', '-q', '--orphan', 'other');
      const other = commitFiles(folder, { a: '2' }, 'other');
      const { history } = await opened(folder, options);
      expect(await history.mergeBase(first, other)).toBeNull();
    });

    it('understands what people write for a commit', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { a: '1' }, 'first');
      const second = commitFiles(folder, { a: '2' }, 'second');
      const third = commitFiles(folder, { a: '3' }, 'third');
      git(folder, 'tag', 'light', first);
      git(folder, 'tag', '-a', '-m', 'x', 'heavy', second);
      git(folder, 'branch', '--', 'feature/x', second);
      git(folder, 'update-ref', 'refs/heads/--upload-pack=x', first);
      git(folder, 'gc', '-q');
      const { resolve } = await opened(folder, options);
      const cases: Record<string, string | null> = {
        HEAD: third,
        '@': third,
        main: third,
        'refs/heads/main': third,
        'HEAD~2': first,
        'HEAD^': second,
        'HEAD^^': first,
        'main~1^': first,
        'HEAD^0': third,
        light: first,
        heavy: second,
        'heavy~1': first,
        'feature/x': second,
        'heads/feature/x': second,
        '--upload-pack=x': first,
        [second]: second,
        [second.slice(0, 10)]: second,
        'HEAD~9': null,
        'HEAD^2': null,
        nobody: null,
        '': null,
        '--all': null,
        '$(id)': null,
        'a\nHEAD': null,
        [`${second}x`]: null,
        'HEAD:a': null,
      };
      for (const [expression, expected] of Object.entries(cases)) {
        expect(await resolve(expression), expression).toBe(expected);
      }
    });
  });
}
