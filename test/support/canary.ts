import type { CanaryStep, Share } from '../../src/core/base/canary.js';
import type { RolloutPolicy } from '../../src/core/base/desired.js';
import type { ElementState, SolutionState } from '../../src/core/rollout/state.js';
import type { ElementSpec } from './desired.js';
import { shop } from './desired.js';
import type { SmallWorld } from './small-world/world.js';

export function step(share: Share, pauseMs = 0): CanaryStep {
  return { share, pauseMs, gates: [] };
}

export const count = (value: number): Share => ({ kind: 'count', value });
export const weight = (value: number): Share => ({ kind: 'weight', value });

/** The element that goes in steps, with an address for the outside. */
export function api(version: string, more: Partial<RolloutPolicy> = {}, size = 4): ElementSpec {
  const rollout = { strategy: 'canary' as const, onFailure: 'revert' as const, ...more };
  return { name: 'api', version, size, expose: 8080, rollout };
}

export function solutionIn(world: SmallWorld): SolutionState {
  const found = world.state.tables.solutions.get(shop);
  if (found === undefined) throw new Error('there is no shop');
  return found;
}

export function elementIn(world: SmallWorld, name = 'api'): ElementState {
  const found = solutionIn(world).elements.get(name as never);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** Goes on until it holds, looking whenever everything was decided. @throws where it never does. */
export function until(world: SmallWorld, holds: () => boolean): void {
  for (let i = 0; ; i++) {
    world.settle();
    if (holds()) return;
    if (i > 20_000) throw new Error('it never comes to that');
    world.step(world.clock + 600_000);
  }
}
