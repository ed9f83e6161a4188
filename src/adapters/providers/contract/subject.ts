import { cancelSource } from '../../../ports/clock.js';
import { digestOf } from '../../../core/base/digest.js';
import {
  clusterKey,
  instanceId,
  ownerKey,
  type ComponentName,
  type DomainId,
  type DomainName,
  type ElementKey,
  type Generation,
} from '../../../core/base/names.js';
import type { Json } from '../../../core/base/data.js';
import type { Transition } from '../../../core/base/desired.js';
import type { Version } from '../../../core/base/version.js';
import type {
  InstanceTask,
  Observation,
  Outcome,
  Provider,
  ProviderContext,
} from '../../../ports/provider.js';

/** What the contract needs to know of the provider that it is held against. */
export interface Subject {
  /** A provider over one and the same backend at each call, as a restarted controller would make it. */
  readonly open: () => Provider;
  /** Of the controller. */
  readonly home: string;
  /** A configuration that works. */
  readonly configuration: Json;
  /** A port that is free, where the manifest needs one. */
  readonly freePort?: () => Promise<number>;
  /** Makes away with the instance without the provider, where that can be done. */
  readonly vanish?: (task: InstanceTask) => Promise<void>;
  /** True for a provider that only looks: it has fewer promises to keep. */
  readonly observeOnly?: boolean;
}

/** Shortest way to try a provider out: one instance and its verbs. */
export interface Trial {
  readonly task: InstanceTask;
  readonly provider: Provider;
  apply(transition: Transition, change?: Partial<InstanceTask>): Promise<Outcome>;
  /** As `apply`, for steps that only lead to what is tested. */
  must(...transitions: Transition[]): Promise<void>;
  observe(): Promise<Observation>;
  /** The same instance by another provider, as after a restart of the controller. */
  reopened(): Trial;
}

export function contextFor(blobs: { readonly [oid: string]: Uint8Array } = {}): ProviderContext {
  return {
    cancel: cancelSource().cancel,
    timeoutMs: 30_000,
    operation: null,
    epoch: 1,
    revision: null,
    blobs: (oids) => Promise.resolve(oids.map((oid) => blobs[oid] ?? null)),
    log: () => undefined,
  };
}

export interface TaskOptions {
  readonly domain: string;
  readonly ordinal?: number;
  readonly home: string;
  readonly configuration: Json;
  readonly port?: number | null;
}

export function taskFor({
  domain,
  ordinal = 0,
  home,
  configuration,
  port = null,
}: TaskOptions): InstanceTask {
  const version = '1.0.0' as Version;
  const generation = '0a1b2c3d' as Generation;
  const element = 'shop/api' as ElementKey;
  const id = instanceId('prod' as DomainName, element, clusterKey(version, generation), ordinal);
  return {
    id,
    owner: ownerKey(domain as DomainId, id),
    home,
    ordinal,
    component: 'api' as ComponentName,
    version,
    generation,
    configuration,
    digest: digestOf(configuration),
    artifacts: [],
    address: '127.0.0.1',
    port,
    timeoutMs: 5_000,
  };
}

export async function trialOf(subject: Subject, domain: string, ordinal = 0): Promise<Trial> {
  const { home, configuration } = subject;
  const port = (await subject.freePort?.()) ?? null;
  return trialWith(subject, taskFor({ domain, ordinal, home, configuration, port }));
}

export function trialWith(subject: Pick<Subject, 'open'>, task: InstanceTask, ctx = contextFor()): Trial {
  const provider = subject.open();
  const apply: Trial['apply'] = (transition, change) =>
    provider.apply(transition, { ...task, ...change }, ctx);
  return {
    task,
    provider,
    apply,
    async must(...transitions) {
      for (const transition of transitions) {
        const outcome = await apply(transition);
        if (outcome.kind !== 'done') throw new Error(`${transition}: ${outcome.kind}: ${outcome.message}`);
      }
    },
    async observe() {
      const [seen] = await provider.observe([task], ctx);
      if (seen === undefined) throw new Error('observe answered nothing');
      return seen;
    },
    reopened: () => trialWith(subject, task, ctx),
  };
}
