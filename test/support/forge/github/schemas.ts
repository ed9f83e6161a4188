import { Ajv, type ValidateFunction } from 'ajv';

export type Schema = Readonly<Record<string, unknown>>;
export type Schemas = Readonly<Record<string, Schema>>;

const reference = '#/components/schemas/';
const lists = ['allOf', 'anyOf', 'oneOf'] as const;

/** Compiles schemas of OpenAPI 3.0, each with only what it reaches: the whole would take seconds. */
export class Compiler {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, logger: false, formats });
  private readonly coercing = new Ajv({ strict: false, coerceTypes: 'array', logger: false, formats });
  private readonly done = new Map<Schema, ValidateFunction>();

  constructor(private readonly schemas: Schemas) {}

  /** What is wrong with a value, properties that the description does not know included. */
  faults(schema: Schema, value: unknown): string[] {
    const validate = this.validator(this.ajv, schema);
    validate(value);
    const wrong = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    return [...new Set([...wrong, ...this.unknown(schema, value, '')])];
  }

  /** Of parameters, which are all text. */
  faultsOfText(schema: Schema, value: Readonly<Record<string, string>>): string[] {
    const validate = this.validator(this.coercing, schema);
    validate({ ...value });
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  private validator(ajv: Ajv, schema: Schema): ValidateFunction {
    const known = this.done.get(schema);
    if (known !== undefined) return known;
    const made = ajv.compile(this.whole(schema));
    this.done.set(schema, made);
    return made;
  }

  private whole(schema: Schema): Schema {
    const definitions: Record<string, Schema> = {};
    const needed: string[] = [];
    const translated = translate(schema, needed);
    for (let name = needed.pop(); name !== undefined; name = needed.pop())
      definitions[name] ??= translate(this.schemas[name] ?? {}, needed);
    return { ...translated, $defs: definitions };
  }

  private unknown(schema: Schema, value: unknown, at: string): string[] {
    if (Array.isArray(value)) {
      const items = this.variants(schema).flatMap((one) => (one['items'] as Schema | undefined) ?? []);
      return items.length === 0
        ? []
        : value.flatMap((item, i) => this.unknown({ anyOf: items }, item, `${at}/${i}`));
    }
    if (typeof value !== 'object' || value === null) return [];
    const variants = this.variants(schema);
    const isOpen = variants.every((one) => one['properties'] === undefined || one['additionalProperties']);
    if (isOpen) return [];
    return Object.entries(value).flatMap(([name, inner]) => {
      const known = variants.flatMap((one) => (one['properties'] as Schemas | undefined)?.[name] ?? []);
      return known.length === 0
        ? [`${at}/${name} is not in the description`]
        : this.unknown({ anyOf: known }, inner, `${at}/${name}`);
    });
  }

  /** The schemas that may apply together or in turn. */
  private variants(schema: Schema): Schema[] {
    if (typeof schema['$ref'] === 'string') return this.variants(this.schemas[nameOf(schema['$ref'])] ?? {});
    const inner = lists.flatMap((name) => (schema[name] as readonly Schema[] | undefined) ?? []);
    return [schema, ...inner.flatMap((one) => this.variants(one))];
  }
}

function nameOf(ref: string): string {
  if (!ref.startsWith(reference)) throw new Error(`a reference to elsewhere: ${ref}`);
  return ref.slice(reference.length);
}

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, what only tells is left out. */
function translate(schema: Schema, needed: string[]): Schema {
  if (typeof schema['$ref'] === 'string') {
    const name = nameOf(schema['$ref']);
    needed.push(name);
    return { $ref: `#/$defs/${name}` };
  }
  const made: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (isTelling(key)) continue;
    if (lists.includes(key as (typeof lists)[number]))
      made[key] = (value as readonly Schema[]).map((one) => translate(one, needed));
    else if (key === 'properties')
      made[key] = Object.fromEntries(
        Object.entries(value as Schemas).map(([name, one]) => [name, translate(one, needed)]),
      );
    else if (['items', 'not', 'additionalProperties'].includes(key) && typeof value === 'object')
      made[key] = translate(value as Schema, needed);
    else made[key] = value;
  }
  const others = [
    ...(schema['nullable'] === true ? [{ type: 'null' }] : []),
    // Where an address is missing, the description's own default is an empty text, which is no address.
    ...(schema['default'] === '' ? [{ const: '' }] : []),
  ];
  return others.length === 0 ? made : { anyOf: [made, ...others] };
}

function isTelling(key: string): boolean {
  return (
    ['nullable', 'description', 'title', 'example', 'examples', 'default', 'deprecated'].includes(key) ||
    ['discriminator', 'externalDocs', 'readOnly', 'writeOnly'].includes(key) ||
    key.startsWith('x-')
  );
}

const formats = {
  uri: (text: string): boolean => URL.canParse(text),
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  email: /^[^@\s]+@[^@\s]+$/,
} as const;
