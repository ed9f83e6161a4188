import type { Json } from '../base/data.js';
import type { Reference, Template } from '../base/template.js';

/** Answers what is known only when an instance runs; `undefined`: not known yet. */
export type Lookup = (reference: Reference) => Json | undefined;

export type Resolved =
  | { readonly kind: 'resolved'; readonly value: Json }
  | { readonly kind: 'unknown'; readonly reference: Reference };

/** Fills in a template. A string that is one reference keeps the value's type. */
export function resolveTemplate(template: Template, lookup: Lookup): Resolved {
  switch (template.kind) {
    case 'literal':
      return { kind: 'resolved', value: template.value };
    case 'reference': {
      const value = lookup(template.reference);
      return value === undefined
        ? { kind: 'unknown', reference: template.reference }
        : { kind: 'resolved', value };
    }
    case 'text':
      return resolveText(template.segments, lookup);
    case 'list':
      return resolveList(template.items, lookup);
    case 'map':
      return resolveMap(template.entries, lookup);
  }
}

function resolveText(segments: readonly (string | Reference)[], lookup: Lookup): Resolved {
  let text = '';
  for (const segment of segments) {
    if (typeof segment === 'string') text += segment;
    else {
      const value = lookup(segment);
      if (value === undefined) return { kind: 'unknown', reference: segment };
      text += typeof value === 'string' ? value : JSON.stringify(value);
    }
  }
  return { kind: 'resolved', value: text };
}

function resolveList(items: readonly Template[], lookup: Lookup): Resolved {
  const values: Json[] = [];
  for (const item of items) {
    const resolved = resolveTemplate(item, lookup);
    if (resolved.kind === 'unknown') return resolved;
    values.push(resolved.value);
  }
  return { kind: 'resolved', value: values };
}

function resolveMap(entries: { readonly [key: string]: Template }, lookup: Lookup): Resolved {
  const values: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(entries)) {
    const resolved = resolveTemplate(entry, lookup);
    if (resolved.kind === 'unknown') return resolved;
    values[key] = resolved.value;
  }
  return { kind: 'resolved', value: values };
}

/** The value at a path, a list's index included. */
export function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let at: Json | undefined = value;
  for (const key of path) {
    if (Array.isArray(at)) at = (at as readonly Json[])[Number(key)];
    else if (typeof at === 'object' && at !== null && Object.hasOwn(at, key))
      at = (at as { readonly [key: string]: Json })[key];
    else return undefined;
  }
  return at;
}
