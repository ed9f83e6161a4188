import type { Json } from '../base/data.js';
import { didYouMean } from './suggest.js';
import { pointerOf } from './locate.js';

/** A `${…}` as written, before anything is known of the element that it will stand in. */
export type Hole =
  | { readonly of: 'configuration'; readonly path: readonly string[] }
  | { readonly of: 'instance'; readonly field: 'name' | 'ordinal' | 'address' | 'port' }
  /** `index`: which of many. `path`: below the endpoint. */
  | {
      readonly of: 'relationships';
      readonly name: string;
      readonly index: number | null;
      readonly path: readonly string[];
    }
  | { readonly of: 'element'; readonly path: readonly string[] }
  | { readonly of: 'secrets'; readonly name: string };

/** Where a hole is written: the string's pointer, which `${` of it, and its text without `${` and `}`. */
export interface PlacedHole {
  readonly hole: Hole;
  readonly source: string;
  readonly pointer: string;
  readonly nth: number;
}

/** A value with holes, parsed once per document. A subtree without holes is one literal. */
export type Pattern =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'hole'; readonly hole: PlacedHole }
  | { readonly kind: 'text'; readonly pointer: string; readonly parts: readonly (string | PlacedHole)[] }
  | { readonly kind: 'list'; readonly items: readonly Pattern[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Pattern> };

export interface TemplateProblem {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly pointer: string;
  readonly nth: number;
}

export type Report = (problem: TemplateProblem) => void;

/** Parses every string of a value; `pointer` is where the value stands in its document. */
export function parsePattern(value: Json, pointer: string, report: Report): Pattern {
  if (typeof value === 'string') return parseText(value, pointer, report);
  if (typeof value !== 'object' || value === null) return { kind: 'literal', value };
  if (Array.isArray(value)) {
    const items = value.map((item: Json, i) => parsePattern(item, pointer + pointerOf(i), report));
    const literal = items.every((item, i) => item.kind === 'literal' && item.value === value[i]);
    return literal ? { kind: 'literal', value } : { kind: 'list', items };
  }
  const entries = new Map<string, Pattern>();
  let literal = true;
  for (const [key, member] of Object.entries(value)) {
    const parsed = parsePattern(member as Json, pointer + pointerOf(key), report);
    literal &&= parsed.kind === 'literal' && parsed.value === member;
    entries.set(key, parsed);
  }
  return literal ? { kind: 'literal', value } : { kind: 'map', entries };
}

/** `${…}` is a hole, `$${` stands for a literal `${`. */
function parseText(text: string, pointer: string, report: Report): Pattern {
  if (!text.includes('${')) return { kind: 'literal', value: text };
  const parts: (string | PlacedHole)[] = [];
  let literal = '';
  let nth = 0;
  for (let i = 0; i < text.length;) {
    if (text.startsWith('$${', i)) {
      literal += '${';
      i += 3;
      nth++;
    } else if (text.startsWith('${', i)) {
      const end = text.indexOf('}', i);
      const place = { pointer, nth: nth++ };
      if (end < 0) {
        report({ ...place, ...unclosed });
        return { kind: 'literal', value: text };
      }
      const source = text.slice(i + 2, end).trim();
      const hole = parseHole(source, (problem) => report({ ...place, ...problem }));
      if (literal !== '') parts.push(literal);
      literal = '';
      if (hole !== null) parts.push({ hole, source, ...place });
      // A `${` inside a broken hole still counts, so that later columns are right.
      nth += source.split('${').length - 1;
      i = end + 1;
    } else literal += text[i++];
  }
  if (literal !== '') parts.push(literal);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    return typeof only === 'string' ? { kind: 'literal', value: only } : { kind: 'hole', hole: only };
  }
  return parts.length === 0 ? { kind: 'literal', value: '' } : { kind: 'text', pointer, parts };
}

type Wrong = Pick<TemplateProblem, 'code' | 'message' | 'fix'>;

const unclosed: Wrong = {
  code: 'template.syntax',
  message: '"${" is not closed by "}"',
  fix: 'Close it with "}", or write "$${" for a literal "${".',
};

const scopes = ['configuration', 'instance', 'relationships', 'element', 'secrets'];
const fields = ['name', 'ordinal', 'address', 'port'] as const;

function parseHole(source: string, report: (wrong: Wrong) => void): Hole | null {
  const parts = splitPath(source);
  if (parts === null) {
    report({
      code: 'template.syntax',
      message: `"\${${source}}" is not a reference`,
      fix: 'Write names joined by dots, such as ${configuration.logLevel}; "$${" stands for a literal "${".',
    });
    return null;
  }
  const [scope = '', ...rest] = parts;
  const hole = holeOf(scope, rest);
  if (hole === null) report(wrongReference(source, scope, rest));
  return hole;
}

function splitPath(source: string): string[] | null {
  if (source.length > 1024) return null;
  const parts = source.replace(/\[([0-9]+)\]/g, '.$1').split('.');
  return parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part)) ? parts : null;
}

function holeOf(scope: string, rest: readonly string[]): Hole | null {
  const [first] = rest;
  if (first === undefined) return null;
  switch (scope) {
    case 'configuration':
      return { of: 'configuration', path: rest };
    case 'instance': {
      const field = fields.find((name) => name === first);
      return field !== undefined && rest.length === 1 ? { of: 'instance', field } : null;
    }
    case 'relationships':
      return relationshipHole(first, rest.slice(1));
    case 'element':
      return first === 'endpoint' ? { of: 'element', path: rest.slice(1) } : null;
    case 'secrets':
      return rest.length === 1 ? { of: 'secrets', name: first } : null;
    default:
      return null;
  }
}

function relationshipHole(name: string, rest: readonly string[]): Hole | null {
  const [head] = rest;
  const indexed = head !== undefined && /^[0-9]{1,6}$/.test(head);
  const [word, ...path] = indexed ? rest.slice(1) : rest;
  if (word !== 'endpoint') return null;
  return { of: 'relationships', name, index: indexed ? Number(head) : null, path };
}

function wrongReference(source: string, scope: string, rest: readonly string[]): Wrong {
  if (!scopes.includes(scope)) {
    return {
      code: 'template.unknown',
      message: `"\${${source}}": there is nothing called "${scope}"${didYouMean(scope, scopes)}`,
      fix: `Begin with one of ${scopes.join(', ')}; "$\${" stands for a literal "\${".`,
    };
  }
  const shapes: Record<string, string> = {
    configuration: '${configuration.NAME}',
    instance: '${instance.name}, ${instance.ordinal}, ${instance.address} or ${instance.port}',
    relationships: '${relationships.NAME.endpoint.FIELD}',
    element: '${element.endpoint.FIELD}',
    secrets: '${secrets.NAME}',
  };
  const hint = scope === 'instance' ? didYouMean(rest[0] ?? '', fields) : '';
  return {
    code: 'template.unknown',
    message: `"\${${source}}" is not a reference to anything${hint}`,
    fix: `Write ${shapes[scope] ?? ''}.`,
  };
}

/** Every hole, in order of appearance. */
export function holesIn(pattern: Pattern): PlacedHole[] {
  switch (pattern.kind) {
    case 'literal':
      return [];
    case 'hole':
      return [pattern.hole];
    case 'text':
      return pattern.parts.filter((part): part is PlacedHole => typeof part !== 'string');
    case 'list':
      return pattern.items.flatMap(holesIn);
    case 'map':
      return [...pattern.entries.values()].flatMap(holesIn);
  }
}

/** Whether a value has something at a path; `maybe` where only a reference's value will tell. */
export function hasPath(pattern: Pattern, path: readonly string[]): 'yes' | 'no' | 'maybe' {
  const [head, ...rest] = path;
  if (head === undefined) return 'yes';
  switch (pattern.kind) {
    case 'hole':
      return 'maybe';
    case 'text':
      return 'no';
    case 'list': {
      const item = pattern.items[Number(head)];
      return item === undefined ? 'no' : hasPath(item, rest);
    }
    case 'map': {
      const member = pattern.entries.get(head);
      return member === undefined ? 'no' : hasPath(member, rest);
    }
    case 'literal': {
      const value = pattern.value;
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, head)) return 'no';
      return hasPath({ kind: 'literal', value: (value as Record<string, Json>)[head] as Json }, rest);
    }
  }
}

/** Names at the first level, for suggestions. */
export function keysOf(pattern: Pattern): string[] {
  if (pattern.kind === 'map') return [...pattern.entries.keys()];
  if (pattern.kind !== 'literal' || typeof pattern.value !== 'object' || pattern.value === null) return [];
  return Object.keys(pattern.value);
}
