import type { HealthCheck, Transition } from '../base/desired.js';
import type { Seen } from './facts.js';
import { unseen } from './world.js';

/** What will be seen, and when. */
export interface Sight {
  readonly at: number;
  readonly seen: Seen;
}

/** What will be seen after a transition that succeeds; a probe needs its answers before an instance is good. */
export function foresee(
  transition: Transition,
  at: number,
  before: Seen,
  health: HealthCheck | null,
): readonly Sight[] {
  switch (transition) {
    case 'create':
    case 'configure':
    case 'stop':
      return [{ at, seen: { ...unseen, presence: 'present', state: 'inactive' } }];
    case 'start': {
      const good = at + (health === null ? 0 : health.intervalMs * health.healthyAfter);
      const active = { ...unseen, presence: 'present' as const, state: 'active' as const };
      return [
        { at, seen: active },
        { at: good, seen: { ...active, health: 'good', goodSince: good } },
      ];
    }
    case 'destroy':
    case 'reset':
      return [{ at, seen: { ...unseen, presence: 'absent' } }];
    case 'reconfigure':
      // What it was found with before says nothing about what it was given now.
      return [{ at, seen: { ...before, digest: null } }];
  }
}
