import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskError } from '../../../src/adapters/disk/errors.js';
import { fileDisk, type FileDisk } from '../../../src/adapters/disk/file-disk.js';
import { openJournal } from '../../../src/engine/journal/open.js';
import { DiskError } from '../../../src/ports/disk.js';

let root: string;
let disk: FileDisk;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'heliostat-disk-')));
  disk = fileDisk(root);
});

afterEach(async () => {
  await disk.close();
  rmSync(root, { recursive: true, force: true });
});

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const content = (file: string) => readFileSync(join(root, file), 'utf8');

describe('a disk of files', () => {
  it('keeps the order of appends that nobody waited for', async () => {
    const words = Array.from({ length: 200 }, (_, index) => `${index} `);
    await Promise.all(words.map((word) => disk.append('journal/journal.1', bytes(word))));
    await disk.sync('journal/journal.1');
    expect(content('journal/journal.1')).toBe(words.join(''));
  });

  it('reads what was appended before the call, and null where there is no file', async () => {
    void disk.append('a', bytes('one'));
    expect(Buffer.from((await disk.read('a')) ?? []).toString()).toBe('one');
    expect(await disk.read('b')).toBeNull();
    expect(await disk.read('none/b')).toBeNull();
  });

  it('goes on appending to the new file after it was replaced', async () => {
    await disk.append('f/a', bytes('old'));
    await disk.replace('f/a', bytes('new'));
    await disk.append('f/a', bytes(' more'));
    expect(content('f/a')).toBe('new more');
  });

  it('appends at the end after a cut', async () => {
    await disk.append('a', bytes('0123456789'));
    await disk.truncate('a', 4);
    await disk.append('a', bytes('x'));
    expect(content('a')).toBe('0123x');
  });

  it('lists files in order of code units, without folders and without what a crash left half-written', async () => {
    for (const name of ['b', 'B', 'a10', 'a2']) await disk.append(`f/${name}`, bytes('x'));
    mkdirSync(join(root, 'f/folder'));
    writeFileSync(join(root, 'f/a2.tmp'), 'half');
    expect(await disk.list('f')).toEqual(['B', 'a10', 'a2', 'b']);
    expect(await disk.list('none')).toEqual([]);
  });

  it('removes a file that it holds open, and one that is not there', async () => {
    await disk.append('a', bytes('x'));
    await disk.remove('a');
    await disk.remove('a');
    expect(await disk.read('a')).toBeNull();
    await disk.append('a', bytes('y'));
    expect(content('a')).toBe('y');
  });

  it('lets nobody else read, because names and reasons may be private', async () => {
    await disk.append('f/a', bytes('x'));
    await disk.replace('f/b', bytes('x'));
    expect([statSync(join(root, 'f')).mode & 0o777, statSync(join(root, 'f/a')).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
    expect(statSync(join(root, 'f/b')).mode & 0o777).toBe(0o600);
  });

  it.each(['../a', '/etc/x', 'a/b/c', '', 'a//b', '.hidden', 'a.tmp', 'a\0b'])(
    'takes %j for a bug',
    async (name) => {
      await expect(disk.append(name, bytes('x'))).rejects.toThrow('no name for a file');
    },
  );

  it.skipIf(process.platform !== 'linux')('says that there is no space', async () => {
    const full = fileDisk('/dev');
    await expect(full.append('full', bytes('x'))).rejects.toMatchObject({
      name: 'DiskError',
      reason: 'noSpace',
    });
    await full.close();
  });

  it('says so where the file system does not do it, and goes on with other files', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(disk.append('file/a', bytes('x'))).rejects.toMatchObject({
      name: 'DiskError',
      reason: 'io',
    });
    await expect(disk.replace('file/a', bytes('x'))).rejects.toBeInstanceOf(DiskError);
    await disk.append('other', bytes('x'));
    expect(content('other')).toBe('x');
  });

  it('leaves the old content, and nothing beside it, where a replacement fails', async () => {
    mkdirSync(join(root, 'f/a/deep'), { recursive: true });
    await expect(disk.replace('f/a', bytes('x'))).rejects.toBeInstanceOf(DiskError);
    expect(await disk.list('f')).toEqual([]);
  });
});

it.each([
  ['ENOSPC', 'noSpace'],
  ['EDQUOT', 'noSpace'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['EROFS', 'denied'],
  ['EIO', 'io'],
])('takes %s for %s', (code, reason) => {
  expect(diskError(Object.assign(new Error(), { code }), 'sync', 'a')).toMatchObject({
    reason,
    message: `sync a: ${code}`,
  });
});

it('carries a journal through snapshots and restarts', async () => {
  const place = { disk, folder: 'journal' };
  const meta = { epoch: 1, at: 1, wallMs: 1 };
  let count = 0;
  for (let round = 0; round < 4; round++) {
    const opened = await openJournal(place);
    if (!opened.ok) throw new Error(opened.failure.message);
    const { journal } = opened;
    expect(journal.sequence('a')).toBe(count);
    for (let i = 0; i < 10; i++)
      expect(journal.append([{ stream: 'a', entry: count++ }], meta).ok).toBe(true);
    if (round % 2 === 1) expect(await journal.snapshot(() => bytes(String(count)))).toEqual({ ok: true });
    await journal.close();
  }
  expect(await disk.list('journal')).toEqual(['journal.3', 'snapshot.3']);
});
