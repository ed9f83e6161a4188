import component from '../../../schemas/component.schema.json' with { type: 'json' };
import domain from '../../../schemas/domain.schema.json' with { type: 'json' };
import solution from '../../../schemas/solution.schema.json' with { type: 'json' };
import { isMap, type Json, type JsonMap } from '../base/data.js';
import {
  validateComponent,
  validateDomain,
  validateSolution,
  type SchemaValidator,
} from './generated/validators.js';
import { valueAt } from './locate.js';

export type KindName = 'Domain' | 'Component' | 'Solution';

export interface KindSchema {
  readonly validate: SchemaValidator;
  /** The schema itself: where the messages have their keys and examples from. */
  readonly schema: JsonMap;
}

export const kindSchemas: { readonly [Kind in KindName]: KindSchema } = {
  Domain: { validate: validateDomain, schema: domain as JsonMap },
  Component: { validate: validateComponent, schema: component as JsonMap },
  Solution: { validate: validateSolution, schema: solution as JsonMap },
};

/** The part of a schema that speaks of a value, and the name of the definition that it stands in, if any. */
export interface SchemaPart {
  readonly schema: JsonMap;
  readonly definition: string | null;
}

/**
 * Follows a path of the document through the schema. The validator tells a place in the schema too, but only from the
 * definition on that it was compiled for.
 */
export function partAt(root: JsonMap, path: readonly string[]): SchemaPart {
  let part = resolve(root, { schema: root, definition: null });
  for (const key of path) {
    const { properties, additionalProperties, items } = part.schema;
    const next =
      isMap(properties) && Object.hasOwn(properties, key) ? properties[key] : (additionalProperties ?? items);
    part = resolve(root, { schema: isMap(next) ? next : {}, definition: null });
  }
  return part;
}

/** Through `$ref`, alone or in `allOf`: the two forms that our schemas use. */
function resolve(root: JsonMap, part: SchemaPart): SchemaPart {
  const { allOf } = part.schema;
  const holder = Array.isArray(allOf) ? (allOf[0] as Json) : part.schema;
  const reference = isMap(holder) ? holder['$ref'] : undefined;
  if (typeof reference !== 'string') return part;
  const target = valueAt(root, reference.slice(1));
  return { schema: isMap(target) ? target : {}, definition: reference.slice(reference.lastIndexOf('/') + 1) };
}

/** The keys that a map may have. */
export function knownKeys({ schema }: SchemaPart): string[] {
  return isMap(schema['properties']) ? Object.keys(schema['properties']) : [];
}

/** The example of a key, as one would write it in YAML on one line; null where there is none. */
export function exampleOf({ schema }: SchemaPart, key: string): string | null {
  const property = isMap(schema['properties']) ? schema['properties'][key] : undefined;
  const examples = isMap(property) ? property['examples'] : undefined;
  const value = Array.isArray(examples) ? (examples[0] as Json | undefined) : undefined;
  if (value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
