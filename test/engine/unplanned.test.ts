import { expect, it } from 'vitest';
import type { DesiredSolution } from '../../src/core/base/desired.js';
import { isAsDesired } from '../../src/engine/unplanned.js';
import { count, solutionIn, step, until } from '../support/canary.js';
import { deployed, modelOf } from '../support/deployed.js';
import { shop } from '../support/desired.js';
import type { Model } from '../support/small-world/generate.js';

function ofShop(model: Model): DesiredSolution | null {
  return (model.get(shop) as DesiredSolution | undefined) ?? null;
}

it('what is on its way out is planned: the tip is not planned again at each look until it has gone', () => {
  const world = deployed([{ name: 'api' }, { name: 'web' }]);
  const next = modelOf([{ name: 'api' }]);
  world.commit(next);
  expect([...solutionIn(world).elements.keys()], 'it is there yet').toContain('web');
  expect(isAsDesired(solutionIn(world), ofShop(next))).toBe(true);
  expect(isAsDesired(solutionIn(world), null), 'the other one is still asked for').toBe(false);
});

it('what is held in a step is planned for where the steps lead', () => {
  const canary = { strategy: 'canary', canary: [step(count(1))], promote: 'manual' } as const;
  const api = (version: string) => ({ name: 'api', version, size: 2, rollout: canary });
  const world = deployed([api('1.0.0')]);
  const next = modelOf([api('2.0.0')]);
  world.commit(next);
  until(world, () => solutionIn(world).rollout?.phase === 'paused');
  expect(isAsDesired(solutionIn(world), ofShop(next))).toBe(true);
  expect(isAsDesired(solutionIn(world), ofShop(modelOf([api('3.0.0')])))).toBe(false);
});
