import type { ProviderManifest } from '../../../core/base/manifest.js';
import type { ProviderName } from '../../../core/base/names.js';

const transitions = ['create', 'configure', 'start', 'reconfigure', 'stop', 'destroy', 'reset'];

export const noopManifest: ProviderManifest = {
  name: 'noop' as ProviderName,
  protocol: 1,
  summary: 'Runs nothing, and remembers it: for trying models out, for tests and measurements',
  configuration: {
    type: 'object',
    additionalProperties: true,
    properties: {
      delay: {
        type: ['string', 'object'],
        description:
          'How long a transition takes: `50ms`, `2s`, `1m`, or a map from transition to such a time, such as `start: 2s`.',
      },
      fail: {
        type: ['string', 'array'],
        items: { type: 'string', enum: transitions },
        description: 'The transition that fails, or several.',
      },
      failTimes: {
        type: 'integer',
        minimum: 0,
        description: 'How often it fails before it succeeds; without it, always.',
      },
      health: {
        type: 'string',
        enum: ['good', 'bad', 'unknown'],
        description: 'How the instance is while it is active; `good` without it.',
      },
    },
  },
  reconfigurable: ['delay', 'fail', 'failTimes', 'health'],
  reconfigureInterrupts: false,
  capabilities: ['route', 'watch'],
  fencing: 'claim',
  needs: [],
  portRange: null,
};
