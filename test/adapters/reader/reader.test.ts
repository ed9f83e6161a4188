import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createReader,
  type CountingReader,
  type ReaderOptions,
} from '../../../src/adapters/reader/reader.js';
import { cancelSource } from '../../../src/ports/clock.js';
import type { ReadRequest } from '../../../src/ports/reader.js';
import { bundlePrograms, type Programs } from './programs.js';

let programs: Programs;
const readers: CountingReader[] = [];
const never = cancelSource().cancel;

beforeAll(async () => {
  programs = await bundlePrograms();
});
afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
});
afterAll(() => programs.remove());

function reader(options: Partial<ReaderOptions> = {}): CountingReader {
  const made = createReader({ program: programs.reader, cacheFolder: null, ...options });
  readers.push(made);
  return made;
}

function request(text: string): ReadRequest {
  const bytes = Buffer.from(text);
  return { oid: createHash('sha1').update(bytes).digest('hex'), file: 'some.yaml', bytes };
}

function newFolder(): string {
  return mkdtempSync(join(programs.folder, 'cache-'));
}

describe('the reader', () => {
  it('answers in the order asked, so that a caller may match files to documents by index', async () => {
    const texts = Array.from({ length: 50 }, (_, i) => request(`number: ${i}\nlist: [a, b]\n`));
    const documents = await reader().read(texts, never);
    expect(documents.map((document) => document.data)).toEqual(
      texts.map((_, i) => ({ number: i, list: ['a', 'b'] })),
    );
  });

  it('starts no process before the first text, and none at all for what a cache knows', async () => {
    const cacheFolder = newFolder();
    const texts = Array.from({ length: 200 }, (_, i) => request(`number: ${i}\n`));
    const first = reader({ cacheFolder });
    expect(first.counters().started).toBe(0);
    await first.read(texts, never);
    expect(first.counters()).toEqual({ parsed: 200, cached: 0, started: 1 });
    await first.close();

    const second = reader({ cacheFolder });
    const documents = await second.read(texts, never);
    expect(second.counters()).toEqual({ parsed: 0, cached: 200, started: 0 });
    expect(documents[7]?.data).toEqual({ number: 7 });
  });

  it('reads a blob once, however often and however concurrently it is asked for', async () => {
    const one = reader();
    const text = request('a: 1\n');
    await Promise.all([one.read([text, text], never), one.read([text], never)]);
    await one.read([text], never);
    expect(one.counters().parsed).toBe(1);
  });

  it('reads a text without a blob id anew each time, since the work tree changes under the same name', async () => {
    const one = reader({ cacheFolder: newFolder() });
    const read = async (text: string) => {
      const [document] = await one.read([{ oid: null, file: 'a.yaml', bytes: Buffer.from(text) }], never);
      return document?.data;
    };
    expect(await read('a: 1')).toEqual({ a: 1 });
    expect(await read('a: 2')).toEqual({ a: 2 });
    expect(one.counters()).toMatchObject({ parsed: 2, cached: 0, started: 1 });
  });

  it('answers an empty request without a process', async () => {
    const one = reader();
    expect(await one.read([], never)).toEqual([]);
    expect(one.counters().started).toBe(0);
  });

  it('reports mistakes of the text as data, and keeps them in the cache too', async () => {
    const cacheFolder = newFolder();
    const text = request('a: 1\na: 2\n');
    const first = reader({ cacheFolder });
    await first.read([text], never);
    await first.close();
    const again = reader({ cacheFolder });
    const [document] = await again.read([text], never);
    expect(document?.problems.map(({ code, line }) => [code, line])).toEqual([['yaml.duplicateKey', 2]]);
    expect(again.counters().cached).toBe(1);
  });
});

describe('a text that breaks the child', () => {
  const around = (text: string) => [
    request('a: 1'),
    request('b: 2'),
    request(text),
    request('c: 3'),
    request('d: 4'),
  ];
  const codes = async (one: CountingReader, text: string) => {
    const documents = await one.read(around(text), never);
    return documents.map((document) => document.problems[0]?.code ?? document.data);
  };

  it('is the only one blamed when it kills the process: the rest of its batch is read', async () => {
    const one = reader({ program: programs.fragile });
    expect(await codes(one, 'DIE')).toEqual([{ a: 1 }, { b: 2 }, 'yaml.fatal', { c: 3 }, { d: 4 }]);
  });

  it('is the only one blamed when it never ends', async () => {
    const one = reader({ program: programs.fragile, deadlineMs: 1000 });
    expect(await codes(one, 'HANG')).toEqual([{ a: 1 }, { b: 2 }, 'yaml.fatal', { c: 3 }, { d: 4 }]);
  });

  it('is the only one blamed when it eats the memory that the child may have', async () => {
    const one = reader({ program: programs.fragile, memoryMb: 32, deadlineMs: 10_000 });
    expect(await codes(one, 'EAT')).toEqual([{ a: 1 }, { b: 2 }, 'yaml.fatal', { c: 3 }, { d: 4 }]);
  });

  it('says what happened and how to go on', async () => {
    const [document] = await reader({ program: programs.fragile }).read([request('DIE')], never);
    expect(document?.problems[0]).toMatchObject({
      severity: 'error',
      message: 'the file broke the process that read it',
    });
    expect(document?.problems[0]?.fix).not.toBe('');
  });

  it('is not condemned on disk: a machine under load may have been the reason', async () => {
    const cacheFolder = newFolder();
    const one = reader({ program: programs.fragile, cacheFolder });
    await one.read([request('DIE'), request('a: 1')], never);
    await one.close();
    const lines = readdirSync(cacheFolder).flatMap((name) =>
      readFileSync(join(cacheFolder, name), 'utf8').split('\n'),
    );
    expect(lines.filter((line) => line !== '')).toHaveLength(1);
  });

  it('does not kill again in the same process: the verdict is kept in memory', async () => {
    const one = reader({ program: programs.fragile });
    await one.read([request('DIE')], never);
    const { started } = one.counters();
    await one.read([request('DIE')], never);
    expect(one.counters().started).toBe(started);
  });
});

describe('the child', () => {
  it('gets nothing of our environment, so that hostile text finds no credential', async () => {
    const [document] = await reader({ program: programs.fragile }).read([request('ENVIRONMENT')], never);
    expect(document?.data).toEqual([]);
  });

  it('that cannot be started is a fault of the world, not of the text', async () => {
    const broken = join(newFolder(), 'broken.mjs');
    writeFileSync(broken, 'throw new Error("no such luck")');
    await expect(reader({ program: broken }).read([request('a: 1')], never)).rejects.toThrow(
      /could not be started.*no such luck/s,
    );
  });

  it('is stopped by a cancellation, and a new one serves the next request', async () => {
    const one = reader({ program: programs.fragile, deadlineMs: 60_000 });
    await one.read([request('a: 1')], never);
    const source = cancelSource();
    const reading = one.read([request('HANG')], source.cancel);
    source.abort();
    await expect(reading).rejects.toThrow(/cancelled/);
    expect((await one.read([request('b: 2')], never))[0]?.data).toEqual({ b: 2 });
  });
});

describe('the cache on disk', () => {
  const texts = Array.from({ length: 20 }, (_, i) => request(`number: ${i}\n`));

  async function filled(
    options: Partial<ReaderOptions> = {},
  ): Promise<{ cacheFolder: string; file: string }> {
    const cacheFolder = newFolder();
    const one = reader({ cacheFolder, ...options });
    await one.read(texts, never);
    await one.close();
    const name = readdirSync(cacheFolder).find((each) => each.endsWith('.current')) ?? '';
    return { cacheFolder, file: join(cacheFolder, name) };
  }

  async function parsedAgain(cacheFolder: string, options: Partial<ReaderOptions> = {}): Promise<number> {
    const one = reader({ cacheFolder, ...options });
    const documents = await one.read(texts, never);
    expect(documents.map(({ data }) => data)).toEqual(texts.map((_, i) => ({ number: i })));
    return one.counters().parsed;
  }

  it('ignores an entry with a flipped bit, and reads that text anew', async () => {
    const { cacheFolder, file } = await filled();
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"number":7') + '"number":'.length;
    bytes[at] = '8'.charCodeAt(0);
    writeFileSync(file, bytes);
    expect(await parsedAgain(cacheFolder)).toBe(1);
  });

  it('ignores a torn last entry, and still appends after it', async () => {
    const { cacheFolder, file } = await filled();
    writeFileSync(file, readFileSync(file).subarray(0, -10));
    expect(await parsedAgain(cacheFolder)).toBe(1);
    expect(await parsedAgain(cacheFolder)).toBe(0);
  });

  it('ignores a file of something else', async () => {
    const { cacheFolder, file } = await filled();
    writeFileSync(file, 'not ours\n\0\n');
    expect(await parsedAgain(cacheFolder)).toBe(20);
    expect(await parsedAgain(cacheFolder)).toBe(0);
  });

  it('takes no answer of another program, and deletes them', async () => {
    const { cacheFolder } = await filled();
    expect(await parsedAgain(cacheFolder, { program: programs.fragile })).toBe(20);
    expect(readdirSync(cacheFolder).filter((name) => name.endsWith('.current'))).toHaveLength(1);
  });

  it('stays within its bound, and keeps what was asked for last', async () => {
    const cacheBytes = 4000;
    const { cacheFolder } = await filled({ cacheBytes });
    const one = reader({ cacheFolder, cacheBytes });
    const last = request('number: 19\n');
    for (let i = 100; i < 160; i++) {
      await one.read([request(`number: ${i}\n`), last], never);
    }
    await one.close();
    const sizes = readdirSync(cacheFolder).map((name) => readFileSync(join(cacheFolder, name)).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(cacheBytes);
    const again = reader({ cacheFolder, cacheBytes });
    await again.read([request('number: 159\n')], never);
    expect(again.counters().parsed).toBe(0);
  });

  it('is not needed: where the folder cannot be written, everything is still read', async () => {
    const file = join(newFolder(), 'a-file');
    writeFileSync(file, '');
    expect(await parsedAgain(join(file, 'cache'))).toBe(20);
  });
});
