import type { Transition } from '../core/base/desired.js';
import type { Digest } from '../core/base/digest.js';
import type { InstanceId, OwnerKey, ProviderName } from '../core/base/names.js';
import { safe } from '../core/base/safe-text.js';
import type { Backend, InstanceTask, Observation, RouteTask } from '../ports/provider.js';

/** One thing that exists, as its technology knows it. */
export interface Resource {
  readonly id: InstanceId;
  readonly provider: ProviderName;
  readonly owner: OwnerKey;
  readonly home: string;
  readonly address: string;
  /** Where it listens from its last configuration or start on. */
  port: number | null;
  state: 'inactive' | 'active' | 'failure';
  /** Its own health: what its program says, whatever anybody saw. */
  sick: boolean;
  digest: Digest | null;
  /** Operation that made it. */
  readonly madeBy: string | null;
}

export interface Route {
  readonly task: RouteTask;
  readonly backends: readonly Backend[];
}

/** The truth about what exists. It outlives every controller, and people may reach into it. */
export class Technology {
  readonly resources = new Map<InstanceId, Resource>();
  readonly routes = new Map<string, Route>();
  /** Versions (`solution/element/version`) whose instances never turn healthy. */
  readonly badReleases = new Set<string>();
  /** Those that are well by their own word, and do not do what they are for: gates alone find that out. */
  readonly uselessReleases = new Set<string>();
  /** Highest epoch that was seen by anything here. */
  epoch = 0;
  /** What stood there before the last change, for reads that are stale. */
  private readonly former = new Map<
    InstanceId,
    { readonly observation: Observation; readonly untilMs: number }
  >();

  /** To be called before anything about the resource changes. */
  remember(id: InstanceId, nowMs: number): void {
    this.former.set(id, { observation: this.observation(id, true), untilMs: nowMs });
  }

  before(id: InstanceId): { readonly observation: Observation; readonly untilMs: number } | null {
    return this.former.get(id) ?? null;
  }

  /** Does a transition; true if something changed. Idempotent, as every provider is. */
  apply(
    transition: Transition,
    task: InstanceTask,
    about: { provider: ProviderName; operation: string | null },
  ): boolean {
    const known = this.resources.get(task.id);
    switch (transition) {
      case 'create':
        if (known !== undefined) return false;
        this.resources.set(task.id, {
          id: task.id,
          provider: about.provider,
          owner: task.owner,
          home: task.home,
          address: task.address,
          port: task.port,
          state: 'inactive',
          sick: false,
          digest: null,
          madeBy: about.operation,
        });
        return true;
      case 'configure':
      case 'reconfigure':
        if (known === undefined || known.digest === task.digest) return false;
        known.digest = task.digest;
        known.port = task.port;
        return true;
      case 'start':
        if (known === undefined || known.state === 'active') return false;
        known.state = 'active';
        known.port = task.port;
        known.sick = false;
        return true;
      case 'stop':
        if (known === undefined || known.state === 'inactive') return false;
        known.state = 'inactive';
        return true;
      case 'reset':
      case 'destroy':
        return this.resources.delete(task.id);
    }
  }

  isHealthy(resource: Resource): boolean {
    if (resource.state !== 'active' || resource.sick) return false;
    return this.badReleases.size === 0 || !this.badReleases.has(releaseOf(resource.id));
  }

  /** What a gate would see of it, asked without a fault. */
  passesGates(id: InstanceId): boolean {
    const resource = this.resources.get(id);
    if (resource === undefined || !this.isHealthy(resource)) return false;
    return this.uselessReleases.size === 0 || !this.uselessReleases.has(releaseOf(id));
  }

  /** Whether something healthy answers at this port. */
  answersAt(port: number | null): boolean {
    if (port === null) return false;
    for (const resource of this.resources.values())
      if (resource.port === port && this.isHealthy(resource)) return true;
    return false;
  }

  observation(id: InstanceId, knowsDigest: boolean): Observation {
    const resource = this.resources.get(id);
    return resource === undefined ? absent(id) : seen(resource, this.isHealthy(resource), knowsDigest);
  }

  /** `shop/api 1.0.0 #0 active`, sorted: what a person would call the state of the world; no run-time values in it. */
  summary(isApart: (id: InstanceId) => boolean = () => false): string[] {
    return [...this.resources.values()]
      .filter(({ id, state }) => state !== 'inactive' || !isApart(id))
      .map((resource) => {
        const [, solution = '', element = '', cluster = '', ordinal = ''] = resource.id.split('/');
        return `${solution}/${element} ${cluster} #${ordinal} ${resource.state}${resource.sick ? ' sick' : ''}`;
      })
      .sort();
  }

  /** Instances behind each listener, by names that do not depend on ports, sorted. */
  routing(): string[] {
    return [...this.routes.values()]
      .map(({ task, backends }) => {
        const to = backends.filter(({ weight }) => weight > 0).map(({ instance }) => instance);
        return `${task.key.slice(task.key.indexOf(':') + 1)} → ${to.sort().join(', ')}`;
      })
      .sort();
  }
}

/** `solution/element/version` */
function releaseOf(id: InstanceId): string {
  return id.slice(id.indexOf('/') + 1, id.lastIndexOf('~'));
}

function absent(id: InstanceId): Observation {
  return {
    id,
    presence: 'absent',
    state: 'inactive',
    health: 'unknown',
    digest: null,
    resource: null,
    detail: null,
    foreignHome: null,
  };
}

function seen(resource: Resource, healthy: boolean, knowsDigest: boolean): Observation {
  return {
    id: resource.id,
    presence: 'present',
    state: resource.state,
    health: healthy ? 'good' : 'bad',
    digest: knowsDigest ? resource.digest : null,
    resource: safe('thing'),
    detail: null,
    foreignHome: null,
  };
}
