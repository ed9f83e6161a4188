import { expect, it } from 'vitest';
import { shop } from '../support/fake-ports/model.js';
import { who, World } from '../support/fake-ports/world.js';

const header = 'apiVersion: heliostat/v1\n';

/** Two boxes of one instance, each on a host of its own. */
function lab(hosts: number, db: string): Record<string, string> {
  return shop({
    more: {
      'catalog/host/1.0.0.yaml': `${header}kind: Component\nname: host\nversion: 1.0.0\nprovider: noop\n`,
      'catalog/box/1.0.0.yaml': `${header}kind: Component\nname: box\nversion: 1.0.0\nprovider: noop\ndependencies: { host: { type: context, component: host, version: "*" } }\n`,
      'solutions/lab.yaml': `${header}kind: Solution\nname: lab\nelements:\n  host: { component: host, version: 1.0.0, size: ${hosts} }\n  one: { component: box, version: 1.0.0, relationships: { host: host } }\n  two: { component: box, version: 1.0.0, relationships: { host: host } }\n  base: { component: db, version: ${db} }\n`,
    },
  });
}

it('a commit to which nothing allowed leads from what runs is held with its reason, and touches nothing', async () => {
  const world = new World();
  world.git.push(lab(2, '1.0.0'));
  const controller = await world.start();
  await controller.settled();
  const before = world.technology.summary();

  // A box of one instance cannot leave its host without being away for a moment, which nobody allowed.
  const held = await controller.push(lab(1, '1.1.0'));
  const { holds } = controller.engine.core.state.domain;
  expect([...holds.keys()]).toEqual(['plan.noPath']);
  expect(holds.get('plan.noPath')?.hold.command).toContain('heliostat approve plan.noPath');
  expect(controller.verdict(held)).toBe('held');
  expect(world.technology.summary()).toEqual(before);

  const mended = await controller.push(lab(2, '1.1.0'));
  expect(controller.verdict(mended)).toBe('applied');
  expect(holds.size, 'it ends with the commit that leaves a way').toBe(0);
});

it('a solution that was left behind comes to what is asked for in one step, both sides of a pair side by side', async () => {
  const api = (version: string, range: string): string =>
    `${header}kind: Component\nname: api\nversion: ${version}\nprovider: noop\ndependencies: { db: { type: service, component: db, version: "${range}" } }\n`;
  const more = {
    'catalog/db/2.0.0.yaml': `${header}kind: Component\nname: db\nversion: 2.0.0\nprovider: noop\n`,
    'catalog/api/1.5.0.yaml': api('1.5.0', '>=1 <3'),
    'catalog/api/2.0.0.yaml': api('2.0.0', '>=2 <3'),
  };
  const world = new World();
  world.git.push(shop({ more }));
  const controller = await world.start();
  await controller.settled();
  await controller.ask({ verb: 'detach', target: 'prod/shop', ...who });
  const [wide, both] = [shop({ api: '1.5.0', more }), shop({ api: '1.5.0', db: '2.0.0', more })];
  for (const step of [wide, both]) expect(controller.verdict(await controller.push(step))).toBe('applied');
  const last = await controller.push(shop({ api: '2.0.0', db: '2.0.0', more }));
  expect(controller.verdict(last), 'each step was sound for what was accepted before').toBe('applied');

  await controller.ask({ verb: 'resume', target: 'prod/shop', ...who });
  await controller.settled();
  expect(world.technology.summary()).toEqual([
    'shop/api 2.0.0 #0 active good',
    'shop/db 2.0.0 #0 active good',
  ]);
});
