import { expect, it } from 'vitest';
import type { EnginePorts } from '../../src/engine/ports.js';
import type { ProbeAnswer } from '../../src/ports/probe.js';
import { safe } from '../../src/core/base/safe-text.js';
import { shop } from '../support/fake-ports/model.js';
import { World } from '../support/fake-ports/world.js';

const latencyMs = 5;

it('a restart takes no provider from its consumers because it was not probed again yet', async () => {
  const world = new World();
  const waiting: ((answer: ProbeAnswer) => void)[] = [];
  let isSlow = false;
  const good = { good: true, detail: safe('200') };
  const prober: EnginePorts['prober'] = {
    probe: async ({ probe }, cancel) => {
      const text = JSON.stringify(probe);
      await world.clock.sleepUntil(world.clock.monoMs() + latencyMs, cancel);
      if (text.includes('/sick')) return { good: false, detail: safe('503') };
      if (text.includes('/slow') && isSlow) return new Promise((resolve) => waiting.push(resolve));
      return good;
    },
  };
  const portsOf = world.ports.bind(world);
  world.ports = (disk) => ({ ...portsOf(disk), prober });
  const first = await world.start();
  await first.push(model('1.0.0', '1.0.0'));
  // The consumer that would take both never turns well, so the old one stays, and with it what it uses.
  world.git.push(model('2.0.0', '2.0.0'));
  first.look();
  const both = (): boolean => world.technology.routing().some((line) => line.includes('db/2.0.0'));
  await world.until(both, 'the new provider is in rotation');
  await world.pass(5_000);
  world.crash(first);

  isSlow = true;
  const second = await world.start();
  await world.pass(15_000);
  expect(waiting.length, 'the old provider is not probed yet').toBeGreaterThan(0);
  expect(second.kinds()).not.toContain('instance.draining');
  const old = (): string[] => world.technology.routing().filter((line) => line.startsWith('shop/db#>=1 <2'));
  expect(old().join()).toContain('db/1.0.0');

  isSlow = false;
  for (const answer of waiting.splice(0)) answer(good);
  await world.pass(5_000);
  expect(old().join(), 'its consumer is still there').toContain('db/1.0.0');
  await second.push(model('2.0.0', '2.1.0'));
  expect(world.technology.summary()).toEqual([
    'shop/api 2.1.0 #0 active good',
    'shop/db 2.0.0 #0 active good',
  ]);
});

function model(db: string, api: string): Record<string, string> {
  const files = shop();
  const component = (name: string, version: string, path: string, range: string | null): string => `
apiVersion: heliostat/v1
kind: Component
name: ${name}
version: ${version}
provider: noop
endpoint: { url: "http://\${instance.address}:\${instance.port}" }
health: { http: { path: ${path} }, interval: 1s, timeout: 1s, healthyAfter: 1, unhealthyAfter: 3 }
${range === null ? '' : `dependencies: { db: { type: service, component: db, version: "${range}" } }`}
`;
  return {
    'heliostat.yaml': (files['heliostat.yaml'] ?? '').replace('healthyDeadline: 20s', 'healthyDeadline: 50s'),
    'catalog/db/1.0.0.yaml': component('db', '1.0.0', '/slow', null),
    'catalog/db/2.0.0.yaml': component('db', '2.0.0', '/', null),
    'catalog/api/1.0.0.yaml': component('api', '1.0.0', '/', '>=1 <2'),
    'catalog/api/2.0.0.yaml': component('api', '2.0.0', '/sick', '>=1 <3'),
    'catalog/api/2.1.0.yaml': component('api', '2.1.0', '/', '>=1 <3'),
    'solutions/shop.yaml': `apiVersion: heliostat/v1
kind: Solution
name: shop
elements:
  db: { component: db, version: ${db} }
  api: { component: api, version: ${api}, relationships: { db: db } }
`,
  };
}
