import type { Json } from './data.js';

/** What is known only when an instance runs; `${configuration.…}` is substituted long before. */
export type Reference =
  | { readonly of: 'instance'; readonly field: 'name' | 'ordinal' | 'address' | 'port' }
  | { readonly of: 'relationship'; readonly name: string; readonly path: readonly string[] }
  | { readonly of: 'element'; readonly path: readonly string[] }
  | { readonly of: 'secret'; readonly name: string };

/** A parsed value with holes. A subtree without holes is one literal. */
export type Template =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'text'; readonly segments: readonly (string | Reference)[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'map'; readonly entries: { readonly [key: string]: Template } };

/** Every reference in a template, in order of appearance. */
export function referencesIn(template: Template): Reference[] {
  switch (template.kind) {
    case 'literal':
      return [];
    case 'reference':
      return [template.reference];
    case 'text':
      return template.segments.filter((segment): segment is Reference => typeof segment !== 'string');
    case 'list':
      return template.items.flatMap(referencesIn);
    case 'map':
      return Object.values(template.entries).flatMap(referencesIn);
  }
}

/** True where the endpoint needs a real listener in front of it. */
export function usesAddress(template: Template | null): boolean {
  return (
    template !== null &&
    referencesIn(template).some((r) => r.of === 'instance' && (r.field === 'address' || r.field === 'port'))
  );
}

/** A template as people write it: references stand as `${…}`, so that no secret is ever shown. */
export function plainOf(template: Template): Json {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'reference':
      return written(template.reference);
    case 'text':
      return template.segments
        .map((segment) => (typeof segment === 'string' ? segment : written(segment)))
        .join('');
    case 'list':
      return template.items.map(plainOf);
    case 'map':
      return Object.fromEntries(
        Object.entries(template.entries).map(([key, entry]) => [key, plainOf(entry)]),
      );
  }
}

function written(reference: Reference): string {
  switch (reference.of) {
    case 'instance':
      return `\${instance.${reference.field}}`;
    case 'relationship':
      return `\${${['relationships', reference.name, 'endpoint', ...reference.path].join('.')}}`;
    case 'element':
      return `\${${['element', 'endpoint', ...reference.path].join('.')}}`;
    case 'secret':
      return `\${secrets.${reference.name}}`;
  }
}
