import type { Json } from '../base/data.js';
import type { LocatedDocument } from './document.js';

export interface Place {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

type Aspect = 'key' | 'value';

/**
 * Where a JSON pointer (`/elements/api/version`) is written: its value, or its key where it has one.
 * A pointer to what is not there gives the place of the deepest part that is: where one would add it.
 */
export function locate(document: LocatedDocument, pointer: string, aspect: Aspect = 'value'): Place {
  const found = find(document, pointer);
  const value = document.places[found.node * 3] ?? 0;
  const back = aspect === 'key' || !found.whole ? (document.places[found.node * 3 + 1] ?? 0) : 0;
  return placeAt(document.lineStarts, value - back);
}

/** Where the key of each member of a map at the top is written, in one walk. */
export function memberPlaces(document: LocatedDocument, key: string): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  const { node, whole } = find(document, pointerOf(key));
  const map = valueAt(document.data, pointerOf(key));
  if (!whole || typeof map !== 'object' || map === null || Array.isArray(map)) return found;
  let member = node + 1;
  for (const name of Object.keys(map)) {
    const at = (document.places[member * 3] ?? 0) - (document.places[member * 3 + 1] ?? 0);
    found.set(name, placeAt(document.lineStarts, at));
    member += 1 + (document.places[member * 3 + 2] ?? 0);
  }
  return found;
}

/** The value as it was written, where it is a number that lost it (`1.10`); else null. */
export function writtenAs(document: LocatedDocument, pointer: string): string | null {
  const { node, whole } = find(document, pointer);
  const { written } = document;
  for (let i = 0; whole && i < written.length; i += 2) if (written[i] === node) return String(written[i + 1]);
  return null;
}

/** The value at a pointer; undefined where there is none. */
export function valueAt(data: Json, pointer: string): Json | undefined {
  let value: Json | undefined = data;
  for (const part of partsOf(pointer)) value = childOf(value, part);
  return value;
}

/** A JSON pointer (RFC 6901) from its parts. */
export function pointerOf(...parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function partsOf(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Line and column of an offset. */
export function placeAt(lineStarts: readonly number[], offset: number): Place {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

function find(document: LocatedDocument, pointer: string): { node: number; whole: boolean } {
  let node = 0;
  let value: Json | undefined = document.data;
  for (const part of partsOf(pointer)) {
    const next = childOf(value, part);
    if (next === undefined) return { node, whole: false };
    node = childNode(document.places, node, Object.keys(value as object).indexOf(part));
    value = next;
  }
  return { node, whole: true };
}

function childNode(places: readonly number[], parent: number, index: number): number {
  let node = parent + 1;
  for (let i = 0; i < index; i++) node += 1 + (places[node * 3 + 2] ?? 0);
  return node;
}

function childOf(value: Json | undefined, part: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
  // `length` of a list is its own property too.
  if (Array.isArray(value)) return /^[0-9]+$/.test(part) ? (value[Number(part)] as Json) : undefined;
  return (value as Readonly<Record<string, Json>>)[part];
}
