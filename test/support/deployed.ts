import type { Simulation } from '../../src/core/rollout/preview.js';
import type { ElementSpec } from './desired.js';
import { desiredElement, shop } from './desired.js';
import type { Model } from './small-world/generate.js';
import { bySolution } from './small-world/generate.js';
import { SmallWorld } from './small-world/world.js';

export function modelOf(specs: readonly ElementSpec[]): Model {
  return bySolution(specs.map((spec) => desiredElement(spec, shop)));
}

/** A world in which these elements run, and nothing is under way. */
export function deployed(specs: readonly ElementSpec[]): SmallWorld {
  const world = new SmallWorld(1);
  go(world, modelOf(specs));
  return world;
}

/** Lets a commit run to its end; every action is held against the words of the semantics on the way. */
export function go(world: SmallWorld, model: Model): readonly string[] {
  const from = world.entries;
  if (!world.commit(model)) throw new Error('the plan refuses it');
  world.rest();
  const wrong = world.differences(model);
  if (wrong.length > 0) throw new Error(`A is not T: ${wrong.join('; ')}`);
  const open = world.rollouts().filter(({ phase }) => phase !== 'succeeded');
  if (open.length > 0) throw new Error(`not ended: ${open.map((r) => `${r.phase} ${r.reason}`).join('; ')}`);
  const more = world.askAgain();
  if (more.length > 0) throw new Error(`not quiet: ${more.join('; ')}`);
  return world.told(from);
}

/** Both: as it is foreseen, and as it then goes. */
export function change(before: readonly ElementSpec[], after: readonly ElementSpec[]): Simulation {
  const world = deployed(before);
  const foreseen = world.preview(modelOf(after));
  go(world, modelOf(after));
  return foreseen;
}

/** `start api 2.0.0/0`: the steps in their order. */
export function stepsOf(simulation: Simulation, ...transitions: readonly string[]): string[] {
  return simulation.preview.steps
    .filter((step) => transitions.length === 0 || transitions.includes(step.transition))
    .map((step) => {
      const [, , element, cluster, ordinal] = step.instance.split('/');
      return `${step.transition} ${element} ${cluster?.split('~')[0]}/${ordinal}`;
    });
}
