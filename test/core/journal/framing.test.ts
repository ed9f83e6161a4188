import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, crcHex } from '../../../src/core/journal/checksum.js';
import { decodeFrames, encodeFrame, journalHeader } from '../../../src/core/journal/framing.js';
import { encodeBatch } from '../../../src/core/journal/record.js';
import { bytesOf, concat, newerHeader, record, text } from './samples.js';

const first = encodeFrame([encodeBatch(meta(1), [record('shop', 1), record('bank', 1)])]);
const second = encodeFrame([
  encodeBatch(meta(1), [record('shop', 2)]),
  encodeBatch(meta(2), [record('shop', 3, 2)]),
]);
const file = concat(journalHeader(), first, second);
const secondAt = journalHeader().length + first.length;

function meta(epoch: number) {
  return { epoch, at: 10, wallMs: 1000 };
}

describe('a file of the journal', () => {
  it('gives back what was written, in order, with what the batch has in common', () => {
    expect(decodeFrames(file)).toEqual({
      records: [record('shop', 1), record('bank', 1), record('shop', 2), record('shop', 3, 2)],
      validLength: file.length,
      problem: null,
    });
  });

  it('can be read by people: one line a write, length and checksum before plain JSON', () => {
    const lines = text(file).split('\n');
    expect(lines[0]).toMatch(/^heliostat journal 1 [0-9a-f]{8}$/);
    expect(lines[1]).toMatch(/^\d+ [0-9a-f]{8} \[\{"schema":1,"epoch":1,.*\[\["shop",1,\{"kind":/);
    expect(lines).toHaveLength(4);
  });

  it('keeps any text, because names and reasons are written by people', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (stream, entry) => {
        const sent = { ...record(stream, 1), entry: JSON.parse(JSON.stringify(entry)) as unknown };
        const bytes = concat(journalHeader(), encodeFrame([encodeBatch(meta(1), [sent])]));
        expect(decodeFrames(bytes).records).toEqual([sent]);
        expect(bytes.every((byte) => byte < 128)).toBe(true);
      }),
    );
  });

  it('drops a torn tail at whatever byte a crash cut it', () => {
    for (let length = secondAt + 1; length < file.length; length++) {
      const { records, validLength, problem } = decodeFrames(file.subarray(0, length));
      expect(records).toHaveLength(2);
      expect(validLength).toBe(secondAt);
      expect(problem).toEqual({ kind: 'torn', at: secondAt });
    }
  });

  it('takes a header cut short for torn too: nothing was ever acknowledged in that file', () => {
    for (let length = 0; length < journalHeader().length; length++) {
      expect(decodeFrames(file.subarray(0, length)).problem).toEqual({ kind: 'torn', at: 0 });
    }
  });

  it('drops sectors that a power failure left unwritten, though the file is as long as it should be', () => {
    const large = encodeFrame([encodeBatch(meta(1), [{ ...record('shop', 2), entry: 'x'.repeat(3000) }])]);
    const holed = concat(journalHeader(), first, large);
    holed.fill(0, 1024, 2048);
    expect(decodeFrames(holed).problem).toEqual({ kind: 'torn', at: secondAt });
    const grown = concat(journalHeader(), first, new Uint8Array(700));
    expect(decodeFrames(grown).problem).toEqual({ kind: 'torn', at: secondAt });
  });

  it('never takes a flipped bit for a torn tail, wherever it is: that data was acknowledged', () => {
    for (let at = 0; at < file.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = file.slice();
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        const { problem } = decodeFrames(flipped);
        expect(problem?.kind, `bit ${bit} of byte ${at}`).toBe('corrupt');
        expect(problem?.at).toBeLessThanOrEqual(at);
      }
    }
  });

  it('says of a newer format, and of newer records, that they are newer', () => {
    const later = concat(newerHeader(), bytesOf('whatever comes then'));
    expect(decodeFrames(later).problem).toEqual({ kind: 'newer', at: 0 });
    const records = encodeFrame(['{"schema":2,"anything":true}']);
    expect(decodeFrames(concat(journalHeader(), first, records))).toMatchObject({
      validLength: secondAt,
      problem: { kind: 'newer', at: secondAt },
    });
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, headed) => {
        const whole = headed ? concat(file, bytes) : bytes;
        const { validLength, problem } = decodeFrames(whole);
        expect(validLength).toBeLessThanOrEqual(whole.length);
        if (problem === null) expect(validLength).toBe(whole.length);
      }),
    );
  });
});

it('knows CRC-32 by its published check value', () => {
  expect(crcHex(crc32(bytesOf('123456789')))).toBe('cbf43926');
});
