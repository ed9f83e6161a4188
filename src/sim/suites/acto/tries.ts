import { isMap, type Json, type JsonMap } from '../../../core/base/data.js';
import type { Field } from './fields.js';

/**
 * What becomes of a commit. `applied`: it is accepted and all of it runs. `paused`: accepted, and its rollout waits
 * for people, while what ran before goes on. `held`: nothing of it begins. Else it is rejected: with this code, or with
 * any (`rejected`).
 */
export type Expectation = 'applied' | 'paused' | 'held' | 'rejected' | `${string}.${string}`;

/** One value that is tried in a field; `undefined`: nothing is written there. */
export interface Try {
  readonly label: string;
  readonly value: Json | undefined;
  readonly expect: Expectation;
}

/** What the schema alone says is worth trying: no value, wrong kinds of value, limits and one beyond each. */
export function triesOf(field: Field, current: Json | undefined): Try[] {
  const { schema, isRequired } = field;
  const types = typesOf(schema);
  const tries: Try[] = [
    { label: 'removed', value: undefined, expect: isRequired ? 'rejected' : 'applied' },
    bad('null', null),
    ...(types.has('object') || types.has('integer') || types.has('string') ? [] : [bad('a map', { a: 1 })]),
    ...(types.has('string') ? [] : [bad('a text', 'nonsense')]),
    ...(types.has('integer') ? [] : [bad('a number', 4711)]),
  ];
  if (Array.isArray(schema['enum'])) tries.push(...enumTries(schema['enum'], current));
  if (types.has('integer')) tries.push(...numberTries(schema));
  if (types.has('string')) tries.push(...textTries(schema));
  if (types.has('boolean'))
    for (const value of [true, false]) if (value !== current) tries.push(good(String(value), value));
  if (types.has('array')) tries.push(...listTries(schema));
  if (types.has('object')) tries.push(...mapTries(schema, current));
  return tries;
}

function good(label: string, value: Json): Try {
  return { label, value, expect: 'applied' };
}

function bad(label: string, value: Json): Try {
  return { label, value, expect: 'rejected' };
}

function typesOf(schema: JsonMap): ReadonlySet<string> {
  const { type } = schema;
  return new Set(Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : []);
}

function enumTries(values: readonly Json[], current: Json | undefined): Try[] {
  return values.filter((value) => value !== current).map((value) => good(`= ${String(value)}`, value));
}

function numberTries({ minimum, maximum }: JsonMap): Try[] {
  const tries = [bad('a fraction', 1.5)];
  if (typeof minimum === 'number') tries.push(good('least', minimum), bad('below the least', minimum - 1));
  if (typeof maximum === 'number') tries.push(good('most', maximum), bad('beyond the most', maximum + 1));
  return tries;
}

function textTries({ pattern, minLength, maxLength }: JsonMap): Try[] {
  const tries: Try[] = [];
  if (pattern !== undefined || minLength !== undefined) tries.push(bad('empty', ''));
  if (pattern !== undefined) tries.push(bad('malformed', '~ Not Valid ~'));
  if (typeof maxLength === 'number') tries.push(bad('too long', 'a'.repeat(maxLength + 1)));
  return tries;
}

function listTries({ minItems, maxItems }: JsonMap): Try[] {
  const tries: Try[] = [
    { label: 'empty', value: [], expect: (minItems ?? 0) === 0 ? 'applied' : 'rejected' },
  ];
  if (typeof maxItems === 'number') tries.push(bad('too many', new Array<Json>(maxItems + 1).fill('a')));
  return tries;
}

function mapTries(schema: JsonMap, current: Json | undefined): Try[] {
  const { minProperties, maxProperties, propertyNames, additionalProperties, required } = schema;
  const now = isMap(current) ? current : {};
  const mayBeEmpty = (minProperties ?? 0) === 0 && !Array.isArray(required);
  const tries: Try[] = [{ label: 'empty', value: {}, expect: mayBeEmpty ? 'applied' : 'rejected' }];
  if (additionalProperties === false) tries.push(bad('a misspelt key', { ...now, misspelt: 1 }));
  const [member = null] = Object.values(now);
  if (propertyNames !== undefined) tries.push(bad('a bad name', { ...now, '~ no name ~': member }));
  if (typeof maxProperties === 'number')
    tries.push(bad('too many', Object.fromEntries(many(maxProperties + 1).map((n) => [`1.0.${n}`, member]))));
  return tries;
}

function many(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
