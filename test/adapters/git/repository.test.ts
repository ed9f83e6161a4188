import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/adapters/git/index.js';
import { openRepository } from '../../../src/adapters/git/index.js';
import { commitFiles, feedGit, git, makeFolder, makeRepository } from '../../support/git.js';
import { opened } from './opened.js';

async function refusedWith(path: string, options: { git?: null } = {}): Promise<string> {
  const answer = await openRepository(path, options);
  if ('ok' in answer) await answer.ok.close();
  return 'failure' in answer ? `${answer.failure.code}: ${answer.failure.message}` : 'opened';
}

function branchOf(repository: Repository) {
  return repository.refs.head();
}

describe('openRepository', () => {
  it('finds the repository from any folder below, so that the command line works everywhere', async () => {
    const folder = makeRepository();
    mkdirSync(join(folder, 'envs/prod'), { recursive: true });
    const repository = await opened(join(folder, 'envs/prod'));
    expect(repository.commonDir).toBe(join(folder, '.git'));
    expect(repository.workTree?.root).toBe(folder);
  });

  it('names the home by its real path, so that a link to it is the same home', async () => {
    const folder = makeRepository();
    const link = join(makeFolder(), 'link');
    symlinkSync(folder, link);
    expect((await opened(link)).commonDir).toBe(join(folder, '.git'));
  });

  it('opens a bare repository, and the folder .git itself', async () => {
    const bare = makeRepository('--bare');
    expect(await opened(bare)).toMatchObject({ commonDir: bare, workTree: null });
    const folder = makeRepository();
    expect((await opened(join(folder, '.git'))).workTree?.root).toBe(folder);
  });

  it('gives a linked work tree its own HEAD and the shared branches', async () => {
    const folder = makeRepository();
    const first = commitFiles(folder, { 'a.yaml': 'a' }, 'first');
    const linked = join(makeFolder(), 'linked');
    git(folder, 'worktree', 'add', '-q', '-b', 'side', linked);
    const second = commitFiles(linked, { 'a.yaml': 'b' }, 'second');
    const repository = await opened(linked);
    expect(repository.commonDir).toBe(join(folder, '.git'));
    expect(repository.gitDir).not.toBe(repository.commonDir);
    expect(await branchOf(repository)).toEqual({ branch: 'refs/heads/side', oid: second });
    expect(await repository.refs.read('refs/heads/main')).toBe(first);
    expect(await repository.resolve('HEAD~1')).toBe(first);
  });

  it('tells an unborn branch and a detached HEAD from a branch', async () => {
    const folder = makeRepository();
    const repository = await opened(folder);
    expect(await branchOf(repository)).toEqual({ branch: 'refs/heads/main', oid: null });
    const commit = commitFiles(folder, {}, 'first');
    git(folder, 'checkout', '-q', '--detach');
    expect(await branchOf(repository)).toEqual({ branch: null, oid: commit });
  });

  it('says how to make a repository where there is none', async () => {
    const answer = await openRepository(makeFolder());
    expect(answer).toMatchObject({ failure: { code: 'git.notFound' } });
    expect('failure' in answer && answer.failure.fix).toContain('git init');
  });

  it('refuses formats that it would misread', async () => {
    expect(await refusedWith(makeRepository('--object-format=sha256'))).toContain('git.unsupported');
    const folder = makeRepository();
    git(folder, 'config', 'core.repositoryFormatVersion', '1');
    git(folder, 'config', 'extensions.refStorage', 'reftable');
    expect(await refusedWith(folder)).toContain('reftable');
  });

  it('reads borrowed objects with git, and refuses them without', async () => {
    const folder = makeRepository();
    const commit = commitFiles(folder, { 'a.yaml': 'a' }, 'first');
    const clone = join(makeFolder(), 'clone');
    git(folder, 'clone', '-q', '--shared', folder, clone);
    const repository = await opened(clone);
    expect((await repository.source.commit(commit))?.subject).toBe('first');
    expect(await refusedWith(clone, { git: null })).toContain('alternates');
  });

  it('says so where a linked work tree has lost its repository', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, '.git'), 'gitdir: ../nowhere\n');
    expect(await refusedWith(folder)).toContain('git.broken');
  });

  it('does not run what the configuration of the repository or an attribute would have it run', async () => {
    const folder = makeRepository();
    const trace = join(folder, 'ran');
    for (const key of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.smudge', 'core.sshCommand']) {
      git(folder, 'config', key, `touch ${trace}; cat`);
    }
    writeFileSync(join(folder, '.gitattributes'), '* filter=evil\n');
    const commit = feedGit(
      folder,
      '',
      'commit-tree',
      '-m',
      'x',
      feedGit(
        folder,
        `100644 blob ${feedGit(folder, 'x', 'hash-object', '-w', '--stdin')}\ta.yaml\n`,
        'mktree',
      ),
    );
    git(folder, 'update-ref', 'refs/heads/main', commit);
    writeFileSync(join(folder, 'a.yaml'), 'y');
    const repository = await opened(folder);
    const selection = { folders: [''], accepts: (path: string) => path.endsWith('.yaml') };
    expect(await repository.workTree?.uncommitted(selection)).toEqual(['a.yaml']);
    expect((await repository.workTree?.read(selection, 1000))?.files.map(({ path }) => path)).toEqual([
      'a.yaml',
    ]);
    expect(
      (await repository.workTree?.hash({ ...selection, accepts: () => true }))?.files.map(({ path }) => path),
    ).toEqual(['.gitattributes', 'a.yaml']);
  });
});
