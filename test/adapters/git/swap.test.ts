import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/adapters/git/index.js';
import { thisOwner } from '../../../src/adapters/git/lock-owner.js';
import type { SwapResult } from '../../../src/ports/repository.js';
import { commitFiles, git, gitMeanwhile, makeRepository } from '../../support/git.js';
import { opened } from './opened.js';

const status = 'refs/heads/heliostat/status';

function write(repository: Repository, parent: string | null, name: string): Promise<string> {
  const changes = [{ path: `${name}.yaml`, content: `${name}\n` }];
  return repository.refs.commit({ parent, changes, message: name, wallMs: 1_700_000_000_000 });
}

/** As the engine does: on top of what is there, again when another was faster or holds the lock. */
async function append(repository: Repository, name: string): Promise<void> {
  for (;;) {
    const parent = await repository.refs.read(status);
    const commit = await write(repository, parent, name);
    const result = await swapWhenFree(repository, parent, commit);
    if (result.kind === 'swapped') return;
    if (result.kind === 'unavailable') throw new Error(result.message);
  }
}

async function swapWhenFree(repository: Repository, from: string | null, to: string): Promise<SwapResult> {
  for (;;) {
    const result = await repository.refs.compareAndSwap(status, from, to);
    if (result.kind !== 'unavailable' || !result.message.includes('.lock is held')) return result;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const kindOf = (result: SwapResult) => (result.kind === 'unavailable' ? result.message : result.kind);

for (const tool of ['git', 'no git'] as const) {
  const options = tool === 'git' ? {} : { git: null };

  describe(`compareAndSwap with ${tool}`, () => {
    it('makes, moves and refuses, as git update-ref with an old value', async () => {
      const folder = makeRepository();
      const repository = await opened(folder, options);
      const { refs } = repository;
      const first = await write(repository, null, 'first');
      const second = await write(repository, first, 'second');
      expect(await refs.compareAndSwap(status, first, second)).toEqual({ kind: 'lost', current: null });
      expect(await refs.compareAndSwap(status, null, first)).toEqual({ kind: 'swapped' });
      expect(await refs.compareAndSwap(status, null, second)).toEqual({ kind: 'lost', current: first });
      git(folder, 'pack-refs', '--all');
      expect(await refs.compareAndSwap(status, null, second)).toEqual({ kind: 'lost', current: first });
      expect(await refs.compareAndSwap(status, first, second)).toEqual({ kind: 'swapped' });
      expect(git(folder, 'rev-parse', status)).toBe(second);
      expect(await refs.read(status)).toBe(second);
      git(folder, 'fsck', '--strict');
    });

    it('sees a reference that git deleted or packed in the meantime', async () => {
      const folder = makeRepository();
      const repository = await opened(folder, options);
      const first = await write(repository, null, 'first');
      await repository.refs.compareAndSwap(status, null, first);
      git(folder, 'pack-refs', '--all', '--prune');
      expect(await repository.refs.read(status)).toBe(first);
      git(folder, 'update-ref', '-d', status);
      expect(await repository.refs.read(status)).toBeNull();
      expect(await repository.refs.compareAndSwap(status, null, first)).toEqual({ kind: 'swapped' });
    });
  });
}

describe('compareAndSwap', () => {
  it('says how to get a branch out of the way that blocks the folder of the status branch', async () => {
    const folder = makeRepository();
    commitFiles(folder, {}, 'first');
    git(folder, 'branch', 'heliostat');
    const repository = await opened(folder);
    const commit = await write(repository, null, 'x');
    for (const pack of [false, true]) {
      if (pack) git(folder, 'pack-refs', '--all', '--prune');
      const answer = kindOf(await repository.refs.compareAndSwap(status, null, commit));
      expect(answer).toContain('the branch heliostat is in the way of heliostat/status');
      expect(answer).toContain("git branch -m 'heliostat' <another name>");
    }
    git(folder, 'branch', '-m', 'heliostat', 'other');
    expect(await repository.refs.compareAndSwap(status, null, commit)).toEqual({ kind: 'swapped' });
  });

  it('refuses a branch where there are branches below it, but not where there are only empty folders', async () => {
    const folder = makeRepository();
    const commit = commitFiles(folder, {}, 'first');
    git(folder, 'branch', 'a/b/c');
    const { refs } = await opened(folder);
    expect(kindOf(await refs.compareAndSwap('refs/heads/a', null, commit))).toContain(
      'a/b/c is in the way of a',
    );
    git(folder, 'pack-refs', '--all', '--prune');
    expect(kindOf(await refs.compareAndSwap('refs/heads/a', null, commit))).toContain(
      'a/b/c is in the way of a',
    );
    git(folder, 'branch', '-D', 'a/b/c');
    mkdirSync(join(folder, '.git/refs/heads/a/b/empty'), { recursive: true });
    expect(await refs.compareAndSwap('refs/heads/a', null, commit)).toEqual({ kind: 'swapped' });
  });

  it('leaves a foreign lock alone and tells its age', async () => {
    const folder = makeRepository();
    const commit = commitFiles(folder, {}, 'first');
    const next = commitFiles(folder, {}, 'second');
    const lock = join(folder, '.git/refs/heads/main.lock');
    writeFileSync(lock, '');
    const before = new Date(Date.now() - 7_200_000);
    utimesSync(lock, before, before);
    const repository = await opened(folder);
    const answer = kindOf(await repository.refs.compareAndSwap('refs/heads/main', next, commit));
    expect(answer).toContain(lock);
    expect(answer).toMatch(/held for 7[12]\d\d s/);
    expect(existsSync(lock)).toBe(true);
  });

  it('removes the lock of one of ours that was killed, and of nobody who may still be at work', async () => {
    const folder = makeRepository();
    const commit = commitFiles(folder, {}, 'first');
    const next = commitFiles(folder, {}, 'second');
    const { refs } = await opened(folder);
    const lock = join(folder, '.git/refs/heads/main.lock');
    const held = async (owner: string): Promise<string> => {
      const mark = join(folder, `.git/objects/tmp_obj_ref_${owner}-0123456789ab`);
      writeFileSync(mark, `${next}\n`);
      linkSync(mark, lock);
      const answer = kindOf(await refs.compareAndSwap('refs/heads/main', next, commit));
      for (const left of [lock, mark]) if (existsSync(left)) rmSync(left);
      return answer;
    };
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const [host, boot, , start] = thisOwner().split('-');

    expect(await held(thisOwner()), 'it lives').toContain('is held');
    expect(await held(`0badc0de-${boot}-${ended}-${start}`), 'of another machine').toContain('is held');
    expect(await held('what-ever')).toContain('is held');
    expect(await held(`${host}-${boot}-${ended}-${start}`)).toBe('swapped');
    expect(await refs.compareAndSwap('refs/heads/main', commit, next)).toEqual({ kind: 'swapped' });
    expect(await held(`${host}-${boot}-${process.pid}-1`), 'its number was given again').toBe('swapped');
    expect(readdirSync(join(folder, '.git/objects')).filter((name) => name.startsWith('tmp_'))).toEqual([]);
  });

  it('takes names as data: what Git would not allow is refused, what looks like an option is a name', async () => {
    const folder = makeRepository();
    const commit = commitFiles(folder, {}, 'first');
    const { refs } = await opened(folder);
    const hostile = [
      'refs/heads/../../config',
      'refs/heads/a..b',
      '/etc/passwd',
      'refs/heads/.x',
      'refs/heads/x.lock',
      'refs/heads/a b',
      'refs/heads/',
      'HEAD',
      'config',
      '--upload-pack=x',
      'refs/heads/a\nb',
      'refs/heads/a@{1}',
    ];
    for (const ref of hostile) {
      expect(kindOf(await refs.compareAndSwap(ref, null, commit)), ref).toContain(
        'not a name that Git allows',
      );
    }
    for (const ref of hostile.filter((name) => name !== 'HEAD')) expect(await refs.read(ref), ref).toBeNull();
    for (const ref of ['refs/heads/--upload-pack=x', 'refs/heads/$(id)', 'refs/heads/`id`']) {
      expect(await refs.compareAndSwap(ref, null, commit), ref).toEqual({ kind: 'swapped' });
      expect(await refs.read(ref)).toBe(commit);
    }
    expect((await refs.list('refs/heads/')).map(({ ref }) => ref)).toEqual(
      git(folder, 'for-each-ref', '--format=%(refname)', 'refs/heads').split('\n').sort(),
    );
  });

  it('does not point a branch at nothing', async () => {
    const { refs } = await opened(makeRepository());
    expect(kindOf(await refs.compareAndSwap(status, null, 'a'.repeat(40)))).toContain('there is no commit');
  });

  it('keeps the reflog where there is one, and that of HEAD where HEAD stands on the branch', async () => {
    const folder = makeRepository();
    const first = commitFiles(folder, {}, 'first');
    const repository = await opened(folder);
    const second = await write(repository, first, 'second');
    await repository.refs.compareAndSwap('refs/heads/main', first, second);
    expect(git(folder, 'rev-parse', 'main@{0}', 'main@{1}', 'HEAD@{0}', 'HEAD@{1}')).toBe(
      [second, first, second, first].join('\n'),
    );
    await repository.refs.compareAndSwap(status, null, second);
    expect(existsSync(join(folder, '.git/logs', status))).toBe(false);
  });

  it(
    'loses nothing of 8 writers, while a person packs references and collects garbage',
    { timeout: 60_000 },
    async (context) => {
      const folder = makeRepository();
      commitFiles(folder, { 'a.yaml': 'a' }, 'model');
      const writers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => opened(folder, i % 4 === 3 ? { git: null } : {})),
      );
      let writing = true;
      const person = (async () => {
        for (let i = 0; writing; i++) {
          await gitMeanwhile(folder, 'pack-refs', '--all', '--prune').catch(() => undefined);
          if (i % 20 === 10) await gitMeanwhile(folder, 'gc', '-q', '--no-prune').catch(() => undefined);
        }
      })();
      try {
        await Promise.all(
          writers.map(async (repository, writer) => {
            for (let i = 0; i < 25; i++) await append(repository, `w${writer}-${i}`);
          }),
        );
      } finally {
        writing = false;
        await person;
      }
      context.expect(git(folder, 'rev-list', '--count', '--first-parent', status)).toBe('200');
      context.expect(git(folder, 'rev-list', '--count', '--merges', status)).toBe('0');
      context.expect(git(folder, 'ls-tree', '--name-only', status).split('\n')).toHaveLength(200);
      context.expect(new Set(git(folder, 'log', '--format=%s', status).split('\n')).size).toBe(200);
      git(folder, 'fsck', '--strict');
      context
        .expect(readdirSync(join(folder, '.git/objects')).filter((name) => name.startsWith('tmp_')))
        .toEqual([]);
    },
  );

  it('and git itself respect each other', async () => {
    const folder = makeRepository();
    const repository = await opened(folder);
    const byGit = async (name: string): Promise<void> => {
      for (;;) {
        const parent = git(folder, 'for-each-ref', '--format=%(objectname)', status);
        const commit = await write(repository, parent === '' ? null : parent, name);
        const done = await gitMeanwhile(
          folder,
          'update-ref',
          status,
          commit,
          parent === '' ? '0'.repeat(40) : parent,
        ).then(
          () => true,
          () => false,
        );
        if (done) return;
      }
    };
    const theirs = async () => {
      for (let i = 0; i < 20; i++) await byGit(`theirs-${i}`);
    };
    const ours = async () => {
      for (let i = 0; i < 20; i++) await append(repository, `ours-${i}`);
    };
    await Promise.all([theirs(), ours()]);
    expect(new Set(git(folder, 'log', '--first-parent', '--format=%s', status).split('\n')).size).toBe(40);
    expect(readFileSync(join(folder, '.git', status), 'utf8').trim()).toBe(git(folder, 'rev-parse', status));
  });
});
