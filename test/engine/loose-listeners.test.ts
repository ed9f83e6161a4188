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

it('asks a person about a listener of a solution that nobody remembers, though a rollout waits for its very port', async () => {
  const world = new World();
  const controller = await world.start();
  await controller.push(shop());
  const { routes } = world.technology;
  const id = [...routes.keys()][0]?.split(':')[0] ?? '';
  const stray = `${id}:gone/api#expose`;
  routes.set(stray, { task: {} as RouteTask, backends: [] });
  // From now on nothing settles: the listener that the new version asks for is refused.
  world.technology.routeFate = () => 'fails';
  world.git.push(shop({ api: '1.1.0' }));

  const holds = controller.engine.core.state.domain.holds;
  await world.until(() => holds.has('resource.unaccounted'), 'the hold');
  expect(holds.get('resource.unaccounted')?.hold.reason).toContain('gone/api#expose (listener)');
  expect(routes.has(stray), 'nothing is done without a word of a person').toBe(true);
  await controller.ask({ verb: 'release', hold: 'resource.unaccounted', reason: 'old', who: 'ada' });
  await world.until(() => !routes.has(stray), 'it is let go');
  await world.pass(3 * 60_000);
  expect(holds.has('resource.unaccounted'), 'and asked about no more').toBe(false);
});

it('lets go of a listener until the router has done so, at a pace that slows down', async () => {
  const world = new World();
  const controller = await world.start();
  await controller.push(shop());
  let asked = 0;
  let isBroken = true;
  world.technology.unrouteFate = () => (asked++, isBroken ? 'fails' : 'done');
  await controller.push(shop({ api: null }));
  await world.pass(10 * 60_000);
  expect(world.technology.routing().join(), 'it is still there').toContain('shop/db#');
  expect(asked).toBeGreaterThan(5);
  expect(asked, 'six times in the first minute, then once a minute').toBeLessThan(20);

  isBroken = false;
  await world.pass(61_000);
  expect(world.technology.routing()).toEqual([]);
  const done = asked;
  await world.pass(5 * 60_000);
  expect(asked, 'once done it is not asked for any more').toBe(done);
});

it('tells the router anew of a listener that the router has lost', async () => {
  const world = new World();
  const controller = await world.start();
  await controller.push(shop());
  const { routes } = world.technology;
  const before = world.technology.routing();
  expect(before.length).toBeGreaterThan(0);
  routes.clear();
  await world.until(() => routes.size > 0, 'it is told');
  expect(world.technology.routing()).toEqual(before);
  const told = world.technology.routed.length;
  await world.pass(5 * 60_000);
  expect(world.technology.routed, 'and then no more').toHaveLength(told);
});

it('tells the router anew what a restored memory says: it was told otherwise since, or is another one', async () => {
  const world = new World();
  const first = await world.start();
  await first.push(shop());
  const { routes } = world.technology;
  const before = world.technology.routing();
  world.crash(first);
  world.loseState();
  for (const [key, { task }] of routes) routes.set(key, { task, backends: [] });

  const second = await world.start();
  await second.settled();
  await world.pass(5_000);
  expect(world.technology.routing()).toEqual(before);
});

it('moves a listener on past every port that others have, and not back to the first of them', async () => {
  const world = new World();
  const tried: number[] = [];
  world.technology.isForeign = (port) => {
    tried.push(port);
    return new Set(tried).size <= 3 && tried.length < 20;
  };
  const controller = await world.start();
  world.git.push(shop());
  controller.look();
  await world.until(() => world.technology.routes.size > 0, 'it finds the one that is free');
  expect(new Set(tried).size).toBe(4);
  expect(tried.slice(0, 4), 'each is tried once').toEqual([...new Set(tried)]);
});

it('asks at growing distances for a port that people were told and somebody else has, and takes it when it is free', async () => {
  const world = new World();
  const exposed = 'elements:\n  db: { component: db, version: 1.0.0, expose: { port: 8080 } }\n';
  const solution = `apiVersion: heliostat/v1\nkind: Solution\nname: shop\n${exposed}`;
  let tries = 0;
  world.technology.isForeign = (port) => port === 8080 && ++tries > 0;
  const controller = await world.start();
  world.git.push({ ...shop(), 'solutions/shop.yaml': solution });
  controller.look();
  await world.until(() => tries > 0, 'the first try');
  await world.pass(15 * 60_000);
  expect(tries, 'not once a second').toBeLessThan(30);
  expect(tries).toBeGreaterThan(7);

  world.technology.isForeign = () => false;
  await world.pass(3 * 60_000);
  expect([...world.technology.routes.keys()].some((key) => key.endsWith('shop/db#expose'))).toBe(true);
});

function gone(controller: Controller): number {
  return controller.kinds().filter((kind) => kind === 'listener.gone').length;
}
