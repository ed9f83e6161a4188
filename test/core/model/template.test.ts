import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/base/data.js';
import { utf8 } from '../../../src/core/base/bytes.js';
import { checkValue, defaultsOf } from '../../../src/core/model/schema-check.js';
import { readSchema, type SchemaProblem } from '../../../src/core/model/schema-subset.js';
import { findHoles } from '../../../src/core/model/source.js';
import { substitute } from '../../../src/core/model/substitute.js';
import { parsePattern, type TemplateProblem } from '../../../src/core/model/template.js';
import { readText } from '../../../src/core/model/text.js';

function parse(value: Json) {
  const problems: TemplateProblem[] = [];
  return { pattern: parsePattern(value, '/x', (problem) => problems.push(problem)), problems };
}

describe('a text with references', () => {
  it('is literal where it has none, whatever else it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('${'));
        expect(parse(value as Json)).toEqual({ pattern: { kind: 'literal', value }, problems: [] });
      }),
    );
  });

  it('takes "$${" for a literal "${", so that shells and other templates can be written', () => {
    expect(parse('echo $${HOME} $$${x}').pattern).toEqual({ kind: 'literal', value: 'echo ${HOME} $${x}' });
    expect(parse(['$${a}', { b: '$${c}' }]).pattern).toMatchObject({ kind: 'list' });
  });

  it('never throws, and finds every reference or says what is wrong with it', () => {
    const piece = fc.constantFrom(
      '${',
      '}',
      '$${',
      '$',
      'configuration',
      '.',
      'a',
      '[0]',
      'instance.port',
      ' ',
      'secrets.x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const { pattern, problems } = parse(text);
        if (problems.length > 0) return;
        const filled = substitute(pattern, {
          fill: () => ({ kind: 'literal', value: '<>' }),
          wrong: () => undefined,
        });
        expect(filled.kind).toBe('literal');
      }),
    );
  });

  it.each([
    ['${configuration.a.b}', { of: 'configuration', path: ['a', 'b'] }],
    ['${ instance.port }', { of: 'instance', field: 'port' }],
    ['${relationships.db.endpoint}', { of: 'relationships', name: 'db', index: null, path: [] }],
    ['${relationships.db[2].endpoint.url}', { of: 'relationships', name: 'db', index: 2, path: ['url'] }],
    ['${relationships.db.2.endpoint.url}', { of: 'relationships', name: 'db', index: 2, path: ['url'] }],
    ['${element.endpoint.url}', { of: 'element', path: ['url'] }],
    ['${secrets.db-password}', { of: 'secrets', name: 'db-password' }],
  ])('reads %s', (text, hole) => {
    expect(parse(text).pattern).toMatchObject({ kind: 'hole', hole: { hole, pointer: '/x', nth: 0 } });
  });

  it.each([
    '${}',
    '${a b}',
    '${configuration}',
    '${instance.port.x}',
    '${relationships.db.url}',
    '${secrets}',
    '${1+1}',
  ])('refuses %s: values are substituted, there is no logic', (text) => {
    expect(parse(text).problems).toHaveLength(1);
  });

  it('knows where each of them stands in the file', () => {
    const text = 'a: "${x.y} $${z} ${w}"\nb: [plain, \'${q}\']\n';
    const holes = findHoles(text, readText(utf8(text)));
    expect([...holes]).toEqual([
      ['/a', [4, 12, 17]],
      ['/b/1', [text.indexOf('${q}')]],
    ]);
  });
});

describe('the subset of JSON Schema', () => {
  const problemsOf = (schema: Json, value: Json): string[] => {
    const found: string[] = [];
    const read = readSchema(schema, (problem: SchemaProblem) => found.push(`schema ${problem.pointer}`));
    checkValue(read, value, [], ({ path, kind }) => found.push(`${kind} ${path.join('.')}`));
    return found;
  };

  it.each<[string, Json, Json, string[]]>([
    ['a whole number is a number', { type: 'number' }, 3, []],
    ['a fraction is no whole number', { type: 'integer' }, 3.5, ['value ']],
    ['one of several types will do', { type: ['string', 'null'] }, null, []],
    ['bounds are inclusive', { minimum: 1, maximum: 3 }, 3, []],
    ['below the minimum', { minimum: 1 }, 0, ['value ']],
    ['length counts characters, not code units', { maxLength: 1 }, '😀', []],
    ['too short', { minLength: 2 }, 'a', ['value ']],
    ['a constant', { const: { a: 1 } }, { a: 1 }, []],
    ['each item', { items: { type: 'string' } }, ['a', 1], ['value 1']],
    ['too few items', { minItems: 1 }, [], ['value ']],
    [
      'a map with properties is closed, so that a slip is found',
      { properties: { a: {} } },
      { b: 1 },
      ['unknown b'],
    ],
    ['unless it says otherwise', { properties: { a: {} }, additionalProperties: true }, { b: 1 }, []],
    ['or says what the others are', { additionalProperties: { type: 'string' } }, { b: 1 }, ['value b']],
    ['required keys', { required: ['a'], properties: { a: {} } }, {}, ['missing a']],
    [
      'a property called like one of ours is nothing special',
      { properties: { required: { type: 'string' } } },
      { required: 1 },
      ['value required'],
    ],
    ['a keyword outside the subset', { oneOf: [] }, 1, ['schema /oneOf']],
    ['a misspelt type', { type: 'strin' }, 1, ['schema /type']],
    ['properties that are no map', { properties: [] }, {}, ['schema /properties']],
  ])('%s', (_, schema, value, found) => {
    expect(problemsOf(schema, value)).toEqual(found);
  });

  it('puts defaults together from the properties', () => {
    const schema = readSchema(
      { properties: { a: { default: 1 }, b: { properties: { c: { default: [] } } }, d: {} } },
      () => undefined,
    );
    expect(defaultsOf(schema)).toEqual({ a: 1, b: { c: [] } });
  });
});
