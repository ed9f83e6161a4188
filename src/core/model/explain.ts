import type { Json } from '../base/data.js';
import type { LocatedDocument } from './document.js';
import type { Findings } from './findings.js';
import type { SchemaError } from './generated/validators.js';
import { partsOf, pointerOf, valueAt, writtenAs } from './locate.js';
import type { Mistake } from './problems.js';
import { quoted } from './quote.js';
import { exampleOf, knownKeys, partAt, type KindSchema, type SchemaPart } from './schemas.js';
import { didYouMean, suggest } from './suggest.js';
import { kindOfValue, shownValue, valueMistake } from './values.js';

/** Says in words what the schema found, where nothing was said yet. */
export function explainErrors(kind: KindSchema, document: LocatedDocument, findings: Findings): void {
  const errors = kind.validate.errors ?? [];
  for (const [index, error] of errors.entries()) {
    if (findings.full) return findings.count(errors.length - index);
    explain(error, kind, document, findings);
  }
}

function explain(error: SchemaError, kind: KindSchema, document: LocatedDocument, findings: Findings): void {
  // Comes with an error of the name itself, which has the place.
  if (error.schemaPath.includes('/propertyNames/')) return;
  const path = partsOf(error.instancePath);
  const member = memberOf(error);
  const pointer = member === null ? error.instancePath : error.instancePath + pointerOf(member);
  if (findings.explained(pointer)) return;
  if (member !== null) {
    const mistake = memberMistake(error, member, partAt(kind.schema, path));
    if (error.keyword === 'required') findings.atKey(path, mistake);
    else findings.atKey([...path, member], mistake);
    // Two missing keys of one map are two mistakes, at one place.
    return findings.explain(pointer);
  }
  const value = valueAt(document.data, error.instancePath) ?? null;
  const key = path.at(-1) ?? 'the file';
  const { definition } = partAt(kind.schema, path);
  const written = writtenAs(document, error.instancePath);
  const mistake = definition === null ? null : valueMistake(definition, key, value, written);
  findings.atValue(path, mistake ?? keywordMistake(error, key, value));
}

/** The key that an error is about, if it is about one. */
function memberOf(error: SchemaError): string | null {
  const { additionalProperty, missingProperty, propertyName } = error.params;
  const member = additionalProperty ?? missingProperty ?? propertyName;
  return typeof member === 'string' ? member : null;
}

function memberMistake(error: SchemaError, member: string, part: SchemaPart): Mistake {
  if (error.keyword === 'required') {
    const example = exampleOf(part, member);
    const fix = example === null ? `Add the key ${member}.` : `Add it, for example ${member}: ${example}`;
    return { code: 'schema.missing', message: `the key "${member}" is missing`, fix };
  }
  if (error.keyword === 'propertyNames') {
    const mistake = valueMistake(nameDefinition(error), 'name', member, null);
    return mistake ?? { code: 'name.invalid', message: `${quoted(member)} is not a name`, fix: 'Rename it.' };
  }
  const keys = knownKeys(part);
  const likely = suggest(member, keys);
  return {
    code: 'schema.unknownKey',
    message: `the key ${quoted(member)} is not known here${didYouMean(member, keys)}`,
    fix: likely === null ? `Use one of ${keys.join(', ')}.` : `Write ${likely}.`,
  };
}

/** Names of dependencies and relationships may be camelCase; those of elements are in host names. */
function nameDefinition(error: SchemaError): string {
  return error.schemaPath.includes('/elements/') ? 'name' : 'localName';
}

function keywordMistake(error: SchemaError, key: string, value: Json): Mistake {
  const { keyword, params } = error;
  switch (keyword) {
    case 'type':
      return typeMistake(key, value, params['type']);
    case 'enum':
    case 'const':
      return choiceMistake(
        key,
        value,
        (params['allowedValues'] ?? [params['allowedValue']]) as readonly Json[],
      );
    case 'minItems':
    case 'minProperties':
      return {
        code: 'schema.value',
        message: `${key} is empty`,
        fix: 'Add something to it, or remove the key.',
      };
    default: {
      const limit = params['limit'];
      const bound = typeof limit === 'number' ? ` (the limit is ${limit})` : '';
      const message = `${key} cannot be ${shownValue(value)}${bound}`;
      return { code: 'schema.value', message, fix: 'See the description of the key in its schema.' };
    }
  }
}

function typeMistake(key: string, value: Json, expected: unknown): Mistake {
  const types = (Array.isArray(expected) ? expected : [expected]) as readonly string[];
  const wanted = types.map((type) => typeNames[type] ?? type).join(' or ');
  const found = value === null ? 'empty' : kindOfValue(value);
  return {
    code: 'schema.type',
    message: `${key} has to be ${wanted}, and is ${found}`,
    fix: typeFix(key, types, value),
  };
}

function typeFix(key: string, types: readonly string[], value: Json): string {
  if (value === null && types.includes('object'))
    return `Write ${key}: {} if nothing belongs in it, or indent what follows.`;
  if (value === null) return 'Give it a value, or remove the key.';
  if (types.includes('string') && typeof value !== 'object') return `Put it in quotes: "${String(value)}".`;
  if (types.includes('array') && typeof value === 'string')
    return `Make it a list: ${key}: [${quoted(value)}].`;
  if (types.includes('object') && Array.isArray(value))
    return `Write a map: "name: value" lines under ${key}, without dashes.`;
  if (types.includes('boolean')) return 'Write true or false, without quotes.';
  return `Write ${types.map((type) => typeNames[type] ?? type).join(' or ')}.`;
}

const typeNames: { readonly [type: string]: string | undefined } = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'empty',
};

function choiceMistake(key: string, value: Json, allowed: readonly Json[]): Mistake {
  const choices = allowed.map(String);
  const shown = typeof value === 'string' ? quoted(value) : String(value);
  const hint = typeof value === 'string' ? didYouMean(value, choices) : '';
  const fix = choices.length === 1 ? `Write ${choices.join('')}.` : `Write one of ${choices.join(', ')}.`;
  return { code: 'schema.choice', message: `${key} cannot be ${shown}${hint}`, fix };
}
