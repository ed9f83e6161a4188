import { expect, it } from 'vitest';
import type { RouteTask } from '../../src/ports/provider.js';
import { shop } from '../support/fake-ports/model.js';
import { World, type Controller } from '../support/fake-ports/world.js';

it('lets go once more of a listener whose end was journaled and not brought about, and of nothing else', async () => {
  const world = new World();
  world.git.push(shop());
  const first = await world.start();
  await first.settled();
  const { routes } = world.technology;
  const kept = [...routes.keys()];
  const id = kept[0]?.slice(0, kept[0].indexOf(':')) ?? '';
  expect(kept.length).toBeGreaterThan(0);
  world.crash(first);

  // A crash between the entry and its effect; of another domain; of a solution that nobody remembers.
  const loose = `${id}:shop/api#>=0 <1`;
  const foreign = ['0000:shop/api#expose', `${id}:gone/api#expose`];
  for (const key of [loose, ...foreign]) routes.set(key, { task: {} as RouteTask, backends: [] });
  const second = await world.start();
  await world.until(() => !routes.has(loose), 'it is let go');
  expect([...routes.keys()].sort()).toEqual([...kept, ...foreign].sort());
  expect(gone(second)).toBe(1);
  world.crash(second);

  const third = await world.start();
  await world.pass(60_000);
  expect(gone(third), 'where nothing is loose nothing is done').toBe(0);
});

function gone(controller: Controller): number {
  return controller.kinds().filter((kind) => kind === 'listener.gone').length;
}
