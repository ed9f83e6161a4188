import { expect, test } from 'vitest';
import { exposedPort, stage, verdict } from '../support/heliostat.js';
import { startLoad } from '../support/scenario/load.js';
import { app, smallModel, solution } from '../support/scenario/model.js';

const within = 60_000;

/** Of a `store` at this address; `web` is told it by its environment. */
function store(version: string, path: string): Record<string, string> {
  const [file, text] = Object.entries(app('store', version))[0] as [string, string];
  return { [file]: text.replace('${instance.port}" }\nhealth', `\${instance.port}${path}" }\nhealth`) };
}

function user(version: string): Record<string, string> {
  const dependencies = '{ store: { type: service, component: store, version: ">=1 <2" } }';
  const [file, text] = Object.entries(app('user', version, { dependencies }))[0] as [string, string];
  return {
    [file]: text.replace('NOTE: "${configuration.note}"', 'NOTE: "${relationships.store.endpoint.url}"'),
  };
}

function shop(version: string): Record<string, string> {
  return solution('shop', {
    store: `{ component: store, version: ${version}, size: 2 }`,
    web: '{ component: user, version: 1.0.0, size: 2, relationships: { store: store }, expose: { port: auto } }',
  });
}

test(
  'a provider that is reached at another address makes its consumers be started anew, one at a time and without a lost request',
  async () => {
    const s = await stage({
      ...smallModel(),
      ...store('1.0.0', ''),
      ...store('1.1.0', '/v2'),
      ...user('1.0.0'),
      ...shop('1.0.0'),
    });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const before = s.instances().filter(({ id }) => id.includes('/web/'));
    const load = startLoad(exposedPort(s));
    await verdict(s, s.commit(shop('1.1.0'), 'Raise the store'), 'applied');
    await load.stop();

    const after = s.instances().filter(({ id }) => id.includes('/web/'));
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after.filter(({ pid }) => before.some((old) => old.pid === pid))).toEqual([]);
    expect(load.failures).toEqual([]);
  },
  within,
);
