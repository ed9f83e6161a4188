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

/** Three of four instances of the database are new before anybody is asked; the new api takes only these. */
function store(db: string): Record<string, string> {
  const canary = `{ strategy: canary, maxUnavailable: 1, canary: { steps: [{ size: 1 }, { size: 3 }] } }`;
  return shop({
    more: {
      'catalog/db/2.0.0.yaml': `${header}kind: Component\nname: db\nversion: 2.0.0\nprovider: noop\n`,
      'catalog/api/2.0.0.yaml': `${header}kind: Component\nname: api\nversion: 2.0.0\nprovider: noop\ndependencies: { db: { type: service, component: db, version: ">=2" } }\n`,
      'catalog/api/1.5.0.yaml': `${header}kind: Component\nname: api\nversion: 1.5.0\nprovider: noop\ndependencies: { db: { type: service, component: db, version: "*" } }\n`,
      'solutions/shop.yaml': `${header}kind: Solution\nname: shop\nelements:\n  db: { component: db, version: ${db}, size: 4, rollout: ${canary} }\n  api: { component: api, version: ${db === '1.0.0' ? '1.5.0' : '2.0.0'}, relationships: { db: db } }\n`,
    },
  });
}

it.each(['at the next look', 'after a restart'])(
  'what is tried again and held is still tried again %s: nobody hears applied of what was not done',
  async (when) => {
    const world = new World();
    world.git.push(store('1.0.0'));
    let controller = await world.start();
    await controller.settled();
    const revision = world.git.push(store('2.0.0'));
    const shopNow = () => controller.engine.core.state.tables.solutions.get('shop' as never);
    controller.look();
    await world.until(() => shopNow()?.rollout?.phase === 'paused', 'the question at its last step');
    await controller.settled();
    await controller.ask({ verb: 'abort', target: 'prod/shop', revert: false, ...who });
    await controller.settled();
    expect(controller.verdict(revision)).toBe('failed');

    // It would begin with one of four, and the api keeps three.
    await controller.ask({ verb: 'retry', target: 'prod/shop', ...who });
    await world.until(() => controller.verdict(revision) === 'held', 'the hold');
    if (when === 'after a restart') {
      await controller.settled();
      await controller.engine.close();
      controller = await world.start();
    } else controller.look();
    await world.pass(30_000);
    await controller.settled();
    expect(controller.verdict(revision), 'the hold stands').toBe('held');
    expect([...controller.engine.core.state.domain.holds.keys()]).toEqual(['plan.noPath']);

    const release = { verb: 'release', hold: 'plan.noPath', ...who } as const;
    expect(await controller.ask(release)).toMatchObject({ done: true });
    await world.until(() => shopNow()?.rollout?.phase === 'progressing', 'what was asked for is begun');
    expect(controller.verdict(revision)).toBe('progressing');
  },
);
