import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate, pointerOf, writtenAs } from '../../../src/core/model/locate.js';
import { readText } from '../../../src/core/model/text.js';
import type { Json } from '../../../src/core/base/data.js';

function read(text: string) {
  return readText(Buffer.from(text));
}

function place(text: string, pointer: string, aspect: 'key' | 'value' = 'value') {
  const { line, column } = locate(read(text), pointer, aspect);
  return `${line}:${column}`;
}

describe('readText', () => {
  it('reads YAML 1.2: yes and no are texts, octal needs its prefix', () => {
    const { data } = read('a: yes\nb: no\nc: 010\nd: 0o10\ne: null\nf: ~\ng: true\nh: on\n');
    expect(data).toEqual({ a: 'yes', b: 'no', c: 10, d: 8, e: null, f: null, g: true, h: 'on' });
  });

  it('keeps keys as they are written, since versions are keys of clusters', () => {
    expect(read('1.10: a\n1.0: b\ntrue: c\n').data).toEqual({ '1.10': 'a', '1.0': 'b', true: 'c' });
  });

  it('repeats the value of an alias, which belongs to where the alias stands', () => {
    const text = 'a: &x { b: 1 }\nc: *x\n';
    expect(read(text).data).toEqual({ a: { b: 1 }, c: { b: 1 } });
    expect(place(text, '/c/b')).toBe('2:4');
  });

  it('survives JSON unchanged, because it is cached as JSON', () => {
    const document = read('a: -0\n80: { 7: x, b: [1.10, { 3: y }] }\nc: |\n  text\n');
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(Object.is((document.data as { a: number }).a, 0)).toBe(true);
  });

  it('takes a byte order mark and the line ends of Windows', () => {
    const document = read('\ufeffa: 1\r\nb: 2\r\n');
    expect(document.data).toEqual({ a: 1, b: 2 });
    expect(locate(document, '/b')).toEqual({ line: 2, column: 4 });
  });

  it('reads any data that was written as JSON, with each value at its place', () => {
    const key = fc.stringMatching(/^[a-z0-9]{1,5}$/);
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>(null, true, false, 'text', '', 'a: b', '[', '1'),
        fc.integer(),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        const text = JSON.stringify(data, null, 1);
        const lines = text.split('\n');
        const document = read(text);
        expect(document.data).toEqual(data);
        for (const [pointer, value] of leaves(data, '')) {
          const { line, column } = locate(document, pointer);
          expect(lines[line - 1]?.slice(column - 1).replace(/,$/, '')).toBe(JSON.stringify(value));
        }
      }),
    );
  });
});

function leaves(value: Json, pointer: string): [string, Json][] {
  if (typeof value !== 'object' || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([key, member]) => leaves(member as Json, pointer + pointerOf(key)));
}

describe('locate', () => {
  const text =
    'name: shop\nelements:\n  api:\n    version: 1.0.0\n    list: [a, { b: c }]\n80: { 9: x, 10: y }\n';

  it('finds a value, and the key in front of it', () => {
    expect(place(text, '/elements/api/version')).toBe('4:14');
    expect(place(text, '/elements/api/version', 'key')).toBe('4:5');
    expect(place(text, '/elements/api/list/1/b')).toBe('5:20');
    expect(place(text, '/elements/api/list/1', 'key')).toBe('5:15');
  });

  it('finds keys that look like integers, which JavaScript puts first', () => {
    expect(place(text, '/80/10', 'key')).toBe('6:13');
    expect(place(text, '/80/9')).toBe('6:10');
    expect(place(text, '/name')).toBe('1:7');
  });

  it('gives the deepest place that is there for what is not', () => {
    expect(place(text, '/elements/api/size')).toBe('3:3');
    expect(place(text, '/nothing')).toBe('1:1');
    expect(place(text, '/elements/api/list/length')).toBe('5:5');
  });

  it('unescapes pointers', () => {
    expect(place('a/b: { c~d: 1 }\n', pointerOf('a/b', 'c~d'))).toBe('1:13');
  });
});

describe('writtenAs', () => {
  it('knows how a number stood in the file where that says more', () => {
    const document = read('a: 1.10\nb: 7\n3: { c: 0x1F }\n');
    expect(writtenAs(document, '/a')).toBe('1.10');
    expect(writtenAs(document, '/b')).toBeNull();
    expect(writtenAs(document, '/3/c')).toBe('0x1F');
    expect(writtenAs(document, '/none')).toBeNull();
  });
});
