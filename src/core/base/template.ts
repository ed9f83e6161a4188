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
