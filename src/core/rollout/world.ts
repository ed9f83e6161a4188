import type { Json } from '../base/data.js';
import type { Digest } from '../base/digest.js';
import { digestOf } from '../base/digest.js';
import type { DomainId, InstanceId, ProviderName } from '../base/names.js';
import { sortedBy } from '../base/order.js';
import type { Template } from '../base/template.js';
import { referencesIn } from '../base/template.js';
import { resolveTemplate } from '../plan/resolve.js';
import { lookupFor } from './endpoints.js';
import type { Facts, Seen } from './facts.js';
import type { Pause } from './pause.js';
import type { ClusterState, InstanceState } from './state.js';
import type { Tables } from './tables.js';
import { elementAt } from './tables.js';

/** What decisions need to know of providers, beside the state. */
export interface Traits {
  address(provider: ProviderName, id: InstanceId): string;
  needsPort(provider: ProviderName): boolean;
  portRange(provider: ProviderName | 'gateway'): readonly [first: number, last: number];
  reconfigureInterrupts(provider: ProviderName): boolean;
}

export interface World {
  readonly tables: Tables;
  readonly domainId: DomainId;
  readonly traits: Traits;
  /** When this controller began; 0 without it. */
  readonly begunAt?: number;
  /** Each rollout is to come to its end by itself, whatever those around it come to. */
  readonly isPreview?: true;
  /** What people have paused; absent where nobody can. */
  pauses?(): readonly Pause[];
  now(): number;
  /** Milliseconds since 1970; absent where no time of day is to count. */
  wallNow?(): number;
  seen(id: InstanceId): Seen;
}

export const unseen: Seen = {
  presence: 'unknown',
  state: null,
  digest: null,
  resource: null,
  detail: null,
  health: 'unknown',
  goodSince: null,
  foreignHome: null,
};

/** The view that `decide` reads: tables, what was seen, and what providers are like. */
export function factsOver(world: World): Facts {
  const { tables, traits } = world;
  const digestFor = digests(world);
  const ports = portFinder(world);
  return {
    get now() {
      return world.now();
    },
    begunAt: world.begunAt ?? 0,
    ...(world.wallNow === undefined ? {} : { wallNow: () => world.wallNow?.() ?? 0 }),
    element: (key) => elementAt(tables, key),
    ...(world.isPreview === true ? {} : { solution: (name) => tables.solutions.get(name) ?? null }),
    consumers: (key) => sortedBy(tables.consumers.get(key) ?? [], (consumer) => consumer),
    seen: (id) => world.seen(id),
    dependents: (id) => tables.dependents.get(id) ?? 0,
    pauses: () => world.pauses?.() ?? [],
    configurationDigest: digestFor,
    address: (provider, id) => traits.address(provider, id),
    needsPort: (provider) => traits.needsPort(provider),
    freePort: ports,
    reconfigureInterrupts: (provider) => traits.reconfigureInterrupts(provider),
  };
}

/** A secret has a place in the digest, its value never. */
export const secretPlaceholder = (name: string): Json => `\${secrets.${name}}`;

/** Digests are asked for at every decision and change seldom, so they are remembered by what they were made from. */
function digests(world: World): Facts['configurationDigest'] {
  const constant = new Map<Digest, Digest>();
  const remembered = new Map<
    InstanceId,
    { readonly inputs: string; readonly template: Template; readonly digest: Digest }
  >();
  return (instance, cluster) => {
    const template = cluster.definition.configuration;
    if (template.kind === 'literal') {
      const known = constant.get(cluster.definition.configurationDigest);
      if (known !== undefined) return known;
      const digest = digestOf(template.value);
      constant.set(cluster.definition.configurationDigest, digest);
      return digest;
    }
    const inputs = inputsOf(instance, cluster, template, world);
    if (inputs === null) return null;
    const known = remembered.get(instance.id);
    if (known !== undefined && known.template === template && known.inputs === inputs) return known.digest;
    const resolved = resolveTemplate(template, lookup(instance, cluster, world));
    if (resolved.kind === 'unknown') return null;
    const digest = digestOf(resolved.value);
    remembered.set(instance.id, { inputs, template, digest });
    return digest;
  };
}

function lookup(instance: InstanceState, cluster: ClusterState, world: World): ReturnType<typeof lookupFor> {
  return lookupFor(instance, cluster, { element: (key) => elementAt(world.tables, key) }, secretPlaceholder);
}

function inputsOf(
  instance: InstanceState,
  cluster: ClusterState,
  template: Template,
  world: World,
): string | null {
  const look = lookup(instance, cluster, world);
  let inputs = '';
  for (const reference of referencesIn(template)) {
    const value = look(reference);
    if (value === undefined) return null;
    inputs += `${JSON.stringify(value)}\n`;
  }
  return inputs;
}

/** The search begins at a place of the domain's own, so that two domains on one machine seldom meet. */
function portFinder(world: World): Facts['freePort'] {
  const start = Number.parseInt(digestOf(world.domainId).slice(2, 10), 16);
  return (provider, nth, after = null) => {
    const [first, last] = world.traits.portRange(provider);
    const width = last - first + 1;
    const begin = after === null || after < first || after > last ? start : after + 1 - first;
    let skip = nth;
    for (let i = 0; i < width; i++) {
      const port = first + ((begin + i) % width);
      if (!world.tables.ports.has(port) && skip-- === 0) return port;
    }
    return null;
  };
}
