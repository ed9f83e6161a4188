import { beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/adapters/gateway/gateway.js';
import { startLoad } from '../../src/entry/demo/load.js';
import {
  backendOf,
  binding,
  context,
  freePort,
  gatewayIn,
  temporaryFolder,
  until,
} from '../adapters/gateway/support.js';
import { makeFolder } from '../support/git.js';
import { startService, type Service } from './service.js';

/** An element's instances and the stable address in front of them. */
class Element {
  readonly url: string;
  readonly instances: Service[] = [];

  constructor(
    readonly gateway: Gateway,
    readonly name: 'store' | 'api' | 'web',
    readonly port: number,
    readonly needs: Record<string, string>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  async start(version: '1.0.0' | '1.1.0'): Promise<void> {
    this.instances.push(await startService(this.name, version, this.needs));
    await this.route();
  }

  /** Takes the oldest instance out of the traffic, and then ends it. */
  async retire(): Promise<void> {
    const oldest = this.instances.shift() as Service;
    await this.route();
    expect(await oldest.stop()).toBe(0);
  }

  private async route(): Promise<void> {
    const backends = this.instances.map(({ url }) => backendOf([Number(new URL(url).port), 1]));
    const task = binding(this.port, 'http', `d1:shop/${this.name}#all`);
    const { kind } = await this.gateway.route(task, backends, context);
    expect(kind).toBe('done');
  }
}

let store: Element;
let api: Element;
let web: Element;

beforeEach(async () => {
  const gateway = await gatewayIn(temporaryFolder());
  store = new Element(gateway, 'store', await freePort(), { ORDERS: makeFolder() });
  await store.start('1.0.0');
  api = new Element(gateway, 'api', await freePort(), { STORE: store.url });
  for (let i = 0; i < 3; i++) await api.start('1.0.0');
  web = new Element(gateway, 'web', await freePort(), { API: api.url });
  for (let i = 0; i < 2; i++) await web.start('1.0.0');
});

describe('the shop behind the gateway, while it is asked all the time', () => {
  it('loses no request when all of api and web is replaced, one by one', async () => {
    const load = startLoad(web.url, 200);
    for (const element of [api, api, api, web, web]) {
      await element.start('1.1.0');
      await element.retire();
    }
    await load.stop();

    expect(load.tally()).toMatchObject({ failed: 0, failures: [] });
  });

  it('loses no request when an api is killed: who asked it asks another, and no order is taken twice', async () => {
    const load = startLoad(web.url, 200);
    await until(() => load.tally().orders > 10);
    api.instances[0]?.process.kill('SIGKILL');
    const { requests } = load.tally();
    await until(() => load.tally().requests > requests + 100);
    await load.stop();

    expect(load.tally()).toMatchObject({ failed: 0, failures: [] });
    const answer = await fetch(`${store.url}/totals`);
    expect(await answer.json()).toMatchObject({ totals: { orders: load.tally().orders } });
  });
});
