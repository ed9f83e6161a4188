import type { Digest } from '../../core/base/digest.js';
import type { InstanceId } from '../../core/base/names.js';
import type { Technology } from '../technology.js';
import type { Mutation } from '../watcher.js';

/** A transition that fails half-way, as its technology would leave it. True if something changed. */
export function spoil(technology: Technology, mutation: Mutation, effect: () => boolean): boolean {
  const resource = technology.resources.get(mutation.key as InstanceId);
  switch (mutation.verb) {
    case 'configure':
    case 'reconfigure':
      if (resource === undefined) return false;
      resource.digest = '1:half' as Digest;
      return true;
    case 'start':
      if (resource === undefined || resource.state === 'active') return false;
      resource.state = 'failure';
      return true;
    case 'destroy':
    case 'reset':
      if (resource === undefined) return false;
      resource.state = 'failure';
      return true;
    // Made, stopped or routed, though the answer says that it was not.
    case 'create':
    case 'stop':
    case 'route':
    case 'unroute':
      return effect();
  }
}
