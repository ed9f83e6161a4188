import type { DomainId } from '../core/base/names.js';
import { ownerKey } from '../core/base/names.js';
import { resolveTemplate } from '../core/plan/resolve.js';
import { lookupFor } from '../core/rollout/endpoints.js';
import type { Facts } from '../core/rollout/facts.js';
import type { ClusterState, InstanceState } from '../core/rollout/state.js';
import { secretPlaceholder } from '../core/rollout/world.js';
import type { InstanceRef, Provider } from '../ports/provider.js';

/** What a provider needs to look for an instance. Who only observes looks where the configuration says; no secret is in it. */
export function referenceTo(
  found: { readonly instance: InstanceState; readonly cluster: ClusterState },
  domain: DomainId,
  provider: Provider,
  facts: Pick<Facts, 'element'>,
): InstanceRef {
  const { instance, cluster } = found;
  const ref = { id: instance.id, owner: ownerKey(domain, instance.id) };
  if (!provider.manifest.capabilities.includes('observeOnly')) return { ...ref, configuration: null };
  const resolved = resolveTemplate(
    cluster.definition.configuration,
    lookupFor(instance, cluster, facts, secretPlaceholder),
  );
  return { ...ref, configuration: resolved.kind === 'resolved' ? resolved.value : null };
}
