import { expect, it } from 'vitest';
import { shop } from '../support/fake-ports/model.js';
import { World } from '../support/fake-ports/world.js';

function files(api: string, policy = ''): Record<string, string> {
  const solution = `apiVersion: heliostat/v1
kind: Solution
name: shop
elements:
  db: { component: db, version: 1.0.0 }
  api: { component: api, version: ${api}, relationships: { db: db }, rollout: { standby: 10m${policy} } }
`;
  return shop({ more: { 'solutions/shop.yaml': solution } });
}

it('does not say that a standby stands by while nobody knows how its start has ended', async () => {
  const world = new World();
  world.git.push(files('1.0.0'));
  const controller = await world.start();
  await controller.settled();
  const is = (line: string): boolean => world.technology.summary().some((each) => each.startsWith(line));

  // The new version waits in its step, and the old one stands by.
  world.git.push(files('1.1.0', ', strategy: canary, canary: { steps: [{ size: 25% }] }, promote: manual'));
  controller.look();
  await world.until(() => is('shop/api 1.0.0 #0 inactive'), 'the step');
  // Taken back, and asked for after all, before the start of the old one has ended in a way that nobody knows.
  world.technology.fate = (transition) => (transition === 'start' ? 'unknown' : 'done');
  world.technology.latencyMs = 3_000;
  const asked = world.technology.asked.length;
  world.git.push(files('1.0.0'));
  controller.look();
  await world.until(() => world.technology.asked.length > asked, 'the start');
  const last = world.git.push(files('1.1.0'));
  controller.look();

  await world.until(() => controller.verdict(last) === 'applied', 'the end');
  expect(world.technology.asked[asked]).toMatchObject({ transition: 'start' });
  expect(world.technology.summary()).toContain('shop/api 1.0.0 #0 inactive good');
});
