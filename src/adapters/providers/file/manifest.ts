import type { ProviderManifest } from '../../../core/base/manifest.js';
import type { ProviderName } from '../../../core/base/names.js';

const mode = { type: 'string', description: 'Octal, quoted: `"0644"`.', minLength: 3, maxLength: 4 };

export const fileManifest: ProviderManifest = {
  name: 'file' as ProviderName,
  protocol: 1,
  summary: 'Files rendered from the model, and folders that hold the data of others',
  configuration: {
    type: 'object',
    additionalProperties: false,
    properties: {
      path: {
        type: 'string',
        description:
          'Absolute path of the folder. Without it the instance has a folder of its own, whose path is `${instance.address}`.',
      },
      folder: {
        type: 'boolean',
        description:
          'The folder holds the data of others: what they put into it stays until it is destroyed.',
      },
      files: {
        type: 'object',
        additionalProperties: {
          type: ['string', 'object'],
          properties: { content: { type: 'string' }, mode },
        },
        description:
          'Relative path → content, or `{ content, mode }`. The artifacts of the release lie beside them.',
      },
      mode: { ...mode, description: 'Of the folder; octal, quoted: `"0755"`.' },
    },
  },
  reconfigurable: ['files'],
  reconfigureInterrupts: false,
  capabilities: [],
  fencing: 'claim',
  needs: [],
  portRange: null,
};
