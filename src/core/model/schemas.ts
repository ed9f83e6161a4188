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

/** The keys that a map may have, given the place in the schema that refused another (`#/definitions/element/…`). */
export function knownKeys(schema: JsonMap, schemaPath: string): string[] {
  const properties = memberOf(parentOf(schema, schemaPath), 'properties');
  return isMap(properties) ? Object.keys(properties) : [];
}

/** The example of a key, as one would write it in YAML on one line; null where there is none. */
export function exampleOf(schema: JsonMap, schemaPath: string, key: string): string | null {
  const property = memberOf(memberOf(parentOf(schema, schemaPath), 'properties'), key);
  const examples = memberOf(property, 'examples');
  const value = Array.isArray(examples) ? (examples[0] as Json | undefined) : memberOf(property, 'const');
  if (value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function parentOf(schema: JsonMap, schemaPath: string): Json | undefined {
  const pointer = schemaPath.slice(schemaPath.indexOf('#') + 1);
  return valueAt(schema, pointer.slice(0, pointer.lastIndexOf('/')));
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  return isMap(value) ? value[key] : undefined;
}
