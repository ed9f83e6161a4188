import { expect, it } from 'vitest';
import { safe } from '../../src/core/base/safe-text.js';
import { shop } from '../support/fake-ports/model.js';
import { never } from '../support/fake-ports/providers.js';
import { World } from '../support/fake-ports/world.js';

it('keeps the pace of its probes while answers are bad: each has the instance observed, which begins no other probe', async () => {
  const world = new World();
  const ports = world.ports.bind(world);
  let probes = 0;
  let good = true;
  const probe = () => {
    // So that a loop without a pause fails the test and does not hang it.
    if (++probes > 1_000) return never<never>();
    return Promise.resolve({ good, detail: safe('an answer') });
  };
  world.ports = (disk) => ({ ...ports(disk), prober: { probe } });
  const files = shop();
  const api = 'catalog/api/1.0.0.yaml';
  const health = 'health: { tcp: {}, interval: 2s, timeout: 1s, healthyAfter: 1, unhealthyAfter: 1000 }';
  world.git.push({ ...files, [api]: `${files[api] ?? ''}${health}\n` });
  const controller = await world.start();
  await controller.settled();
  good = false;
  probes = 0;
  await world.pass(20_000);
  expect(probes, 'one every two seconds').toBeGreaterThanOrEqual(9);
  expect(probes, 'one every two seconds').toBeLessThanOrEqual(11);
});

it('probes at once what is found running though nobody heard of the end of its start: it serves, and was left out', async () => {
  const world = new World();
  const files = shop();
  const api = 'catalog/api/1.0.0.yaml';
  const health = 'health: { tcp: {}, interval: 2s, timeout: 1s, healthyAfter: 1 }';
  world.git.push({ ...files, [api]: `${files[api] ?? ''}${health}\n` });
  // Done, and the answer never comes: the controller dies meanwhile.
  world.technology.fate = (transition, id) =>
    transition === 'start' && id.includes('/api/') ? 'lost' : 'done';
  const first = await world.start();
  const started = () => world.technology.effects.some((effect) => /^start .*\/api\//.test(effect));
  await world.until(started, 'the start');
  first.incarnation.die();
  world.technology.fate = () => 'done';

  const next = await world.start();
  const since = world.clock.monoMs();
  await next.settled();
  expect(world.clock.monoMs() - since).toBeLessThan(5_000);
});
