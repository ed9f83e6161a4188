import type { Transition } from '../../../src/core/base/desired.js';
import type { Digest } from '../../../src/core/base/digest.js';
import type { InstanceId, OwnerKey, ProviderName } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import { cancelSource, type Clock } from '../../../src/ports/clock.js';
import type {
  Backend,
  InstanceTask,
  Observation,
  Outcome,
  Page,
  Provider,
  ProviderContext,
  Providers,
  RouteTask,
} from '../../../src/ports/provider.js';
import { manifest } from '../model-repository.js';

export interface Resource {
  state: 'inactive' | 'active' | 'failure';
  health: 'good' | 'bad';
  digest: Digest | null;
  owner: OwnerKey;
  home: string;
}

/**
 * How a call goes. `lost`: done, and the answer never comes; `hangs`: not done, and no answer;
 * `unknown`: done, and the answer says that nobody knows; `rejects`: not done, and the promise breaks.
 */
export type Fate = 'done' | 'fails' | 'refused' | 'lost' | 'hangs' | 'unknown' | 'rejects';

export interface Applied {
  readonly transition: Transition;
  readonly id: InstanceId;
  readonly operation: string | null;
  readonly epoch: number;
  readonly configuration: unknown;
}

/** The truth about what exists, and everything that was ever done to it. It outlives every controller. */
export class FakeTechnology {
  readonly resources = new Map<InstanceId, Resource>();
  readonly routes = new Map<string, { readonly task: RouteTask; readonly backends: readonly Backend[] }>();
  /** Calls of `apply` that arrived, in order. */
  readonly asked: Applied[] = [];
  /** Operation ids of the orders to the router. */
  readonly routed: (string | null)[] = [];
  /** What really changed: `create prod/…`. */
  readonly effects: string[] = [];
  /** Creates of what existed already. */
  readonly adopted: InstanceId[] = [];
  /** Everything that was asked, in order: `observe prod/…`, `create prod/…`. */
  readonly timeline: string[] = [];
  fate: (transition: Transition, id: InstanceId, nth: number) => Fate = () => 'done';
  routeFate: (key: string) => Fate = () => 'done';
  unrouteFate: (key: string) => Fate = () => 'done';
  /** Ports that programs of others have. */
  isForeign: (port: number) => boolean = () => false;
  /** Health of what starts. */
  healthOf: (id: InstanceId) => 'good' | 'bad' = () => 'good';
  canObserve = true;
  /** How long an effect takes, in milliseconds. */
  latencyMs = 5;
  /** Instances with a mutation under way, and of which epoch: no controller ever has two on one. */
  private readonly busy = new Map<InstanceId, number>();
  readonly overlaps: InstanceId[] = [];

  applyNow(transition: Transition, task: InstanceTask): void {
    const known = this.resources.get(task.id);
    const before = JSON.stringify(known ?? null);
    switch (transition) {
      case 'create':
        if (known === undefined)
          this.resources.set(task.id, {
            state: 'inactive',
            health: 'good',
            digest: null,
            owner: task.owner,
            home: task.home,
          });
        else this.adopted.push(task.id);
        break;
      case 'configure':
      case 'reconfigure':
        if (known) known.digest = task.digest;
        break;
      case 'start':
        if (known) {
          known.state = 'active';
          known.health = this.healthOf(task.id);
        }
        break;
      case 'stop':
        if (known) known.state = 'inactive';
        break;
      case 'reset':
      case 'destroy':
        this.resources.delete(task.id);
        break;
    }
    if (JSON.stringify(this.resources.get(task.id) ?? null) !== before)
      this.effects.push(`${transition} ${task.id}`);
  }

  /** Waits, applies, answers — unless fate wants it otherwise. */
  async apply(
    clock: Clock,
    transition: Transition,
    task: InstanceTask,
    ctx: ProviderContext,
  ): Promise<Outcome> {
    const { operation, epoch } = ctx;
    const nth = this.asked.filter((call) => call.transition === transition && call.id === task.id).length;
    this.timeline.push(`${transition} ${task.id}`);
    this.asked.push({ transition, id: task.id, operation, epoch, configuration: task.configuration });
    const fate = this.fate(transition, task.id, nth);
    if (this.busy.get(task.id) === epoch) this.overlaps.push(task.id);
    if (fate === 'hangs') return never();
    if (fate === 'rejects') throw new Error('the provider has a bug');
    this.busy.set(task.id, epoch);
    await clock.sleepUntil(clock.monoMs() + this.latencyMs, cancelSource().cancel);
    this.busy.delete(task.id);
    if (fate === 'fails' || fate === 'refused') {
      return { kind: 'failed', retryable: fate === 'fails', code: 'fake', message: safe('it did not work') };
    }
    this.applyNow(transition, task);
    if (fate === 'lost') return never();
    if (fate === 'unknown') return { kind: 'unknown', message: safe('the line went dead') };
    return { kind: 'done', observation: this.observation(task.id) };
  }

  observation(id: InstanceId): Observation {
    const resource = this.resources.get(id);
    return {
      id,
      presence: resource === undefined ? 'absent' : 'present',
      state: resource?.state ?? 'inactive',
      health: resource?.health ?? 'unknown',
      digest: resource?.digest ?? null,
      resource: resource === undefined ? null : safe(`thing ${id.split('/').at(-1)}`),
      detail: null,
      foreignHome: null,
    };
  }

  /** `shop/api/1.0.0 #0 active`, sorted: what a person would call the state of the world. */
  summary(): string[] {
    return [...this.resources]
      .map(([id, { state, health }]) => {
        const [, solution, element, cluster, ordinal] = id.split('/');
        return `${solution}/${element} ${cluster?.split('~')[0]} #${ordinal} ${state} ${health}`;
      })
      .sort();
  }

  /** Instances behind each listener, by names that do not depend on ports. */
  routing(): string[] {
    return [...this.routes.values()]
      .map(({ task, backends }) => {
        const to = backends
          .filter(({ weight }) => weight > 0)
          .map(({ instance }) => instance.split('/').slice(2).join('/'));
        return `${task.key.slice(task.key.indexOf(':') + 1)} → ${to.sort().join(', ')}`;
      })
      .sort();
  }
}

export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** One provider `noop` with a port for each instance, and a gateway. */
export function fakeProviders(technology: FakeTechnology, clock: Clock): Providers {
  const provider: Provider = {
    manifest: manifest('noop', { needs: ['port'], portRange: [20_000, 24_999] }),
    observe(instances) {
      technology.timeline.push(...instances.map(({ id }) => `observe ${id}`));
      if (!technology.canObserve) return Promise.reject(new Error('nothing to be seen'));
      return Promise.resolve(instances.map(({ id }) => technology.observation(id)));
    },
    list(owner): Promise<Page> {
      const resources = [...technology.resources]
        .filter(([, resource]) => resource.owner.startsWith(owner))
        .map(([id, resource]) => ({ ...technology.observation(id), owner: resource.owner }));
      return Promise.resolve({ resources, cursor: null });
    },
    apply: (transition, task, ctx) => technology.apply(clock, transition, task, ctx),
  };
  const route: NonNullable<Provider['route']> = (task, backends, ctx) => {
    technology.routed.push(ctx.operation);
    const fate = technology.routeFate(task.key);
    if (fate === 'hangs') return never();
    if (fate === 'fails')
      return Promise.resolve({ kind: 'failed', retryable: true, code: 'fake', message: safe('no gateway') });
    if (technology.isForeign(task.port))
      return Promise.resolve({
        kind: 'failed',
        retryable: false,
        code: 'port.taken',
        message: safe('taken'),
      });
    technology.routes.set(task.key, { task, backends });
    return Promise.resolve({ kind: 'done', observation: null });
  };
  const unroute: NonNullable<Provider['unroute']> = (key) => {
    if (technology.unrouteFate(key) === 'fails')
      return Promise.resolve({ kind: 'failed', retryable: true, code: 'fake', message: safe('no gateway') });
    technology.routes.delete(key);
    return Promise.resolve({ kind: 'done', observation: null });
  };
  const routes: NonNullable<Provider['routes']> = (owner) =>
    Promise.resolve([...technology.routes.keys()].filter((key) => key.startsWith(owner)));
  return {
    get: (name) => (name === 'noop' ? provider : null),
    names: () => ['noop' as ProviderName],
    gateway: { manifest: manifest('gateway', { portRange: [25_000, 29_999] }), route, unroute, routes },
  };
}
