import type { Brand } from './brand.js';
import type { Version } from './version.js';

export type DomainName = Brand<string, 'DomainName'>;
export type SolutionName = Brand<string, 'SolutionName'>;
export type ElementName = Brand<string, 'ElementName'>;
export type ComponentName = Brand<string, 'ComponentName'>;
export type ProviderName = Brand<string, 'ProviderName'>;
/** `solution/element`, unique in a domain. */
export type ElementKey = Brand<string, 'ElementKey'>;
/** First 8 hex digits of the digest of all that cannot be reconfigured in place. */
export type Generation = Brand<string, 'Generation'>;
/** `version~generation`, unique in an element. */
export type ClusterKey = Brand<string, 'ClusterKey'>;
/** `domain/solution/element/version~generation/ordinal`. */
export type InstanceId = Brand<string, 'InstanceId'>;
/** The domain's id: minted once, the same for as long as the domain lives. */
export type DomainId = Brand<string, 'DomainId'>;
/** `<domain id>:<instance id>`: stands on every resource that is ours. */
export type OwnerKey = Brand<string, 'OwnerKey'>;
/** A commit's object id. */
export type Revision = Brand<string, 'Revision'>;
export type RolloutId = Brand<string, 'RolloutId'>;
export type OperationId = Brand<string, 'OperationId'>;
/** What a consumer is bound to: a range (`>=1.2 <3`) of a provider element, or `expose`. */
export type BindingKey = Brand<string, 'BindingKey'>;

export const exposeBinding = 'expose' as BindingKey;

/** Names people give: lower case, so that they are valid in host names, paths and refs. */
export const namePattern = '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$';

export function elementKey(solution: SolutionName, element: ElementName): ElementKey {
  return `${solution}/${element}` as ElementKey;
}

export function splitElementKey(key: ElementKey): { solution: SolutionName; element: ElementName } {
  const slash = key.indexOf('/');
  return { solution: key.slice(0, slash) as SolutionName, element: key.slice(slash + 1) as ElementName };
}

export function clusterKey(version: Version, generation: Generation): ClusterKey {
  return `${version}~${generation}` as ClusterKey;
}

export function instanceId(
  domain: DomainName,
  element: ElementKey,
  cluster: ClusterKey,
  ordinal: number,
): InstanceId {
  return `${domain}/${element}/${cluster}/${ordinal}` as InstanceId;
}

export interface InstanceParts {
  readonly domain: DomainName;
  readonly solution: SolutionName;
  readonly element: ElementKey;
  readonly cluster: ClusterKey;
  readonly ordinal: number;
}

/** The inverse of `instanceId`; null for text that is none. */
export function splitInstanceId(id: string): InstanceParts | null {
  const [domain, solution, element, cluster, ordinal, ...rest] = id.split('/');
  if (!domain || !solution || !element || !cluster || !ordinal || rest.length > 0) return null;
  if (!/^[0-9]+$/.test(ordinal) || !cluster.includes('~')) return null;
  return {
    domain: domain as DomainName,
    solution: solution as SolutionName,
    element: `${solution}/${element}` as ElementKey,
    cluster: cluster as ClusterKey,
    ordinal: Number(ordinal),
  };
}

export function ownerKey(domain: DomainId, instance: InstanceId): OwnerKey {
  return `${domain}:${instance}` as OwnerKey;
}

/** `shop/api#expose`: a listener within its domain. */
export function listenerName(element: ElementKey, binding: BindingKey): string {
  return `${element}#${binding}`;
}

/** By which a router that serves several domains tells their listeners apart. */
export function routeKey(domain: DomainId, element: ElementKey, binding: BindingKey): string {
  return `${domain}:${listenerName(element, binding)}`;
}

/** Null for what is no key of a router. */
export function splitRouteKey(key: string): { element: ElementKey; binding: BindingKey } | null {
  const [, element, binding] = /^[^:]*:([^#]+)#(.+)$/.exec(key) ?? [];
  if (element === undefined || binding === undefined) return null;
  return { element: element as ElementKey, binding: binding as BindingKey };
}

/** The listener that a router's key means, within its domain. */
export function listenerOf(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}
