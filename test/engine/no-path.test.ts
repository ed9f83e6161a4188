import { expect, it } from 'vitest';
import { shop } from '../support/fake-ports/model.js';
import { World } from '../support/fake-ports/world.js';

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
