import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/base/bytes.js';
import type { JsonMap } from '../../../src/core/base/data.js';
import { keyMistake } from '../../../src/core/model/refusals.js';
import { readText } from '../../../src/core/model/text.js';
import { emitYaml, memoryLine, readMemory } from '../../../src/core/status/emit.js';

/** Keys that a model may hold; `__proto__`, the empty one and their like are refused by the reader on purpose. */
const key = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('yes', 'null', '80', 'a: b', '- x', '# y', '<<', 'memory', '?', ''),
  )
  .filter((text) => keyMistake(text) === null && isWritable(text));
const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'no',
      '1.10',
      '0x1F',
      '1e3',
      '.inf',
      '~',
      'a\nb',
      ' x ',
      "it's",
      '"',
      '\\',
      '---',
      '2024-01-01',
      'x\u2028y',
      'a: b',
      '\u0085',
      '\u007f',
    ),
  )
  .filter(isWritable);
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const document = fc.dictionary(key, plain.value, { minKeys: 1, maxKeys: 6 }) as fc.Arbitrary<JsonMap>;

/** A lone surrogate is no text that bytes can hold, and null characters no model holds. */
function isWritable(value: string): boolean {
  return !/\p{Surrogate}/u.test(value) && !value.includes('\0');
}

/** -0 is written as 0. */
function normal(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data));
}

describe('documents of the status branch', () => {
  it('are read back as they were, whatever plain data stands in them', () => {
    fc.assert(
      fc.property(document, (data) => {
        const written = emitYaml(data);
        const read = readText(utf8(written));
        expect(read.problems, written).toEqual([]);
        expect(read.data, written).toEqual(normal(data));
      }),
      { numRuns: 2_000 },
    );
  });

  it('carry a memory that is read back as it was, behind whatever stands before it', () => {
    fc.assert(
      fc.property(document, plain.value, (data, memory) => {
        const { memory: _taken, ...before } = data;
        const written = emitYaml({ schemaVersion: 1, ...before }) + memoryLine(memory);
        expect(readMemory(written)).toEqual(normal(memory));
        expect(readMemory(memoryLine(memory))).toEqual(normal(memory));
      }),
      { numRuns: 1_000 },
    );
  });

  it('with their memory are still YAML that anybody can read', () => {
    fc.assert(
      fc.property(plain.value, (memory) => {
        const read = readText(utf8(emitYaml({ schemaVersion: 1 }) + memoryLine(memory)));
        expect(read.problems).toEqual([]);
        expect(read.data).toEqual({ schemaVersion: 1, memory: normal(memory) });
      }),
      { numRuns: 1_000 },
    );
  });

  it('without a memory, or with a broken one, have none', () => {
    expect(readMemory('schemaVersion: 1\n')).toBe(null);
    expect(readMemory('memory: {"a":\n')).toBe(null);
    expect(readMemory('')).toBe(null);
    expect(readMemory('note: "x\\nmemory: 1"\n')).toBe(null);
  });
});
