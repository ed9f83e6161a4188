import type { DesiredElement } from '../../../core/base/desired.js';
import type { ProviderName } from '../../../core/base/names.js';
import { usesAddress } from '../../../core/base/template.js';
import type { DesiredDomain } from '../../../core/graph/types.js';

/** What runs on the machine of its controller, and would be gone with the runner. */
const bound: ReadonlySet<string> = new Set(['process']);

interface Known {
  get(name: ProviderName): { readonly route?: unknown } | null;
}

/** Why a runner that is gone after its job cannot apply it; null: it can. */
export function boundReason(desired: DesiredDomain, providers: Known): string | null {
  for (const { elements } of desired.solutions.values()) {
    for (const element of elements.values()) {
      const isReached = element.expose !== null || desired.consumers(element.key).length > 0;
      const reason = reasonOf(element, isReached, providers);
      if (reason === null) continue;
      const { file, line } = element.position;
      return `${element.key} (${file}:${line}) ${reason} on the machine of the controller, and this machine is gone after the job`;
    }
  }
  return null;
}

function reasonOf({ clusters }: DesiredElement, isReached: boolean, providers: Known): string | null {
  for (const { definition } of clusters) {
    const { provider, endpoint } = definition;
    if (bound.has(provider)) return `is of provider ${provider}, whose instances run`;
    const routesItself = providers.get(provider)?.route !== undefined;
    if (isReached && !routesItself && usesAddress(endpoint))
      return 'is reached through the gateway, which runs';
  }
  return null;
}
