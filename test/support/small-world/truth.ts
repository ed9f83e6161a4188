import type { Transition } from '../../../src/core/base/desired.js';
import type { Digest } from '../../../src/core/base/digest.js';
import type { InstanceId } from '../../../src/core/base/names.js';
import { splitInstanceId } from '../../../src/core/base/names.js';
import type { RoutedBackend } from '../../../src/core/rollout/state.js';
import type { Observation } from '../../../src/ports/provider.js';

export interface Resource {
  state: 'inactive' | 'active' | 'failure';
  digest: Digest | null;
  /** Runs, and answers badly until it is started again. */
  broken: boolean;
}

/** What really exists: the world behind the provider and the gateway, which the controller only sees by observing. */
export class Truth {
  readonly resources = new Map<InstanceId, Resource>();
  /** `solution/element#binding` → whom the gateway really sends to. */
  readonly routes = new Map<string, readonly RoutedBackend[]>();
  /** `solution/element/cluster` that can never be well. */
  readonly badReleases = new Set<string>();

  /** A transition as an idempotent provider carries it out. False: it cannot. */
  apply(id: InstanceId, transition: Transition, digest: Digest | null): boolean {
    const resource = this.resources.get(id);
    switch (transition) {
      case 'create':
        if (resource === undefined)
          this.resources.set(id, { state: 'inactive', digest: null, broken: false });
        return true;
      case 'configure':
      case 'reconfigure':
        if (resource === undefined) return false;
        resource.digest = digest;
        return true;
      case 'start':
        if (resource === undefined || resource.state === 'failure') return false;
        if (resource.state === 'inactive') resource.broken = false;
        resource.state = 'active';
        return true;
      case 'stop':
        if (resource !== undefined && resource.state === 'active') resource.state = 'inactive';
        return true;
      case 'destroy':
      case 'reset':
        this.resources.delete(id);
        return true;
    }
  }

  /** What is left of a transition that failed half-way. */
  spoil(id: InstanceId, transition: Transition): void {
    if (transition === 'create' || transition === 'start' || transition === 'configure') {
      const resource = this.resources.get(id);
      if (resource !== undefined) resource.state = 'failure';
      else if (transition === 'create')
        this.resources.set(id, { state: 'failure', digest: null, broken: false });
    }
  }

  isBad(id: InstanceId): boolean {
    const parts = splitInstanceId(id);
    return parts !== null && this.badReleases.has(`${parts.element}/${parts.cluster}`);
  }

  observe(id: InstanceId): Observation {
    const resource = this.resources.get(id);
    const bad = resource !== undefined && (resource.broken || this.isBad(id));
    return {
      id,
      presence: resource === undefined ? 'absent' : 'present',
      state: resource?.state ?? 'inactive',
      health: resource?.state !== 'active' ? 'unknown' : bad ? 'bad' : 'good',
      digest: resource?.digest ?? null,
      resource: null,
      detail: null,
      foreignHome: null,
    };
  }
}
