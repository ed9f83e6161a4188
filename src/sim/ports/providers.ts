import type { Capability, ProviderManifest } from '../../core/base/manifest.js';
import type { InstanceId, ProviderName } from '../../core/base/names.js';
import type { Observation, Provider, Providers } from '../../ports/provider.js';
import type { Incarnation } from '../incarnation.js';
import { lost } from '../incarnation.js';
import type { Mutation } from '../watcher.js';
import type { World } from '../world.js';
import { gatewayOf } from './gateway.js';
import { meet, mutate } from './mutate.js';

export interface Kind {
  readonly name: ProviderName;
  readonly needsPort: boolean;
  readonly watches: boolean;
  /** A change of configuration needs a restart. */
  readonly interrupts: boolean;
  /** Can tell which configuration a resource has. */
  readonly knowsDigest: boolean;
}

/** Technologies that differ in what they can do; one lifecycle has to do for all of them. */
export const kinds: readonly Kind[] = [
  { name: 'machine' as ProviderName, needsPort: true, watches: true, interrupts: true, knowsDigest: true },
  { name: 'cloud' as ProviderName, needsPort: true, watches: false, interrupts: false, knowsDigest: true },
  { name: 'rules' as ProviderName, needsPort: false, watches: true, interrupts: false, knowsDigest: false },
];

export function manifestOf(kind: Kind, index: number): ProviderManifest {
  const capabilities: Capability[] = kind.watches ? ['watch'] : [];
  return {
    name: kind.name,
    protocol: 1,
    summary: `simulated ${kind.name}`,
    configuration: null,
    reconfigurable: ['setting', 'url'],
    reconfigureInterrupts: kind.interrupts,
    capabilities,
    fencing: 'backend',
    needs: kind.needsPort ? ['port'] : [],
    portRange: kind.needsPort ? [20_000 + 1_000 * index, 20_999 + 1_000 * index] : null,
  };
}

/** All providers and the gateway, as one incarnation has them. */
export function providersPort(incarnation: Incarnation): Providers {
  const providers = new Map(
    kinds.map((kind, index) => [kind.name, providerOf(incarnation, kind, manifestOf(kind, index))]),
  );
  return {
    get: (name) => providers.get(name) ?? null,
    names: () => [...providers.keys()].sort(),
    gateway: gatewayOf(incarnation),
  };
}

function providerOf(incarnation: Incarnation, kind: Kind, manifest: ProviderManifest): Provider {
  const { world } = incarnation;
  const provider: Provider = {
    manifest,
    observe(refs, ctx) {
      const moment = `${incarnation.number} ${kind.name} observe`;
      return incarnation.call({
        port: 'provider',
        verb: 'observe',
        key: refs.map(({ id }) => id).join(' '),
        place: 'elsewhere',
        afterMs: world.latency(moment),
        run() {
          meet(world, ctx.epoch);
          if (world.faults.strikes('provider.error', moment)) throw new Error('the backend does not answer');
          if (world.faults.strikes('provider.timeoutNotApplied', moment)) return lost;
          return refs.map(({ id }) => look(world, id, kind));
        },
      });
    },
    list(owner, _cursor, ctx) {
      const moment = `${incarnation.number} ${kind.name} list`;
      return incarnation.call({
        port: 'provider',
        verb: 'list',
        key: kind.name,
        place: 'elsewhere',
        afterMs: world.latency(moment),
        run() {
          meet(world, ctx.epoch);
          if (world.faults.strikes('provider.error', moment)) throw new Error('the backend does not answer');
          const resources = [...world.technology.resources.values()]
            .filter((resource) => resource.provider === kind.name && resource.owner.startsWith(owner))
            .map(({ id, owner: key }) => ({
              ...world.technology.observation(id, kind.knowsDigest),
              owner: key,
            }));
          return { resources, cursor: null };
        },
      });
    },
    apply: (transition, task, ctx) => {
      const mutation: Mutation = {
        by: incarnation,
        provider: kind.name,
        verb: transition,
        key: task.id,
        owner: task.owner,
        operation: ctx.operation,
        epoch: ctx.epoch,
        revision: ctx.revision,
        digest: task.digest,
        backends: null,
      };
      return mutate(
        incarnation,
        mutation,
        () => world.technology.apply(transition, task, { provider: kind.name, operation: ctx.operation }),
        () => world.technology.observation(task.id, kind.knowsDigest),
      );
    },
  };
  if (!kind.watches) return provider;
  return {
    ...provider,
    watch(_owner, notify, cancel) {
      world.follow(kind.name, incarnation, notify);
      return new Promise((resolve) => void cancel.onCancel(resolve));
    },
  };
}

/** What is seen; a stale read shows what stood there before the last change. */
function look(world: World, id: InstanceId, kind: Kind): Observation {
  const before = world.technology.before(id);
  if (before !== null && world.now - before.untilMs < 5_000 && world.faults.strikes('provider.staleRead', id))
    return before.observation;
  return world.technology.observation(id, kind.knowsDigest);
}
