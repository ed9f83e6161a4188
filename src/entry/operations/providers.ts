import type { ProviderManifest } from '../../core/base/manifest.js';
import type { Interruptible, Place } from '../cli/operations.js';
import { whileLooking } from './looking.js';

/** What a component may name as its provider, as far as the operator allows it. */
export function providers(
  version: string,
  request: Place & Interruptible,
): Promise<readonly ProviderManifest[]> {
  return whileLooking(version, request, async ({ wired }) => {
    const { providers: allowed } = wired.ports;
    return allowed.names().flatMap((name) => {
      const provider = allowed.get(name);
      return provider === null ? [] : [provider.manifest];
    });
  });
}
