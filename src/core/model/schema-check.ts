import { canonicalJson, equalData, isMap, type Json, type JsonMap } from '../base/data.js';
import type { Template } from '../base/template.js';
import type { Schema, SchemaType } from './schema-subset.js';
import { didYouMean } from './suggest.js';

export interface ValueProblem {
  /** From the value that was checked. */
  readonly path: readonly string[];
  /** `unknown`: a key that there is not. `missing`: one that is required. `value`: anything else. */
  readonly kind: 'unknown' | 'missing' | 'value';
  readonly message: string;
  readonly fix: string;
}

type Report = (problem: ValueProblem) => void;

/** Checks a value with holes: what a reference stands for is not known yet, so it passes. */
export function checkTemplate(schema: Schema, template: Template, report: Report): void {
  checkAt(schema, template, [], report);
}

function checkAt(schema: Schema, template: Template, path: readonly string[], report: Report): void {
  switch (template.kind) {
    case 'reference':
      return;
    case 'literal':
      return checkValue(schema, template.value, path, report);
    case 'text':
      checkType(schema, 'string', path, report);
      return;
    case 'list':
      if (!checkType(schema, 'array', path, report)) return;
      checkCount(schema, template.items.length, path, report);
      template.items.forEach((item, i) => {
        if (schema.items !== null) checkAt(schema.items, item, [...path, String(i)], report);
      });
      return;
    case 'map':
      if (!checkType(schema, 'object', path, report)) return;
      checkMembers({ schema, keys: Object.keys(template.entries), path, report }, (key, member) => {
        const entry = template.entries[key];
        if (entry !== undefined) checkAt(member, entry, [...path, key], report);
      });
  }
}

/** Checks plain data. */
export function checkValue(schema: Schema, value: Json, path: readonly string[], report: Report): void {
  if (schema.allowed !== null && !schema.allowed.some((allowed) => equalData(allowed, value))) {
    const words = schema.allowed.filter((allowed) => typeof allowed === 'string');
    const hint = typeof value === 'string' ? didYouMean(value, words) : '';
    report({
      path,
      kind: 'value',
      message: `${nameOf(path)} is ${shown(value)}, which is not one of the allowed values${hint}`,
      fix: `Use ${schema.allowed.slice(0, 20).map(shown).join(', ')}.`,
    });
    return;
  }
  if (!checkType(schema, typeOf(value), path, report)) return;
  if (typeof value === 'number') checkNumber(schema, value, path, report);
  else if (typeof value === 'string') checkLength(schema, value, path, report);
  else if (Array.isArray(value)) {
    const items = value as readonly Json[];
    checkCount(schema, items.length, path, report);
    const { items: itemSchema } = schema;
    if (itemSchema !== null)
      items.forEach((item, i) => checkValue(itemSchema, item, [...path, String(i)], report));
  } else if (isMap(value)) {
    checkMembers({ schema, keys: Object.keys(value), path, report }, (key, member) =>
      checkValue(member, value[key] as Json, [...path, key], report),
    );
  }
}

interface Members {
  readonly schema: Schema;
  readonly keys: readonly string[];
  readonly path: readonly string[];
  readonly report: Report;
}

function checkMembers(members: Members, visit: (key: string, schema: Schema) => void): void {
  const { schema, keys, path, report } = members;
  for (const key of schema.required) {
    if (keys.includes(key)) continue;
    const message = `${nameOf([...path, key])} is missing`;
    report({ path: [...path, key], kind: 'missing', message, fix: `Add ${key}.` });
  }
  for (const key of keys) {
    const member = schema.properties.get(key) ?? schema.additional;
    if (typeof member !== 'boolean') visit(key, member);
    else if (!member) report(unknownKey(schema, key, path));
  }
}

function unknownKey(schema: Schema, key: string, path: readonly string[]): ValueProblem {
  const known = [...schema.properties.keys()];
  return {
    path: [...path, key],
    kind: 'unknown',
    message: `there is no ${nameOf([...path, key])}${didYouMean(key, known)}`,
    fix: known.length === 0 ? `Remove ${key}.` : `Use ${known.slice(0, 20).join(', ')}, or remove it.`,
  };
}

function checkType(schema: Schema, type: SchemaType, path: readonly string[], report: Report): boolean {
  const { types } = schema;
  if (types.length === 0 || types.includes(type) || (type === 'integer' && types.includes('number'))) {
    return true;
  }
  report({
    path,
    kind: 'value',
    message: `${nameOf(path)} must be ${types.map(article).join(' or ')}, and is ${article(type)}`,
    fix: `Write ${types.map(article).join(' or ')}.`,
  });
  return false;
}

function checkNumber(schema: Schema, value: number, path: readonly string[], report: Report): void {
  const { minimum, maximum } = schema;
  if (minimum !== null && value < minimum)
    report(bound(path, `${value} is below ${minimum}`, `at least ${minimum}`));
  if (maximum !== null && value > maximum)
    report(bound(path, `${value} is above ${maximum}`, `at most ${maximum}`));
}

function checkLength(schema: Schema, value: string, path: readonly string[], report: Report): void {
  const { minLength, maxLength } = schema;
  const length = [...value].length;
  if (minLength !== null && length < minLength)
    report(bound(path, `it has ${length} characters`, `at least ${minLength} characters`));
  if (maxLength !== null && length > maxLength)
    report(bound(path, `it has ${length} characters`, `at most ${maxLength} characters`));
}

function checkCount(schema: Schema, count: number, path: readonly string[], report: Report): void {
  const { minItems, maxItems } = schema;
  if (minItems !== null && count < minItems)
    report(bound(path, `it has ${count} items`, `at least ${minItems} items`));
  if (maxItems !== null && count > maxItems)
    report(bound(path, `it has ${count} items`, `at most ${maxItems} items`));
}

function bound(path: readonly string[], is: string, wanted: string): ValueProblem {
  return {
    path,
    kind: 'value',
    message: `${nameOf(path)} must be ${wanted}: ${is}`,
    fix: `Write a value of ${wanted}.`,
  };
}

/** What is used where nothing is set: of the schema itself, else put together from its properties. */
export function defaultOf(schema: Schema): Json | undefined {
  if (schema.fallback !== undefined) return schema.fallback;
  const members: Record<string, Json> = {};
  for (const [key, member] of schema.properties) {
    const value = defaultOf(member);
    if (value !== undefined) members[key] = value;
  }
  return Object.keys(members).length > 0 ? members : undefined;
}

/** The defaults of a component's parameters, as the lowest layer. */
export function defaultsOf(schema: Schema): JsonMap {
  const value = defaultOf(schema);
  return isMap(value) ? value : {};
}

function typeOf(value: Json): SchemaType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'string' ? 'string' : 'boolean';
}

function article(type: SchemaType): string {
  const words: Record<SchemaType, string> = {
    string: 'a string',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    object: 'a map',
    array: 'a list',
    null: 'null',
  };
  return words[type];
}

function nameOf(path: readonly string[]): string {
  return path.length === 0 ? 'the value' : `"${path.join('.')}"`;
}

function shown(value: Json): string {
  const text = canonicalJson(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
