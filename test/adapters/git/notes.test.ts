import { describe, expect, it } from 'vitest';
import type { Revision } from '../../../src/core/base/names.js';
import { readNote } from '../../../src/adapters/git/index.js';
import { commitFiles, git, makeRepository } from '../../support/git.js';
import { opened } from './opened.js';

const at = 1_700_000_000_000;
const ref = 'refs/notes/heliostat';

describe('note', () => {
  it('is shown by git log, many in one commit, and replaced by the next', async () => {
    const folder = makeRepository();
    const first = commitFiles(folder, {}, 'first');
    const second = commitFiles(folder, {}, 'second');
    const { refs, source } = await opened(folder);
    const notes = new Map([
      [first, 'prod: applied'],
      [second, 'prod: pending'],
    ]);
    expect(await refs.note('heliostat', notes, at)).toEqual({ kind: 'swapped' });
    expect(await refs.note('heliostat', new Map([[second, 'prod: applied\nstaging: failed\n']]), at)).toEqual(
      {
        kind: 'swapped',
      },
    );
    expect(git(folder, 'log', '--notes=heliostat', '--format=%s|%N')).toBe(
      'second|prod: applied\nstaging: failed\n\nfirst|prod: applied\n',
    );
    expect(git(folder, 'rev-list', '--count', ref)).toBe('2');
    const tree = git(folder, 'rev-parse', `${ref}^{tree}`);
    expect(await readNote(source, tree, first, 1000)).toBe('prod: applied\n');
    expect(await readNote(source, tree, 'f'.repeat(40) as Revision, 1000)).toBeNull();
    git(folder, 'fsck', '--strict');
  });

  it('keeps what other domains say of the same commit', async () => {
    const folder = makeRepository();
    const commit = commitFiles(folder, {}, 'commit');
    const { refs } = await opened(folder);
    git(folder, 'notes', '--ref=heliostat', 'add', '-m', 'by a person', commit);
    for (const line of ['prod: progressing', 'staging: applied', 'prod: applied'])
      await refs.note('heliostat', new Map([[commit, line]]), at);
    expect(git(folder, 'notes', '--ref=heliostat', 'show', commit)).toBe(
      'by a person\nprod: applied\nstaging: applied',
    );
  });

  it('lives with the notes of people, in whatever fan-out git has put them', async () => {
    const folder = makeRepository();
    const commits: Revision[] = [];
    for (let i = 0; i < 12; i++) commits.push(commitFiles(folder, {}, `commit ${i}`));
    const { refs } = await opened(folder);
    git(folder, 'notes', '--ref=heliostat', 'add', '-m', 'by a person', commits[0]!);
    git(folder, 'notes', '--ref=heliostat', 'add', '-m', 'by a person', commits[1]!);
    await refs.note('heliostat', new Map([[commits[1]!, 'ours']]), at);
    await refs.note('heliostat', new Map(commits.slice(2).map((commit, i) => [commit, `ours ${i}`])), at);
    const shown = (commit: Revision) => git(folder, 'notes', '--ref=heliostat', 'show', commit);
    expect(shown(commits[0]!)).toBe('by a person');
    expect(shown(commits[1]!)).toBe('ours');
    expect(shown(commits[11]!)).toBe('ours 9');
    expect(git(folder, 'notes', '--ref=heliostat', 'list').split('\n')).toHaveLength(12);
    git(folder, 'notes', '--ref=heliostat', 'add', '-f', '-m', 'by a person again', commits[11]!);
    await refs.note('heliostat', new Map([[commits[11]!, 'ours again']]), at);
    expect(shown(commits[11]!)).toBe('ours again');
    git(folder, 'fsck', '--strict');
  });
});
