import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codes } from '../../src/core/base/codes.js';
import type { Diagnostic } from '../../src/core/base/diagnostic.js';
import { parseVersion, type Version } from '../../src/core/base/version.js';
import { readKind } from '../../src/core/model/kind.js';
import { readText } from '../../src/core/model/text.js';
import { showed } from '../support/promises.js';

const folder = new URL('./yaml/', import.meta.url);
const programVersion = parseVersion('1.2.3') as Version;
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.input'))
  .map((name) => name.slice(0, -'.input'.length));

function judge(bytes: Uint8Array): readonly Diagnostic[] {
  const { document, diagnostics } = readKind('some/file.yaml', readText(bytes), {
    programVersion,
    folder: null,
  });
  expect(document === null).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  return diagnostics;
}

function judgeText(text: string): readonly Diagnostic[] {
  return judge(Buffer.from(text));
}

const head = 'apiVersion: heliostat/v1\nkind: Solution\nname: shop\n';

describe('hostile files: each is refused at its place, with the way to mend it', () => {
  it.for(names)('%s', (name, context) => {
    showed(context, { hostileInputs: 1 });
    const [first, ...says] = readFileSync(new URL(`${name}.expected`, folder), 'utf8')
      .trimEnd()
      .split('\n');
    const [code, place] = (first ?? '').split(' ');
    const diagnostics = judge(readFileSync(new URL(`${name}.input`, folder)));
    const [worst] = diagnostics.filter((each) => each.code === code);
    expect(worst, `${code} among ${diagnostics.map((each) => each.code).join(', ')}`).toBeDefined();
    if (place !== undefined) expect(`${worst?.line}:${worst?.column}`).toBe(place);
    for (const text of says) expect(worst?.message).toContain(text);
    for (const each of diagnostics) {
      expect(each.file).toBe('some/file.yaml');
      expect(each.fix).toMatch(/\S/);
      expect(codes).toHaveProperty([each.code]);
    }
  });
});

describe('hostile files too large to keep', () => {
  const cases: readonly [name: string, text: () => string, code: string][] = [
    ['10,000 nested lists', () => '['.repeat(10_000), 'yaml.depth'],
    ['a million nested maps', () => '{'.repeat(1_000_000), 'yaml.depth'],
    ['nested lists on one line', () => '- '.repeat(500_000), 'yaml.depth'],
    ['nested explicit keys on one line', () => '? '.repeat(500_000), 'yaml.depth'],
    ['nested empty keys on one line', () => ': '.repeat(500_000), 'yaml.depth'],
    [
      'indentation ever deeper',
      () => Array.from({ length: 1400 }, (_, i) => `${' '.repeat(i)}k:`).join('\n'),
      'yaml.depth',
    ],
    [
      '20,000 keys in one map',
      () => Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'),
      'yaml.keys',
    ],
    ['9,000 times the same key', () => 'k: 1\n'.repeat(9000), 'yaml.duplicateKey'],
    ['five megabytes', () => 'a'.repeat(5_000_000), 'yaml.size'],
    ['a million commas', () => `[${','.repeat(1_000_000)}`, 'yaml.nodes'],
    ['a million closing brackets', () => ']'.repeat(1_000_000), 'yaml.nodes'],
    ['a million line ends', () => '\n'.repeat(1_000_000), 'yaml.nodes'],
    ['half a million comments', () => '#\n'.repeat(500_000), 'yaml.nodes'],
    ['half a million anchors', () => '&a '.repeat(300_000), 'yaml.nodes'],
    ['half a million bad escapes', () => `a: "${'\\q'.repeat(500_000)}"`, 'yaml.nodes'],
    ['many bad escapes', () => `a: "${'\\q'.repeat(50_000)}"`, 'yaml.syntax'],
    [
      'two hundred thousand unknown keys, of which few are shown',
      () =>
        `${head}elements:\n${Array.from({ length: 5_000 }, (_, i) => `  e${i}: { ${Array.from({ length: 9 }, (_, k) => `x${k}: 1`).join(', ')} }\n`).join('')}`,
      'yaml.nodes',
    ],
    ['a quarter of a million documents', () => '---\n'.repeat(250_000), 'yaml.multiple'],
    [
      'aliases that deepen each other',
      () =>
        Array.from(
          { length: 60 },
          (_, i) => `a${i}: &a${i} ${'['.repeat(50)}${i > 0 ? `*a${i - 1}` : 'x'}${']'.repeat(50)}`,
        ).join('\n'),
      'yaml.aliases',
    ],
  ];

  it.each(cases)('%s', (_, text, code) => {
    expect(judgeText(text())[0]?.code).toBe(code);
  });

  it('of very many mistakes 20 are shown, and the rest is counted', () => {
    const elements = Array.from({ length: 4000 }, (_, i) => `  e${i}: { a: 1, b: 1, c: 1 }\n`).join('');
    const diagnostics = judgeText(`${head}elements:\n${elements}`);
    const shown = diagnostics.filter(({ code }) => code !== 'file.more');
    // Of each element: no version, no component, and three unknown keys.
    expect(shown).toHaveLength(20);
    expect(diagnostics.at(-1)).toMatchObject({
      code: 'file.more',
      message: '19980 more mistakes in this file are not shown',
    });
  });
});

describe('what a diagnostic repeats of a file', () => {
  it('shows no character that a terminal would act upon', () => {
    const [diagnostic] = judgeText(`${head}elements: {}\n"a\\e[2J\\u202e": 1\n`);
    expect(diagnostic?.message).toBe(
      'the key "a\\u001B[2J\\u202E" holds the character U+001B, which cannot be seen',
    );
  });

  it('is short, however long the key', () => {
    for (const { message } of judgeText(`${head}elements: {}\n${'k'.repeat(200)}: 1\n`)) {
      expect(message.length).toBeLessThan(200);
    }
  });

  it('is never a value of a configuration: one could be a secret that should not stand there', () => {
    const texts = [
      `${head}elements: {}\nconfiguration: hunter2hunter2\n`,
      `${head}elements: {}\nconfiguration: { password: "hunter2hunter2\n`,
      `${head}elements: {}\nconfiguration: { password: !secret hunter2hunter2 }\n`,
      `${head}elements: [hunter2hunter2]\n`,
    ];
    for (const text of texts) expect(JSON.stringify(judgeText(text))).not.toContain('hunter2hunter2');
  });
});

describe('any input at all', () => {
  const seeds = names.map((name) => readFileSync(new URL(`${name}.input`, folder)));
  const signs = [
    ...'[]{}:,-?&*!|>%@`"\'#\n\t \\',
    '\r',
    '\0',
    '\u202e',
    '<<',
    '---',
    '&a',
    '*a',
    '0x',
    '1e9',
    '~',
  ];

  it('is answered with a document or with diagnostics that have a place, never with an exception', () => {
    const mutation = fc.record({
      seed: fc.integer({ min: 0, max: seeds.length - 1 }),
      edits: fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          cut: fc.nat(20),
          sign: fc.constantFrom(...signs),
        }),
        { minLength: 1, maxLength: 8 },
      ),
    });
    const judged = fc.property(mutation, ({ seed, edits }) => {
      let bytes = seeds[seed] ?? Buffer.alloc(0);
      for (const { at, cut, sign } of edits) {
        const place = Math.floor(at * bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(sign), bytes.subarray(place + cut)]);
      }
      for (const { line, column, fix } of judge(bytes)) {
        expect(line).toBeGreaterThanOrEqual(0);
        expect(column).toBeGreaterThanOrEqual(0);
        expect(fix).toMatch(/\S/);
      }
    });
    fc.assert(judged, { numRuns: Number(process.env['HELIOSTAT_FUZZ_RUNS'] ?? 500) });
  });

  it('of bytes is answered too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        judge(bytes);
      }),
    );
  });
});
