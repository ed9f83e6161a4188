import { describe, expect, it } from 'vitest';
import type { AppendResult, Journal, Opened } from '../../../src/engine/journal/journal.js';
import { openJournal } from '../../../src/engine/journal/open.js';
import { memoryDisk, type MemoryDisk, type MemoryDiskOptions } from '../../support/memory-disk.js';

const meta = { epoch: 1, at: 5, wallMs: 1000 };

async function opened(disk: MemoryDisk): Promise<Opened & { ok: true }> {
  const result = await openJournal({ disk, folder: 'journal' });
  if (!result.ok) throw new Error(result.failure.message);
  return result;
}

async function fresh(options: MemoryDiskOptions = {}): Promise<{ disk: MemoryDisk; journal: Journal }> {
  const disk = memoryDisk(options);
  return { disk, journal: (await opened(disk)).journal };
}

function entry(stream: string, value: unknown = 1) {
  return { stream, entry: { kind: 'test', value } };
}

function accepted(result: AppendResult): AppendResult & { ok: true } {
  if (!result.ok) throw new Error(result.failure.kind);
  return result;
}

async function append(journal: Journal, stream: string, value: unknown = 1): Promise<void> {
  expect(await accepted(journal.append([entry(stream, value)], meta)).synced).toEqual({ ok: true });
}

describe('append', () => {
  it('numbers each stream by itself and hands the records back at once', async () => {
    const { disk, journal } = await fresh();
    const { records, synced } = accepted(journal.append([entry('a'), entry('b'), entry('a')], meta));
    expect(records.map(({ stream, sequence }) => `${stream} ${sequence}`)).toEqual(['a 1', 'b 1', 'a 2']);
    expect(journal.sequence('a')).toBe(2);
    expect(journal.sequence('c')).toBe(0);
    await synced;
    expect((await opened(disk)).records).toEqual(records);
  });

  it('writes an entry as it was, whatever becomes of the object before the disk gets it', async () => {
    const { disk, journal } = await fresh();
    const value = { kind: 'test', list: [1] };
    const { synced } = accepted(journal.append([{ stream: 'a', entry: value }], meta));
    value.list.push(2);
    await synced;
    expect((await opened(disk)).records[0]?.entry).toEqual({ kind: 'test', list: [1] });
  });

  it('refuses a controller whose epoch was overtaken, also after a restart', async () => {
    const { disk, journal } = await fresh();
    await accepted(journal.append([entry('a')], { ...meta, epoch: 3 })).synced;
    const refusal = { ok: false, failure: { kind: 'staleEpoch', current: 3 } };
    expect(journal.append([entry('a')], { ...meta, epoch: 2 })).toEqual(refusal);
    expect((await opened(disk)).journal.append([entry('a')], { ...meta, epoch: 2 })).toEqual(refusal);
  });

  it('refuses a writer who has not read the last record of a stream, and takes nothing of the batch', async () => {
    const { journal } = await fresh();
    await append(journal, 'a');
    const stale = journal.append([entry('b'), entry('a')], { ...meta, expected: new Map([['a', 0]]) });
    expect(stale).toEqual({ ok: false, failure: { kind: 'staleSequence', stream: 'a', current: 1 } });
    expect(journal.sequence('b')).toBe(0);
    expect(journal.append([entry('a')], { ...meta, expected: new Map([['a', 1]]) }).ok).toBe(true);
  });

  it('takes an empty batch as the question whether all before it is durable', async () => {
    const { disk, journal } = await fresh({ manual: false });
    accepted(journal.append([entry('a')], meta));
    const calls = disk.calls.length;
    await accepted(journal.append([], meta)).synced;
    expect(disk.calls.slice(calls)).toEqual(['append journal/journal.1', 'sync journal/journal.1']);
    await accepted(journal.append([], meta)).synced;
    expect(disk.calls.slice(calls)).toHaveLength(2);
  });
});

describe('group commit', () => {
  it('lets all that is appended while a sync is under way share the next write and sync', async () => {
    const { disk, journal } = await fresh();
    const calls = disk.calls.length;
    const first = accepted(journal.append([entry('a')], meta));
    await turn();
    const held = Array.from({ length: 50 }, () => accepted(journal.append([entry('a')], meta)).synced);
    await Promise.all([first.synced, ...held]);
    expect(disk.calls.slice(calls).filter((call) => call.startsWith('sync')).length).toBeLessThanOrEqual(2);
    expect((await opened(disk)).records).toHaveLength(51);
  });

  it('tells of a batch as synced only after its sync has answered', async () => {
    const disk = memoryDisk({ manual: true });
    const opening = openJournal({ disk, folder: 'journal' });
    while (disk.waiting > 0) await stepped(disk);
    const result = await opening;
    if (!result.ok) throw new Error('not opened');
    let synced = false;
    const appended = accepted(result.journal.append([entry('a')], meta));
    void appended.synced.then(() => (synced = true));
    await turn();
    await stepped(disk);
    expect([disk.calls.at(-1), synced]).toEqual(['sync journal/journal.1', false]);
    await stepped(disk);
    expect(synced).toBe(true);
  });
});

describe('a failure of the disk', () => {
  it.each(['append', 'sync'] as const)('in %s stops the journal until it was read again', async (broken) => {
    let fail = false;
    const { disk, journal } = await fresh({ fault: (verb) => (fail && verb === broken ? 'noSpace' : null) });
    await append(journal, 'a', 'kept');
    fail = true;
    const failure = { kind: 'disk', reason: 'noSpace', message: `${broken} journal/journal.1 failed` };
    const lost = accepted(journal.append([entry('a', 'doubtful')], meta));
    expect(await lost.synced).toEqual({ ok: false, failure });
    fail = false;
    expect(journal.append([entry('a')], meta)).toEqual({ ok: false, failure });
    expect(await journal.snapshot(() => new Uint8Array())).toEqual({ ok: false, failure });

    const again = await journal.recover();
    if (!again.ok) throw new Error(again.failure.message);
    const after = again.records.length;
    await append(again.journal, 'a', 'later');
    const found = (await opened(memoryDisk({ files: disk.crash() }))).records;
    expect(found.slice(0, after)).toEqual(again.records);
    expect(found.map(({ entry: one }) => (one as { value: string }).value)).toContain('kept');
    expect(found).toHaveLength(after + 1);
  });

  it('fails recovery while the disk does, and then succeeds', async () => {
    let fail = false;
    const { journal } = await fresh({ fault: (verb) => (fail && verb !== 'read' ? 'io' : null) });
    fail = true;
    await accepted(journal.append([entry('a')], meta)).synced;
    expect(await journal.recover()).toMatchObject({ ok: false, failure: { kind: 'disk', reason: 'io' } });
    fail = false;
    expect((await journal.recover()).ok).toBe(true);
  });

  it('while a snapshot is written leaves the journal as it was', async () => {
    let fail = false;
    const { disk, journal } = await fresh({
      fault: (verb, file) => (fail && verb === 'sync' && file.includes('snapshot') ? 'io' : null),
    });
    await append(journal, 'a');
    fail = true;
    expect((await journal.snapshot(() => new Uint8Array(10))).ok).toBe(false);
    await append(journal, 'a');
    const { records, snapshot } = await opened(disk);
    expect([records.length, snapshot]).toEqual([2, null]);
  });
});

describe('a snapshot', () => {
  it('replaces what came before it, and what is appended meanwhile follows it', async () => {
    const { disk, journal } = await fresh();
    await append(journal, 'a');
    const before = journal.sizeSinceSnapshot;
    const written = journal.snapshot(() => [new Uint8Array([1, 10, 2]), new Uint8Array([3])]);
    const meanwhile = accepted(journal.append([entry('a', 2), entry('b')], meta));
    expect(await written).toEqual({ ok: true });
    await meanwhile.synced;
    expect(journal.sizeSinceSnapshot).toBeLessThan(before + 200);
    const again = await opened(disk);
    expect(again.snapshot?.map((slice) => [...slice])).toEqual([[1, 10, 2], [3]]);
    expect(again.records).toEqual(meanwhile.records);
    expect(again.journal.sequence('a')).toBe(2);
    expect(await disk.list('journal')).toEqual(['journal.2', 'snapshot.2']);
  });

  it('keeps the former files until it was read back from the disk', async () => {
    const { disk, journal } = await fresh();
    await append(journal, 'a');
    await journal.snapshot(() => new Uint8Array(3));
    const order = disk.calls.filter((call) => /^(read|remove|sync)/.test(call)).slice(-3);
    expect(order).toEqual(['sync journal/snapshot.2', 'read journal/snapshot.2', 'remove journal/journal.1']);
  });

  it('is written slice by slice, so that a commit gets in between', async () => {
    const { disk, journal } = await fresh();
    const written = journal.snapshot(function* () {
      for (let index = 0; index < 50; index++) {
        if (index === 10) accepted(journal.append([entry('a')], meta));
        yield new Uint8Array([index]);
      }
    });
    await written;
    const first = disk.calls.indexOf('append journal/snapshot.2');
    const last = disk.calls.lastIndexOf('append journal/snapshot.2');
    expect(disk.calls.slice(first, last)).toContain('sync journal/journal.2');
  });

  it('is made once where two ask for it at the same time', async () => {
    const { journal } = await fresh();
    let made = 0;
    const encode = () => new Uint8Array([++made]);
    await Promise.all([journal.snapshot(encode), journal.snapshot(encode)]);
    expect(made).toBe(1);
    await journal.snapshot(encode);
    expect(made).toBe(2);
  });
});

describe('opening', () => {
  it('touches nothing of a journal that cannot be trusted', async () => {
    const { disk, journal } = await fresh();
    await append(journal, 'a');
    await append(journal, 'a');
    const files = new Map(disk.contents());
    const bytes = files.get('journal/journal.1')?.slice() as Uint8Array;
    bytes[60] = 33;
    const damaged = memoryDisk({ files: new Map([['journal/journal.1', bytes]]) });
    const result = await openJournal({ disk: damaged, folder: 'journal' });
    expect(result).toMatchObject({ ok: false, failure: { kind: 'corrupt', file: 'journal.1' } });
    expect(damaged.contents().get('journal/journal.1')).toEqual(bytes);
    expect(damaged.calls.every((call) => /^(list|read)/.test(call))).toBe(true);
  });

  it('after close finds all that was appended, and the closed journal takes no more', async () => {
    const { disk, journal } = await fresh();
    accepted(journal.append([entry('a')], meta));
    await journal.close();
    expect(journal.append([entry('a')], meta)).toEqual({ ok: false, failure: { kind: 'closed' } });
    expect((await opened(disk)).records).toHaveLength(1);
  });
});

async function stepped(disk: MemoryDisk): Promise<void> {
  disk.step();
  await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
