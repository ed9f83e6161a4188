import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { advance } from '../../../src/adapters/git/advance.js';
import { findLayout } from '../../../src/adapters/git/layout.js';
import { RefStore } from '../../../src/adapters/git/ref-store.js';
import { swapRef, type Swap } from '../../../src/adapters/git/ref-swap.js';
import { Sharing } from '../../../src/adapters/git/sharing.js';
import { findGit, gitTool, type GitTool } from '../../../src/adapters/git/tool.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import { commitFiles, git, makeRepository } from '../../support/git.js';
import { opened } from './opened.js';

const main = 'refs/heads/main';

/** A repository whose branch is checked out, and a commit of ours on top of it that changes one file and adds one. */
async function before(options: { readonly git?: null } = {}) {
  const folder = makeRepository();
  const tip = commitFiles(folder, { 'solutions/shop.yaml': 'version: 2\n', 'notes.txt': 'mine\n' }, 'Raise');
  const { refs } = await opened(folder, options);
  const changes = [
    { path: 'solutions/shop.yaml', content: 'version: 1\n' },
    { path: 'solutions/new.yaml', content: 'new\n' },
  ];
  const to = await refs.commit({ parent: tip, changes, message: 'Revert', wallMs: 1_700_000_000_000 });
  const shop = (): string => readFileSync(join(folder, 'solutions/shop.yaml'), 'utf8');
  return { folder, refs, tip, to, shop };
}

describe('a branch that is checked out', () => {
  it('moves on with its work tree and index, where nothing was changed in them', async () => {
    const { folder, refs, tip, to, shop } = await before();
    expect(await refs.advance(main, tip, to)).toEqual({ kind: 'swapped' });
    expect(git(folder, 'rev-parse', 'main').trim()).toBe(to);
    expect(shop()).toBe('version: 1\n');
    expect(existsSync(join(folder, 'solutions/new.yaml'))).toBe(true);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it.each([
    ['a changed file', (folder: string) => writeFileSync(join(folder, 'notes.txt'), 'yours\n')],
    [
      'a staged file',
      (folder: string) => {
        writeFileSync(join(folder, 'more.txt'), 'more\n');
        git(folder, 'add', 'more.txt');
      },
    ],
    [
      'a file in the way',
      (folder: string) => writeFileSync(join(folder, 'solutions/new.yaml'), 'precious\n'),
    ],
  ])('stays with everything in it where there is %s', async (_name, change) => {
    const { folder, refs, tip, to, shop } = await before();
    change(folder);
    const status = git(folder, 'status', '--porcelain');
    const result = await refs.advance(main, tip, to);
    expect(result.kind).toBe('occupied');
    expect(git(folder, 'rev-parse', 'main').trim()).toBe(tip);
    expect(git(folder, 'status', '--porcelain')).toBe(status);
    expect(shop()).toBe('version: 2\n');
  });

  it('moves on beside files that nobody tracks', async () => {
    const { folder, refs, tip, to } = await before();
    writeFileSync(join(folder, 'scratch.txt'), 'scratch\n');
    expect(await refs.advance(main, tip, to)).toEqual({ kind: 'swapped' });
    expect(readFileSync(join(folder, 'scratch.txt'), 'utf8')).toBe('scratch\n');
  });

  it('is lost, with its work tree as it was, where somebody committed meanwhile', async () => {
    const { folder, refs, tip, to, shop } = await before();
    const other = commitFiles(folder, { 'other.txt': 'other\n' }, 'Other');
    expect((await refs.advance(main, tip, to)).kind).not.toBe('swapped');
    expect(git(folder, 'rev-parse', 'main').trim()).toBe(other);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(shop()).toBe('version: 2\n');
  });

  it('lets nobody commit in the very moment in which its files have moved and it has not', async () => {
    const { folder, tip, to, shop } = await before();
    const layout = await findLayout(folder);
    const executable = findGit();
    if ('code' in layout || executable === null) throw new Error('there is a repository, and git');
    const real = gitTool(executable, layout);
    const commit = (): string => git(folder, 'commit', '-q', '--allow-empty', '-m', 'Other');
    let tries = 0;
    const tool: GitTool = {
      ...real,
      async run(command, options) {
        const answer = await real.run(command, options);
        if (command[0] !== 'read-tree') return answer;
        tries++;
        expect(commit, 'it would take the files back').toThrow('main.lock');
        return answer;
      },
    };
    const redact = redactorOf([]);
    const store = new RefStore(layout);
    const exists = (): Promise<boolean> => Promise.resolve(true);
    const tools = { layout, store, sharing: new Sharing(layout), redact, exists };
    const swap = (ref: string, what: Swap): ReturnType<typeof swapRef> => swapRef(tools, ref, what);
    expect(await advance({ layout, tool, redact, swap }, main, { from: tip, to })).toEqual({
      kind: 'swapped',
    });
    expect(tries).toBe(1);
    expect(shop()).toBe('version: 1\n');
    commit();
    expect(git(folder, 'rev-parse', 'main^').trim(), 'the next try is made on top of it').toBe(to);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('is moved by the next try where the first one died after the files and before the branch', async () => {
    const { folder, refs, tip, to } = await before();
    git(folder, 'read-tree', '-u', '-m', to);
    expect(await refs.advance(main, tip, to)).toEqual({ kind: 'swapped' });
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('stays where it is checked out in another work tree, or where there is no git to move it', async () => {
    const { folder, refs, tip, to } = await before();
    const linked = `${folder}-linked`;
    mkdirSync(linked);
    git(folder, 'checkout', '-q', '-b', 'feature');
    git(folder, 'worktree', 'add', '-q', linked, 'main');
    expect(await refs.advance(main, tip, to)).toMatchObject({ kind: 'occupied' });
    expect(git(linked, 'status', '--porcelain')).toBe('');

    const without = await before({ git: null });
    expect(await without.refs.advance(main, without.tip, without.to)).toMatchObject({ kind: 'occupied' });
  });
});

it('a branch that nobody has checked out just moves', async () => {
  const { folder, refs, tip, to } = await before();
  git(folder, 'checkout', '-q', '-b', 'feature');
  expect(await refs.advance(main, tip, to)).toEqual({ kind: 'swapped' });
  expect(git(folder, 'rev-parse', 'main').trim()).toBe(to);
  expect(git(folder, 'status', '--porcelain')).toBe('');
});
