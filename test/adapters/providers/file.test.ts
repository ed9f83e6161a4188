import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextFor, taskFor, trialWith } from '../../../src/adapters/providers/contract/subject.js';
import { createFileProvider } from '../../../src/adapters/providers/file/provider.js';
import type { Json } from '../../../src/core/base/data.js';
import { digestOf } from '../../../src/core/base/digest.js';
import type { InstanceTask } from '../../../src/ports/provider.js';
import { describeContract } from './conformance.js';

let root: string;
let home: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'heliostat-file-'));
  home = join(root, 'home.git');
  mkdirSync(home);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function open() {
  return createFileProvider({ instancesDir: join(root, 'instances'), home });
}

function trial(configuration: Json, change: Partial<InstanceTask> = {}, blobs = {}) {
  const task = { ...taskFor({ domain: 'd1', home, configuration }), ...change };
  return trialWith({ open }, task, contextFor(blobs));
}

function folderOf(one: ReturnType<typeof trial>): string {
  return open().address?.(one.task.id) ?? '';
}

async function rendered(configuration: Json, change: Partial<InstanceTask> = {}, blobs = {}) {
  const one = trial(configuration, change, blobs);
  await one.must('create', 'configure', 'start');
  return one;
}

describeContract('file', {
  open,
  get home() {
    return home;
  },
  configuration: { files: { 'app.conf': 'level=1\n' } },
  vanish: async (task) => rmSync(open().address?.(task.id) ?? '', { recursive: true }),
});

describe('rendered files', () => {
  it('that a kill left half written are told from what was asked for, and mended', async () => {
    const one = await rendered({ files: { 'a.conf': 'a\n', 'b.conf': 'b\n' } });
    const folder = folderOf(one);
    const markerFile = join(folder, '.heliostat-owner');
    const marker = JSON.parse(readFileSync(markerFile, 'utf8')) as object;
    // The marker names the files before they are written, and their digest after it.
    writeFileSync(markerFile, JSON.stringify({ ...marker, digest: null }));
    const unfinished = await one.observe();
    expect(unfinished.digest, 'null would pass for a folder of which nothing can be told').not.toBeNull();
    expect(unfinished.digest).not.toBe(one.task.digest);
    expect(unfinished.detail).toContain('not written to its end');
    writeFileSync(join(folder, 'b.conf'), 'edited\n');
    expect((await one.observe()).digest).not.toBe(one.task.digest);

    await one.must('reconfigure');
    expect((await one.observe()).digest).toBe(one.task.digest);
    expect(readFileSync(join(folder, 'b.conf'), 'utf8')).toBe('b\n');
  });

  it('lie in a folder of the instance, which is its address', async () => {
    const one = await rendered({ files: { 'conf/app.conf': 'a', 'run.sh': { content: 'b', mode: '0755' } } });

    expect(readFileSync(join(folderOf(one), 'conf/app.conf'), 'utf8')).toBe('a');
    expect(statSync(join(folderOf(one), 'run.sh')).mode & 0o777).toBe(0o755);
    expect((await one.observe()).resource).toBe(folderOf(one));
  });

  it('lie beside the artifacts of the release, and win over them', async () => {
    const artifacts = [
      { path: 'site/a.html', oid: 'o1', executable: false },
      { path: 'site/b.html', oid: 'o1', executable: true },
    ];
    const one = await rendered(
      { files: { 'site/a.html': 'mine' } },
      { artifacts },
      { o1: Buffer.from('artifact') },
    );

    expect(readFileSync(join(folderOf(one), 'site/a.html'), 'utf8')).toBe('mine');
    expect(readFileSync(join(folderOf(one), 'site/b.html'), 'utf8')).toBe('artifact');
    expect(statSync(join(folderOf(one), 'site/b.html')).mode & 0o777).toBe(0o755);
  });

  it.each<[string, (folder: string) => void]>([
    ['edited', (folder) => writeFileSync(join(folder, 'a'), 'twe')],
    ['edited and given its old time', edit],
    ['removed', (folder) => rmSync(join(folder, 'a'))],
    [
      'replaced by a link',
      (folder) => (rmSync(join(folder, 'a')), symlinkSync('/etc/passwd', join(folder, 'a'))),
    ],
  ])('that a hand has %s are drift, and are put right by reconfigure', async (_, change) => {
    const one = await rendered({ files: { a: 'one' } });
    change(folderOf(one));
    const seen = await one.observe();

    expect(seen).toMatchObject({ presence: 'present', state: 'active' });
    expect(seen.digest).not.toBe(one.task.digest);
    expect(seen.detail).toMatch(/^a (was changed|is missing|is no longer a file)$/);
    await one.must('reconfigure');
    expect((await one.observe()).digest).toBe(one.task.digest);
    expect(readFileSync(join(folderOf(one), 'a'), 'utf8')).toBe('one');
  });

  function edit(folder: string): void {
    const { atime, mtime } = statSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a'), 'owt');
    utimesSync(join(folder, 'a'), atime, mtime);
  }

  it('that the model no longer names are removed, and what others laid there stays', async () => {
    const path = join(root, 'conf.d');
    const one = await rendered({ path, files: { 'sub/a': 'one', b: 'two' } });
    writeFileSync(join(path, 'foreign'), 'x');
    const configuration = { path, files: { b: 'three' } };
    const outcome = await one.apply('reconfigure', { configuration, digest: digestOf(configuration) });

    expect(outcome.kind).toBe('done');
    expect(existsSync(join(path, 'sub'))).toBe(false);
    expect(readFileSync(join(path, 'b'), 'utf8')).toBe('three');
    expect(existsSync(join(path, 'foreign'))).toBe(true);
  });

  it('are all that destroy removes from a folder that others use as well', async () => {
    const path = join(root, 'conf.d');
    const one = await rendered({ path, files: { a: 'one' } });
    writeFileSync(join(path, 'foreign'), 'x');
    await one.must('stop', 'destroy');

    expect((await one.observe()).presence).toBe('absent');
    expect(existsSync(join(path, 'a'))).toBe(false);
    expect(readFileSync(join(path, 'foreign'), 'utf8')).toBe('x');
  });

  it('do not move into a folder that somebody else has filled, nor into that of another instance', async () => {
    const path = join(root, 'conf.d');
    mkdirSync(path);
    writeFileSync(join(path, 'foreign'), 'x');
    expect(await trial({ path }).apply('create')).toMatchObject({
      kind: 'failed',
      retryable: false,
      code: 'file.foreign',
    });
    rmSync(join(path, 'foreign'));
    await trial({ path }).must('create');
    const other = trial({ path }, taskFor({ domain: 'd1', ordinal: 1, home, configuration: { path } }));

    expect(await other.apply('create')).toMatchObject({
      kind: 'failed',
      retryable: false,
      code: 'file.foreign',
    });
    expect(await other.apply('destroy')).toMatchObject({ kind: 'failed', code: 'file.foreign' });
  });

  it('never leave their folder, by name or through a link', async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    const one = await rendered({ files: { 'sub/a': 'one' } });
    rmSync(join(folderOf(one), 'sub'), { recursive: true });
    symlinkSync(outside, join(folderOf(one), 'sub'));

    expect(await one.apply('configure')).toMatchObject({ kind: 'failed', code: 'file.escapes' });
    for (const name of ['../x', '/x', 'a/../../x', '.heliostat-owner']) {
      const outcome = await one.apply('configure', { configuration: { files: { [name]: 'x' } } });
      expect(outcome).toMatchObject({ kind: 'failed', retryable: false });
    }
    await one.must('destroy');
    expect(existsSync(outside)).toBe(true);
  });

  it('are known to be ours even if a crash comes between two of them', async () => {
    const path = join(root, 'conf.d');
    const one = await rendered({ path, files: { a: 'one' } });
    // The second file cannot be written: a folder is in its way.
    mkdirSync(join(path, 'b'));
    const files = { c: 'new', b: 'x' };
    expect((await one.apply('configure', { configuration: { path, files } })).kind).toBe('failed');
    expect([null, one.task.digest]).not.toContain((await one.observe()).digest);
    rmSync(join(path, 'b'), { recursive: true });
    await one.must('destroy');

    expect(existsSync(path)).toBe(false);
  });

  it('tell nothing of their contents, which may be secret', async () => {
    const configuration = { files: { a: { content: 'hunter2-and-more', mode: 'rw' } } };
    const outcome = await trial(configuration).apply('create');

    expect(outcome).toMatchObject({ kind: 'failed', code: 'file.mode' });
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });
});

describe('a folder for data', () => {
  it('keeps what a store wrote through repair, and goes with it when it is destroyed', async () => {
    const path = join(root, 'data');
    const one = await rendered({ path, folder: true });
    writeFileSync(join(path, 'table'), 'rows');
    await one.must('reset');
    expect((await one.observe()).presence).toBe('absent');
    await one.must('create', 'configure', 'start');
    expect(readFileSync(join(path, 'table'), 'utf8')).toBe('rows');
    await one.must('stop', 'destroy');

    expect(existsSync(path)).toBe(false);
  });

  it('is found again though the store removed our mark', async () => {
    const one = await rendered({ folder: true });
    rmSync(join(folderOf(one), '.heliostat-owner'));
    writeFileSync(join(folderOf(one), 'table'), 'rows');

    expect(await one.observe()).toMatchObject({ presence: 'present', state: 'inactive', digest: null });
    await one.must('create', 'configure', 'start');
    expect((await one.observe()).state).toBe('active');
    expect(existsSync(join(folderOf(one), 'table'))).toBe(true);
  });

  it('is destroyed without following its links', async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'x');
    const one = await rendered({ folder: true });
    symlinkSync(outside, join(folderOf(one), 'link'));
    await one.must('destroy');

    expect(existsSync(join(outside, 'precious'))).toBe(true);
  });

  it('is held if it carries the home of another living controller', async () => {
    const other = join(root, 'other.git');
    mkdirSync(other);
    const path = join(root, 'data');
    await trialWith(
      { open: () => createFileProvider({ instancesDir: join(root, 'i2'), home: other }) },
      { ...trial({ path, folder: true }).task, home: other },
    ).must('create');
    const one = trial({ path, folder: true });

    expect((await one.observe()).foreignHome).toBe(other);
    expect(await one.apply('destroy')).toMatchObject({
      kind: 'failed',
      retryable: false,
      code: 'file.foreign',
    });
    expect(existsSync(path)).toBe(true);
  });

  it('may not be a place that a file holds, nor the root of everything', async () => {
    writeFileSync(join(root, 'plain'), '');
    expect(await trial({ path: join(root, 'plain') }).apply('create')).toMatchObject({
      code: 'file.inTheWay',
    });
    for (const path of ['relative/path', '/', '/a/..']) {
      expect(await trial({ path }).apply('create')).toMatchObject({ kind: 'failed', code: 'file.path' });
    }
  });
});
