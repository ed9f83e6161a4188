import type { ProviderManifest } from '../../../core/base/manifest.js';
import type { ProviderName } from '../../../core/base/names.js';

/** Ports are below the range that Linux hands to outgoing connections (32768 and up). */
export const defaultPortRange: readonly [number, number] = [20_000, 24_999];

export function processManifest(portRange: readonly [number, number]): ProviderManifest {
  return {
    name: 'process' as ProviderName,
    protocol: 1,
    summary: 'Operating-system processes of this machine that outlive the controller',
    configuration: {
      type: 'object',
      additionalProperties: false,
      required: ['command'],
      properties: {
        command: {
          type: 'array',
          minItems: 1,
          items: { type: ['string', 'number', 'boolean'] },
          description:
            'Program and arguments, no shell. A program without a slash is looked for in PATH, one with a slash below the working folder.',
        },
        env: {
          type: 'object',
          additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
          description: 'Environment, beside PATH, HOME, LANG and TMPDIR. The place for secrets.',
        },
        directory: {
          type: 'string',
          description: 'Folder to run in, below the working folder; made if there is none.',
        },
      },
    },
    reconfigurable: [],
    // `ps` shows arguments to every user.
    shownKeys: ['command', 'directory'],
    reconfigureInterrupts: true,
    capabilities: ['watch', 'logs'],
    fencing: 'claim',
    needs: ['port'],
    portRange,
  };
}
