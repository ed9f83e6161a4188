import { parse } from 'yaml';
import { expect, it } from 'vitest';
import type { DomainName } from '../../../src/core/base/names.js';
import { journalOf, type CarriedPiece } from '../../../src/core/journal/carried.js';
import { encodeBatch } from '../../../src/core/journal/record.js';
import { recover } from '../../../src/core/journal/recovery.js';
import {
  intentsDocument,
  intentsPath,
  intentsPlace,
  intentsSubject,
  readIntents,
} from '../../../src/core/status/intents.js';
import { record } from '../journal/samples.js';

const prod = 'prod' as DomainName;
const meta = { epoch: 1, at: 10, wallMs: 1000 };
const nothing = { elements: [], solutions: [], revisions: [], rollouts: [], components: [], memory: false };

function piece(number: number, batches: readonly string[], more: Partial<CarriedPiece> = {}): CarriedPiece {
  return { epoch: 1, number, snapshot: null, told: null, batches, ...more };
}

function batch(stream: string, sequence: number, epoch = 1): string {
  return encodeBatch({ ...meta, epoch }, [record(stream, sequence, epoch)]);
}

it('is read back as it was written, whatever a person wrote into it', () => {
  const entry = { kind: 'hold.began', reason: 'a\u007fb\nc: |\n  d ünïcödé \u2028 "q"' };
  const text = encodeBatch(meta, [{ ...record('domain', 1), entry }]);
  const written = piece(3, [text, batch('domain', 2)], {
    told: { at: 10, wallMs: 1000, remaining: nothing },
  });
  const document = intentsDocument(written, ['create prod/shop/api/1.0.0~abc/0']);
  const reading = readIntents(document);
  expect(reading).toMatchObject({ kind: 'piece', piece: { number: 3, told: written.told } });
  const [first = ''] = reading.kind === 'piece' ? reading.piece.batches : [];
  expect((JSON.parse(first) as { records: unknown[][] }).records[0]?.[2]).toEqual(entry);
  expect(parse(document)).toMatchObject({
    schemaVersion: 1,
    epoch: 1,
    number: 3,
    begun: ['create prod/shop/api/1.0.0~abc/0'],
  });
});

it('is broken as soon as one character of its frames is another, or its end is missing', () => {
  const document = intentsDocument(piece(1, [batch('domain', 1)]), []);
  const from = document.indexOf('journal: |');
  for (let at = from; at < document.length; at++) {
    const other = document[at] === 'x' ? 'y' : 'x';
    const reading = readIntents(document.slice(0, at) + other + document.slice(at + 1));
    expect(reading.kind, `at ${at}: ${document.slice(at, at + 10)}`).toBe('broken');
  }
  for (const cut of [1, 5, 40]) expect(readIntents(document.slice(0, -cut)).kind).toBe('broken');
});

it('of a later version is left to that', () => {
  const document = intentsDocument(piece(1, []), []).replace('schemaVersion: 1', 'schemaVersion: 2');
  expect(readIntents(document)).toEqual({ kind: 'newer' });
});

it('makes one journal of its pieces, in order and without a gap', () => {
  const [one, two, three] = [1, 2, 3].map((n) => piece(n, [batch('domain', n)]));
  const whole = journalOf([one, two, three] as CarriedPiece[], 'tip');
  if (whole.kind !== 'journal') throw new Error(whole.kind);
  expect(recover(whole.files)).toMatchObject({ ok: true, position: { sequences: new Map([['domain', 3]]) } });
  expect(journalOf([one, three] as CarriedPiece[], 'tip').kind).toBe('broken');
  expect(journalOf([two, three] as CarriedPiece[], 'tip').kind).toBe('broken');
  const next = piece(1, [batch('domain', 4, 2)], { epoch: 2 });
  expect(journalOf([one, two, three, next] as CarriedPiece[], 'tip').kind).toBe('journal');
  const late = piece(2, [batch('domain', 4, 2)], { epoch: 2 });
  expect(journalOf([one, two, three, late] as CarriedPiece[], 'tip').kind).toBe('broken');
});

it('notes by itself what the last piece says was told, and of earlier ones nothing', () => {
  const told = { at: 12, wallMs: 1002, remaining: nothing };
  const last = journalOf([piece(1, [batch('domain', 1)], { told })], 'tip');
  const earlier = journalOf(
    [piece(1, [batch('domain', 1)], { told }), piece(2, [batch('domain', 2)])],
    'tip',
  );
  expect(last.kind === 'journal' ? last.noted : []).toHaveLength(1);
  expect(earlier.kind === 'journal' ? earlier.noted : null).toEqual([]);
});

it('begins with the last snapshot, whatever lies before it', () => {
  const snapshot = { epoch: 1, sequences: [['domain', 7]] as const, state: { schema: 1 } };
  const journal = journalOf(
    [piece(2, [batch('domain', 5)]), piece(9, [], { snapshot }), piece(10, [batch('domain', 8)])],
    'tip',
  );
  if (journal.kind !== 'journal') throw new Error(journal.kind);
  const recovered = recover(journal.files);
  expect(recovered).toMatchObject({ ok: true, position: { sequences: new Map([['domain', 8]]) } });
  expect(recovered.ok && recovered.records).toHaveLength(1);
});

it('has a place that sorts as it was carried, and a subject for people', () => {
  expect(intentsPath(prod, { epoch: 12, number: 3 })).toBe('prod/intents/12/3.yaml');
  expect(intentsPlace('12/3.yaml')).toEqual({ epoch: 12, number: 3 });
  for (const path of ['0/1.yaml', '1/01.yaml', 'a/1.yaml', '1/1.yml', '1/2/3.yaml'])
    expect(intentsPlace(path)).toBeNull();
  expect(intentsSubject(prod, ['start b', 'create a'])).toBe('prod: about to create a and 1 more');
  expect(intentsSubject(prod, [])).toBe('prod: the journal');
});
