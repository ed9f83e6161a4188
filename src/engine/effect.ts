import type { ClusterDefinition, Transition } from '../core/base/desired.js';

/** In milliseconds. */
export function timeoutOf(definition: ClusterDefinition, transition: Transition): number {
  const { timeouts } = definition;
  switch (transition) {
    case 'create':
      return timeouts.createMs;
    case 'configure':
    case 'reconfigure':
      return timeouts.configureMs;
    case 'start':
      return timeouts.startMs;
    case 'stop':
      return timeouts.stopMs;
    case 'destroy':
    case 'reset':
      return timeouts.destroyMs;
  }
}
