import { describe, expect, it } from 'vitest';
import { encodeFrame, journalHeader } from '../../../src/core/journal/framing.js';
import { encodeBatch, type JournalRecord } from '../../../src/core/journal/record.js';
import { recover, type Recovered } from '../../../src/core/journal/recovery.js';
import { beginSnapshot, encodeSlice, endSnapshot } from '../../../src/core/journal/snapshot.js';
import { bytesOf, concat, newerHeader, record } from './samples.js';

function journal(...records: JournalRecord[]): Uint8Array {
  const frames = records.map((one) =>
    encodeFrame([encodeBatch({ epoch: one.epoch, at: 10, wallMs: 1000 }, [one])]),
  );
  return concat(journalHeader(), ...frames);
}

function snapshot(segment: number, ...sequences: [string, number][]): Uint8Array {
  const slices = ['one', 'two'].map((slice) => encodeSlice(bytesOf(slice)));
  return concat(beginSnapshot({ segment, epoch: 1, sequences }), ...slices, endSnapshot(2));
}

function recovered(files: Record<string, Uint8Array>): Recovered & { ok: true } {
  const result = recover(new Map(Object.entries(files)));
  if (!result.ok) throw new Error(result.problem.message);
  return result;
}

function problem(files: Record<string, Uint8Array>) {
  const result = recover(new Map(Object.entries(files)));
  return result.ok ? null : result.problem;
}

describe('recovery', () => {
  it('begins a journal where there is none', () => {
    expect(recovered({})).toMatchObject({
      snapshot: null,
      records: [],
      actions: [{ kind: 'begin', file: 'journal.1' }],
      position: { segment: 1, length: journalHeader().length },
    });
  });

  it('writes what it read anew before anybody acts on it, because memory may hold what the disk never will', () => {
    const bytes = journal(record('a', 1), record('b', 1), record('a', 2));
    const { actions, position } = recovered({ 'journal.1': bytes });
    expect(actions).toEqual([{ kind: 'rewrite', file: 'journal.1', length: bytes.length }]);
    expect([...position.sequences]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('leaves a torn tail out', () => {
    const bytes = journal(record('a', 1));
    const { actions, records } = recovered({ 'journal.1': concat(bytes, bytesOf('17 12ab')) });
    expect(records).toEqual([record('a', 1)]);
    expect(actions).toEqual([{ kind: 'rewrite', file: 'journal.1', length: bytes.length }]);
  });

  it('reads the newest whole snapshot and only what came after it, and removes the rest', () => {
    const {
      records,
      snapshot: slices,
      actions,
      position,
    } = recovered({
      'snapshot.2': snapshot(2, ['a', 1]),
      'journal.2': journal(record('a', 2)),
      'snapshot.3': snapshot(3, ['a', 2]),
      'journal.3': journal(record('a', 3)),
      'journal.1': journal(record('a', 1)),
      'journal.10': journal(),
      'journal.4': journal(),
      ...Object.fromEntries([5, 6, 7, 8, 9].map((n) => [`journal.${n}`, journal()])),
      'journal.x': bytesOf('not ours'),
    });
    expect(slices?.map((slice) => Buffer.from(slice).toString())).toEqual(['one', 'two']);
    expect(records).toEqual([record('a', 3)]);
    expect(position.segment).toBe(10);
    expect(actions.filter(({ kind }) => kind === 'remove').map(({ file }) => file)).toEqual([
      'journal.1',
      'journal.2',
      'snapshot.2',
    ]);
    // The crash may have come before the sync of the snapshot, and what it replaces is about to go.
    expect(actions.map(({ kind, file }) => `${kind} ${file}`)).toContain('rewrite snapshot.3');
  });

  it.each([2, 40, 100])('passes over a snapshot that a crash cut short (%i bytes)', (length) => {
    const {
      records,
      snapshot: slices,
      actions,
    } = recovered({
      'journal.1': journal(record('a', 1)),
      'journal.2': journal(record('a', 2)),
      'snapshot.2': snapshot(2, ['a', 1]).subarray(0, length),
    });
    expect(slices).toBeNull();
    expect(records).toHaveLength(2);
    expect(actions).toContainEqual({ kind: 'remove', file: 'snapshot.2' });
  });

  it('stops where the only snapshot is damaged, naming it and what to do', () => {
    const damaged = snapshot(2, ['a', 1]);
    damaged[60] = 1;
    const found = problem({ 'snapshot.2': damaged, 'journal.2': journal(record('a', 2)) });
    expect(found).toMatchObject({ kind: 'corrupt', file: 'journal.1' });
    expect(found?.message).toContain('snapshot.2 is damaged');
    expect(found?.fix).toContain('Move the state folder away');
  });

  it('stops at damage in the middle, with the offset', () => {
    const bytes = journal(record('a', 1), record('a', 2));
    bytes[journalHeader().length + 30] = 0;
    expect(problem({ 'journal.1': bytes })).toMatchObject({ kind: 'corrupt', at: journalHeader().length });
  });

  it.each([
    ['a file is missing', { 'journal.1': journal(), 'journal.3': journal() }, 'journal.2 is missing'],
    ['the file after a snapshot is missing', { 'snapshot.2': snapshot(2) }, 'journal.2 is missing'],
    [
      'a former file is torn',
      { 'journal.1': concat(journal(), bytesOf('1')), 'journal.2': journal() },
      'journal.1',
    ],
    [
      'a whole record is missing',
      { 'journal.1': journal(record('a', 1), record('a', 3)) },
      'record 2 of stream a',
    ],
    [
      'a record is there twice',
      { 'journal.1': journal(record('a', 1), record('a', 1)) },
      'record 2 of stream a',
    ],
    [
      'the epoch goes back',
      { 'journal.1': journal(record('a', 1, 2), record('a', 2, 1)) },
      'epoch 1 follows',
    ],
  ])('stops where %s', (_, files, message) => {
    expect(problem(files)?.message).toContain(message);
  });

  it('leaves a journal of a newer version untouched', () => {
    expect(problem({ 'journal.1': journal(record('a', 1)), 'journal.2': newerHeader() })).toMatchObject({
      kind: 'newer',
      file: 'journal.2',
    });
    const later = concat(journal(), encodeFrame(['{"schema":9}']));
    expect(problem({ 'journal.1': later })).toMatchObject({ kind: 'newer', file: 'journal.1' });
  });
});
