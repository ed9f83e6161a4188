import type { Json } from '../core/base/data.js';
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

/** http → HTTP, everything else is a stream of bytes; https too, whose certificate is the backend's own. */
export function schemeOf(endpoint: Json | undefined): 'http' | 'tcp' {
  const url =
    typeof endpoint === 'object' && endpoint !== null && !Array.isArray(endpoint)
      ? (endpoint as { url?: Json }).url
      : undefined;
  return typeof url === 'string' && /^http:/.test(url) ? 'http' : 'tcp';
}
