import { isMap, type Json, type JsonMap } from '../base/data.js';
import { pointerOf } from './locate.js';
import { didYouMean } from './suggest.js';

/**
 * The subset of JSON Schema that a component's `parameters` and a provider's configuration are written in:
 * `type`, `properties`, `required`, `additionalProperties`, `default`, `enum`, `const`, `minimum`, `maximum`,
 * `minLength`, `maxLength`, `items`, `minItems`, `maxItems`, `description`, `examples`. It is interpreted, never
 * compiled. One rule is stricter than the standard's: a map with `properties` has no others unless
 * `additionalProperties` says so, so that a misspelt key is found.
 */
export interface Schema {
  /** Empty: any. */
  readonly types: readonly SchemaType[];
  readonly properties: ReadonlyMap<string, Schema>;
  readonly required: readonly string[];
  /** `false`: none. A schema: what the others have to be. */
  readonly additional: boolean | Schema;
  readonly fallback: Json | undefined;
  readonly allowed: readonly Json[] | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly items: Schema | null;
  readonly minItems: number | null;
  readonly maxItems: number | null;
}

export const schemaTypes = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const;
export type SchemaType = (typeof schemaTypes)[number];

export interface SchemaProblem {
  /** Below the schema's own pointer. */
  readonly pointer: string;
  readonly aspect: 'key' | 'value';
  readonly message: string;
  readonly fix: string;
}

const keywords = [
  'type',
  'properties',
  'required',
  'additionalProperties',
  'default',
  'enum',
  'const',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'items',
  'minItems',
  'maxItems',
  'description',
  'examples',
  'title',
];

export const anything: Schema = {
  types: [],
  properties: new Map([]),
  required: [],
  additional: true,
  fallback: undefined,
  allowed: null,
  minimum: null,
  maximum: null,
  minLength: null,
  maxLength: null,
  items: null,
  minItems: null,
  maxItems: null,
};

/** No parameters at all: every key is one too many. */
export const nothing: Schema = { ...anything, types: ['object'], additional: false };

/** Reads a schema; what it cannot use is reported and left out. Depth is bounded by the document's. */
export function readSchema(
  json: Json | undefined,
  report: (problem: SchemaProblem) => void,
  pointer = '',
): Schema {
  if (json === true) return anything;
  if (!isMap(json)) {
    report({
      pointer,
      aspect: 'value',
      message: 'a schema must be a map',
      fix: 'Write for example { type: string }.',
    });
    return anything;
  }
  for (const key of Object.keys(json)) if (!keywords.includes(key)) report(unknownKeyword(pointer, key));
  const read = new Fields(json, pointer, report);
  const properties = read.schemas('properties');
  return {
    types: read.types(),
    properties,
    required: read.names('required'),
    additional: readAdditional(json, pointer, report) ?? properties.size === 0,
    fallback: json['default'],
    allowed: Object.hasOwn(json, 'const') ? [json['const'] as Json] : read.list('enum'),
    minimum: read.number('minimum'),
    maximum: read.number('maximum'),
    minLength: read.count('minLength'),
    maxLength: read.count('maxLength'),
    items: json['items'] === undefined ? null : readSchema(json['items'], report, `${pointer}/items`),
    minItems: read.count('minItems'),
    maxItems: read.count('maxItems'),
  };
}

function unknownKeyword(pointer: string, key: string): SchemaProblem {
  const refused: Record<string, string> = {
    pattern: 'Use "enum", or "minLength" and "maxLength": patterns of foreign text can take for ever.',
    $ref: 'Write the schema out: references to other schemas are not read.',
  };
  return {
    pointer: pointer + pointerOf(key),
    aspect: 'key',
    message: `"${key}" is not a keyword that is understood here${didYouMean(key, keywords)}`,
    fix: refused[key] ?? `Use ${keywords.join(', ')}.`,
  };
}

function readAdditional(
  json: JsonMap,
  pointer: string,
  report: (problem: SchemaProblem) => void,
): boolean | Schema | undefined {
  const value = json['additionalProperties'];
  if (value === undefined || typeof value === 'boolean') return value;
  return readSchema(value, report, `${pointer}/additionalProperties`);
}

class Fields {
  constructor(
    private readonly json: JsonMap,
    private readonly pointer: string,
    private readonly report: (problem: SchemaProblem) => void,
  ) {}

  types(): readonly SchemaType[] {
    const value = this.json['type'];
    if (value === undefined) return [];
    const names: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
    const found = names.filter((name): name is SchemaType => schemaTypes.includes(name as SchemaType));
    if (found.length !== names.length || found.length === 0) {
      const wrong = names.find((name) => !schemaTypes.includes(name as SchemaType));
      const hint = typeof wrong === 'string' ? didYouMean(wrong, schemaTypes) : '';
      this.wrong(
        'type',
        `"type" is not one of the known types${hint}`,
        `Use one of ${schemaTypes.join(', ')}.`,
      );
    }
    return found;
  }

  schemas(key: string): ReadonlyMap<string, Schema> {
    const value = this.json[key];
    const schemas = new Map<string, Schema>();
    if (value === undefined) return schemas;
    if (!isMap(value)) this.wrong(key, `"${key}" must be a map of schemas`, 'Write NAME: { type: string }.');
    else {
      for (const [name, schema] of Object.entries(value)) {
        schemas.set(name, readSchema(schema, this.report, this.pointer + pointerOf(key, name)));
      }
    }
    return schemas;
  }

  names(key: string): readonly string[] {
    const list = this.list(key) ?? [];
    const names = list.filter((name): name is string => typeof name === 'string');
    if (names.length !== list.length) this.wrong(key, `"${key}" must be a list of names`, 'Write [NAME].');
    return names;
  }

  list(key: string): readonly Json[] | null {
    const value = this.json[key];
    if (value === undefined) return null;
    if (Array.isArray(value)) return value as readonly Json[];
    this.wrong(key, `"${key}" must be a list`, 'Write [first, second].');
    return null;
  }

  number(key: string): number | null {
    const value = this.json[key];
    if (value === undefined || typeof value === 'number') return value ?? null;
    this.wrong(key, `"${key}" must be a number`, 'Write a number.');
    return null;
  }

  count(key: string): number | null {
    const value = this.number(key);
    if (value === null || (Number.isInteger(value) && value >= 0)) return value;
    this.wrong(key, `"${key}" must be a whole number, 0 or more`, 'Write 0, 1, 2, ….');
    return null;
  }

  private wrong(key: string, message: string, fix: string): void {
    this.report({ pointer: this.pointer + pointerOf(key), aspect: 'value', message, fix });
  }
}
