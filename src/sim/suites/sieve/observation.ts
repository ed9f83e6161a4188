import type { InstanceId } from '../../../core/base/names.js';
import { mainRef } from '../../repository.js';
import type { Call } from '../../watcher.js';

/** Something that a controller learns of the world: it asks, or it is told. */
export type Sighting =
  | { readonly kind: 'asked'; readonly incarnation: number; readonly call: Call }
  /** `number` counts what this life was told, from 1. */
  | {
      readonly kind: 'told';
      readonly incarnation: number;
      readonly number: number;
      readonly instance: InstanceId;
    };

const asking: Readonly<Record<string, readonly string[]>> = {
  provider: ['observe', 'list', 'routes'],
  prober: ['probe'],
  refs: ['read'],
  source: ['commit', 'tree', 'blobs', 'sizes'],
  history: ['firstParents', 'isAncestor'],
};

export function isAsking({ port, verb }: Call): boolean {
  return asking[port]?.includes(verb) === true;
}

/** What may be seen as it was before, or change between two looks: all that is not made for ever. */
export function isLook({ port, verb, key }: Call): boolean {
  return (
    port === 'prober' ||
    (port === 'provider' && (verb === 'observe' || verb === 'list')) ||
    (port === 'refs' && verb === 'read' && key === mainRef)
  );
}

export function nameOf(sighting: Sighting): string {
  if (sighting.kind === 'told')
    return `${sighting.incarnation}:event ${sighting.number} of ${sighting.instance}`;
  const { incarnation, call } = sighting;
  return `${incarnation}:${call.number} ${call.port}.${call.verb} ${call.key}`;
}
