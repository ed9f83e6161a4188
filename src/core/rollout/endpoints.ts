import { isMap, type Json } from '../base/data.js';
import type { Relationship } from '../base/desired.js';
import type { BindingKey, InstanceId } from '../base/names.js';
import { exposeBinding } from '../base/names.js';
import type { Reference, Template } from '../base/template.js';
import { usesAddress } from '../base/template.js';
import { compareVersions, satisfies } from '../base/version.js';
import type { Lookup } from '../plan/resolve.js';
import { resolveTemplate, valueAt } from '../plan/resolve.js';
import type { Facts } from './facts.js';
import { locate } from './needs.js';
import type { ClusterState, ElementState, InstanceState, RouteScheme } from './state.js';

/** Where gateway listeners are reached. */
export const listenerAddress = '127.0.0.1';

/** Everything that an instance's configuration may refer to; secrets as the caller wants them. */
export function lookupFor(
  instance: InstanceState,
  cluster: ClusterState,
  facts: Pick<Facts, 'element'>,
  secret: (name: string) => Json | undefined,
): Lookup {
  return (reference) => {
    switch (reference.of) {
      case 'instance':
        return instanceField(instance, reference.field);
      case 'secret':
        return secret(reference.name);
      case 'element':
        return valueAt(ownEndpoint(instance, cluster, facts), reference.path);
      case 'relationship':
        return relationshipValue(reference, instance, cluster, facts);
    }
  };
}

function instanceField(
  instance: InstanceState,
  field: 'name' | 'ordinal' | 'address' | 'port',
): Json | undefined {
  switch (field) {
    case 'name':
      return instance.id;
    case 'ordinal':
      return instance.ordinal;
    case 'address':
      return instance.runtime?.address;
    case 'port':
      return instance.runtime?.port ?? undefined;
  }
}

function ownEndpoint(
  instance: InstanceState,
  cluster: ClusterState,
  facts: Pick<Facts, 'element'>,
): Json | undefined {
  const element = facts.element(instance.element);
  const template = cluster.definition.endpoint;
  if (element === null || template === null) return undefined;
  const listener = element.listeners.get(exposeBinding) ?? [...element.listeners.values()][0];
  const at =
    listener === undefined
      ? { address: instance.runtime?.address, port: instance.runtime?.port }
      : { address: listenerAddress, port: listener.port };
  return endpointOf(template, at, instance.ordinal, instance.id);
}

/** `many`: the name of the dependency stands for the list of all that fulfil it. */
function relationshipValue(
  reference: Extract<Reference, { of: 'relationship' }>,
  instance: InstanceState,
  cluster: ClusterState,
  facts: Pick<Facts, 'element'>,
): Json | undefined {
  const own = cluster.definition.relationships.find(
    (relationship) => relationship.name === reference.name && !relationship.many,
  );
  if (own !== undefined) return valueAt(endpointFor(own, instance, facts), reference.path);
  const all = cluster.definition.relationships.filter(
    (r) => r.name === reference.name || r.dependency === reference.name,
  );
  const endpoints = all.map((relationship) => endpointFor(relationship, instance, facts));
  if (endpoints.some((endpoint) => endpoint === undefined)) return undefined;
  const list = endpoints as Json[];
  // By its own name a relationship of a `many` dependency is one endpoint; by an index, or whole, it is the list.
  const single =
    all.length === 1 && all[0]?.name === reference.name && !/^[0-9]+$/.test(reference.path[0] ?? '0');
  return single ? valueAt(list[0], reference.path) : valueAt(list, reference.path);
}

/** What a consumer gets: of a context the endpoint of the instance it runs on, of a service its binding's. */
export function endpointFor(
  relationship: Relationship,
  instance: InstanceState,
  facts: Pick<Facts, 'element'>,
): Json | undefined {
  if (relationship.type === 'context')
    return contextEndpoint(instance.runtime?.placement[relationship.name], facts);
  const provider = facts.element(relationship.provider);
  return provider === null
    ? undefined
    : bindingEndpoint(provider, relationship.range as string as BindingKey);
}

function contextEndpoint(placed: InstanceId | undefined, facts: Pick<Facts, 'element'>): Json | undefined {
  const context = placed === undefined ? null : locate(placed, facts as Facts);
  if (context === null) return undefined;
  const template = facts.element(context.element)?.clusters.get(context.cluster)?.definition.endpoint ?? null;
  if (template === null) return {};
  return endpointOf(
    template,
    { address: context.runtime?.address, port: context.runtime?.port },
    context.ordinal,
    context.id,
  );
}

/** The endpoint template of the highest version in range, with address and port replaced by the listener's. */
export function bindingEndpoint(element: ElementState, binding: BindingKey): Json | undefined {
  const template = templateFor(element, binding);
  if (template === undefined) return undefined;
  if (template === null) return {};
  const listener = element.listeners.get(binding);
  if (listener === undefined && usesAddress(template)) return undefined;
  return endpointOf(template, { address: listenerAddress, port: listener?.port }, 0, element.key);
}

/** http → HTTP, everything else is a stream of bytes; https too, whose certificate is the backend's own. */
export function schemeOf(endpoint: Json | undefined): RouteScheme {
  const url = isMap(endpoint) ? endpoint['url'] : undefined;
  return typeof url === 'string' && /^http:/.test(url) ? 'http' : 'tcp';
}

function templateFor(element: ElementState, binding: BindingKey): Template | null | undefined {
  const inRange = [...element.clusters.values()].filter(
    (cluster) => binding === exposeBinding || satisfies(cluster.definition.version, binding as never),
  );
  inRange.sort(
    (a, b) => compareVersions(b.definition.version, a.definition.version) || (a.key < b.key ? -1 : 1),
  );
  return inRange[0]?.definition.endpoint;
}

export function endpointOf(
  template: Template,
  at: { address?: string | undefined; port?: number | null | undefined },
  ordinal: number,
  name: string,
): Json | undefined {
  const resolved = resolveTemplate(template, (reference) => {
    if (reference.of !== 'instance') return undefined;
    switch (reference.field) {
      case 'address':
        return at.address;
      case 'port':
        return at.port ?? undefined;
      case 'ordinal':
        return ordinal;
      case 'name':
        return name;
    }
  });
  return resolved.kind === 'resolved' ? resolved.value : undefined;
}
