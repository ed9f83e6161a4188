import { describe, expect, it } from 'vitest';
import { isMap, type Json, type JsonMap } from '../../../src/core/base/data.js';
import { namePattern } from '../../../src/core/base/names.js';
import { durationPattern } from '../../../src/core/model/duration.js';
import { kindSchemas, partAt } from '../../../src/core/model/schemas.js';

const schemas = Object.entries(kindSchemas).map(([kind, { schema }]) => [kind, schema] as const);

/** Every property in a schema, by pointer. */
function properties(schema: Json, pointer: string): [string, JsonMap][] {
  if (Array.isArray(schema)) return schema.flatMap((item: Json, i) => properties(item, `${pointer}/${i}`));
  if (!isMap(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'examples' || key === 'default') return [];
    const own = key === 'properties' && isMap(value) ? Object.entries(value) : [];
    const here = own.map(([name, property]) => [`${pointer}/${name}`, property] as [string, JsonMap]);
    return [...here, ...properties(value, `${pointer}/${key}`)];
  });
}

describe.each(schemas)('the schema of a %s', (kind, schema) => {
  it('describes each key, with an example that editors can offer', () => {
    for (const [pointer, property] of properties(schema, '')) {
      expect(property['description'], pointer).toMatch(/\.$/);
      expect(property['examples'], pointer).toBeDefined();
    }
  });

  it('is a draft that editors support, and refers to nothing outside itself', () => {
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    const references = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target);
    for (const target of references) expect(target).toMatch(/^#\/definitions\//);
  });

  it('knows no key that it does not name', () => {
    expect(schema['additionalProperties']).toBe(false);
    expect(partAt(schema, []).schema).toBe(schema);
  });

  it('agrees with the code about names and lengths of time', () => {
    const definitions = schema['definitions'] as { name: { pattern: string }; duration: { pattern: string } };
    expect(definitions.name.pattern).toBe(namePattern);
    expect(definitions.duration.pattern).toBe(durationPattern);
  });

  it('means the same as the others by a definition that they share', () => {
    for (const [other, { schema: its }] of Object.entries(kindSchemas)) {
      for (const [name, definition] of Object.entries(its['definitions'] as JsonMap)) {
        const ours = (schema['definitions'] as JsonMap)[name];
        if (ours !== undefined) expect(ours, `${name} of ${kind} and ${other}`).toEqual(definition);
      }
    }
  });
});

describe('partAt', () => {
  it('finds the definition of a value through references', () => {
    const { schema } = kindSchemas.Solution;
    expect(partAt(schema, ['elements', 'api', 'version']).definition).toBe('version');
    expect(partAt(schema, ['elements', 'api', 'relationships', 'store']).definition).toBe('relationship');
    expect(partAt(schema, ['elements', 'api', 'configuration', 'x']).definition).toBeNull();
  });
});
