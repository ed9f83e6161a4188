import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Revision } from '../../../src/core/base/names.js';
import { filesBelow, readFilesBelow } from '../../../src/adapters/git/index.js';
import { CatFile } from '../../../src/adapters/git/cat-file.js';
import { commitFiles, feedGit, git, gitEnvironment, makeFolder, makeRepository } from '../../support/git.js';
import { spawn } from 'node:child_process';
import { opened } from './opened.js';

const limit = 1_000_000;
const text = (bytes: Uint8Array | null | undefined) => (bytes ? Buffer.from(bytes).toString() : bytes);

for (const tool of ['git', 'no git'] as const) {
  const options = tool === 'git' ? {} : { git: null };

  describe(`objects, read with ${tool}`, () => {
    it('shows a commit as Git shows it', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { a: '1' }, 'first');
      const second = commitFiles(folder, { a: '2' }, 'Sübject on\ntwo lines\n\nBody: ünï\n\nTrailer: x');
      const repository = await opened(folder, options);
      expect(await repository.source.commit(second)).toEqual({
        oid: second,
        tree: git(folder, 'rev-parse', 'HEAD^{tree}'),
        parents: [first],
        subject: 'Sübject on two lines',
        body: 'Body: ünï\n\nTrailer: x',
        author: 'Ada Example',
        authorEmail: 'ada@example.com',
        committedMs: Date.UTC(2024, 4, 3, 10),
      });
    });

    it('tells every kind of entry, follows none, and keeps Git’s order', async () => {
      const folder = makeRepository();
      const blob = feedGit(folder, 'x', 'hash-object', '-w', '--stdin');
      const empty = feedGit(folder, '', 'mktree');
      const foreign = 'ab'.repeat(20);
      const entries = [
        `100644 blob ${blob}\tb`,
        `120000 blob ${blob}\tlink`,
        `100755 blob ${blob}\trun`,
        `160000 commit ${foreign}\tmodule`,
        `040000 tree ${empty}\tä`,
      ];
      const tree = feedGit(folder, `${entries.join('\n')}\n`, 'mktree', '--missing');
      const repository = await opened(folder, options);
      expect(await repository.source.tree(tree)).toEqual([
        { name: 'b', oid: blob, kind: 'blob' },
        { name: 'link', oid: blob, kind: 'symlink' },
        { name: 'module', oid: foreign, kind: 'submodule' },
        { name: 'run', oid: blob, kind: 'executable' },
        { name: 'ä', oid: empty, kind: 'tree' },
      ]);
      expect(await repository.source.tree(empty)).toEqual([]);
    });

    it('reads loose and packed blobs in the order asked, and what is missing or of another kind as null', async () => {
      const folder = makeRepository();
      commitFiles(folder, { a: 'alpha', b: 'beta' }, 'first');
      git(folder, 'repack', '-q', '-a', '-d');
      commitFiles(folder, { c: '', d: 'delta' }, 'second');
      const oid = (path: string) => git(folder, 'rev-parse', `HEAD:${path}`);
      const asked = [
        oid('d'),
        'f'.repeat(40),
        oid('a'),
        oid('c'),
        git(folder, 'rev-parse', 'HEAD'),
        oid('b'),
        oid('d'),
      ];
      const { source } = await opened(folder, options);
      expect((await source.blobs(asked, limit)).map(text)).toEqual([
        'delta',
        null,
        'alpha',
        '',
        null,
        'beta',
        'delta',
      ]);
      expect(await source.sizes([oid('d'), 'f'.repeat(40), oid('a')])).toEqual([5, null, 5]);
    });

    it('never sends what is not an object id, so that nobody can ask for something else', async () => {
      const folder = makeRepository();
      commitFiles(folder, { a: 'alpha' }, 'first');
      const { source } = await opened(folder, options);
      const hostile = [
        'HEAD',
        '',
        '--help',
        'a'.repeat(40) + '\nHEAD',
        'HEAD:a',
        git(folder, 'rev-parse', 'HEAD:a'),
      ];
      expect((await source.blobs(hostile, limit)).map(text)).toEqual([null, null, null, null, null, 'alpha']);
      expect(await source.commit('HEAD' as Revision)).toBeNull();
      expect(await source.tree('HEAD^{tree}')).toBeNull();
    });

    it('leaves out what is too large, however large, and reads all else', async () => {
      const folder = makeRepository();
      const contents = [
        'small',
        'x'.repeat(20_000),
        'y'.repeat(40 * 1024 * 1024),
        'z',
        'w'.repeat(30 * 1024 * 1024),
        'end',
      ];
      const oids = contents.map((content) => feedGit(folder, content, 'hash-object', '-w', '--stdin'));
      const { source } = await opened(folder, options);
      expect((await source.blobs(oids, 1000)).map(text)).toEqual(['small', null, null, 'z', null, 'end']);
      expect((await source.blobs(oids.slice(3, 4), 1000)).map(text)).toEqual(['z']);
      expect(await source.sizes(oids)).toEqual(contents.map(({ length }) => length));
    });

    it('reads all files below a folder at once', async () => {
      const folder = makeRepository();
      const files: Record<string, string> = { 'other/x': 'no' };
      for (let i = 0; i < 300; i++) files[`prod/solutions/s${i % 7}/e${i}.yaml`] = `content ${i}`;
      commitFiles(folder, files, 'many');
      const { source } = await opened(folder, options);
      const tree = git(folder, 'rev-parse', 'HEAD^{tree}');
      const read = await readFilesBelow(source, tree, 'prod', limit);
      delete files['other/x'];
      expect(Object.fromEntries([...read].map(([path, bytes]) => [path, text(bytes)]))).toEqual(files);
      expect(await filesBelow(source, tree, 'nowhere')).toEqual([]);
      expect((await filesBelow(source, tree, 'other/x')).map(({ path }) => path)).toEqual(['other/x']);
    });

    it('knows that a shallow clone ends', async () => {
      const folder = makeRepository();
      const first = commitFiles(folder, { a: '1' }, 'first');
      const second = commitFiles(folder, { a: '2' }, 'second');
      const clone = join(makeFolder(), 'clone');
      git(folder, 'clone', '-q', '--depth=1', `file://${folder}`, clone);
      const { source, history } = await opened(clone, options);
      expect((await source.commit(second))?.parents).toEqual([first]);
      expect(await source.commit(first)).toBeNull();
      expect((await history.firstParents(second, null, 10)).map(({ oid }) => oid)).toEqual([second]);
    });
  });
}

describe('git cat-file', () => {
  it('answers many questions at the same time, each with its own objects', async () => {
    const folder = makeRepository();
    const contents = Array.from({ length: 9000 }, (_, i) => `blob ${i} ${'#'.repeat(i % 97)}`);
    const paths = contents.map((content, i) => `M 100644 inline f${i}\ndata ${content.length}\n${content}\n`);
    feedGit(
      folder,
      `commit refs/heads/main\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\n${paths.join('')}`,
      'fast-import',
      '--quiet',
    );
    const oids = new Map(
      git(folder, 'ls-tree', '-r', 'main')
        .split('\n')
        .map((line) => [line.slice(53), line.slice(12, 52)]),
    );
    const { source } = await opened(folder);
    const asked = contents.map((_, i) => oids.get(`f${i}`)!);
    const [all, one, half] = await Promise.all([
      source.blobs(asked, limit),
      source.blobs(asked.slice(5, 6), limit),
      source.blobs(asked.slice(4500), limit),
    ]);
    expect(all.map(text)).toEqual(contents);
    expect(one.map(text)).toEqual(contents.slice(5, 6));
    expect(half.map(text)).toEqual(contents.slice(4500));
  });

  it('goes on where it was when git is killed in the middle', async () => {
    const folder = makeRepository();
    const contents = Array.from({ length: 200 }, (_, i) => `blob ${i}`);
    const oids = contents.map((content) => feedGit(folder, content, 'hash-object', '-w', '--stdin'));
    const children: ReturnType<typeof spawn>[] = [];
    const reader = new CatFile(() => {
      const child = spawn('git', ['cat-file', '--batch'], {
        cwd: folder,
        env: gitEnvironment(),
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      children.push(child);
      // Only the first ones are killed: as soon as their answer begins to come in.
      if (children.length <= 3) child.stdout.once('data', () => child.kill('SIGKILL'));
      return child;
    }, true);
    for (let round = 0; round < 5; round++) {
      const { objects } = await reader.ask(oids, limit);
      expect(objects.map((object) => text(object?.bytes))).toEqual(contents);
    }
    expect(children.length).toBeGreaterThan(1);
    await reader.close();
  });

  it('takes an object at which git dies for a missing one, and reads the others', async () => {
    const folder = makeRepository();
    const oids = ['a', 'b', 'c'].map((content) => feedGit(folder, content, 'hash-object', '-w', '--stdin'));
    const bad = join(folder, '.git/objects', oids[1]!.slice(0, 2), oids[1]!.slice(2));
    const bytes = readFileSync(bad);
    bytes.fill(0x55, 2);
    rmSync(bad);
    writeFileSync(bad, bytes);
    const { source } = await opened(folder);
    expect((await source.blobs(oids, limit)).map(text)).toEqual(['a', null, 'c']);
  });

  it('fails with what to do next where git can only die', async () => {
    const folder = makeRepository();
    const oid = feedGit(folder, 'a', 'hash-object', '-w', '--stdin');
    const { source } = await opened(folder, { git: '/bin/false' });
    await expect(source.blobs([oid], limit)).rejects.toMatchObject({ code: 'git.failed' });
    const gone = await opened(folder, { git: '/nowhere/git' });
    await expect(gone.source.blobs([oid], limit)).rejects.toMatchObject({ code: 'git.failed' });
  });

  it('sees at once what is written while it runs, and what a gc moves', async () => {
    const folder = makeRepository();
    const { source } = await opened(folder);
    for (let i = 0; i < 5; i++) {
      const commit = commitFiles(folder, { a: `${i}` }, `commit ${i}`);
      expect((await source.commit(commit))?.subject).toBe(`commit ${i}`);
      if (i % 2 === 1) git(folder, 'gc', '-q');
      const blob = git(folder, 'rev-parse', 'HEAD:a');
      expect((await source.blobs([blob], limit)).map(text)).toEqual([`${i}`]);
    }
  });

  it('lets the process end by itself, though it was never closed', () => {
    const folder = makeRepository();
    const commit = commitFiles(folder, { a: '1' }, 'first');
    const adapter = join(import.meta.dirname, '../../../src/adapters/git/cat-file.ts');
    const bundle = join(makeFolder(), 'cat-file.mjs');
    const esbuild = join(import.meta.dirname, '../../../node_modules/.bin/esbuild');
    execFileSync(esbuild, [adapter, '--bundle', '--platform=node', '--format=esm', `--outfile=${bundle}`], {
      stdio: 'ignore',
    });
    const program = `
      import { spawn } from 'node:child_process';
      import { CatFile } from ${JSON.stringify(bundle)};
      const reader = new CatFile(() => spawn('git', ['cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'], detached: true }), true);
      console.log((await reader.ask(['${commit}'], 1e6)).objects[0].type);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      env: gitEnvironment(),
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(output).toBe('commit\n');
  });

  it('does not go to the network for what a partial clone lacks', async () => {
    const folder = makeRepository();
    git(folder, 'config', 'uploadpack.allowFilter', 'true');
    commitFiles(folder, { a: 'alpha' }, 'first');
    const blob = git(folder, 'rev-parse', 'HEAD:a');
    const clone = join(makeFolder(), 'clone.git');
    git(folder, 'clone', '-q', '--bare', '--filter=blob:none', `file://${folder}`, clone);
    const packs = () => readdirSync(join(clone, 'objects/pack')).length;
    const before = packs();
    const { source } = await opened(clone);
    expect(await source.blobs([blob], limit)).toEqual([null]);
    expect(packs()).toBe(before);
  });
});
