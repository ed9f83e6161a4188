import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../support/git.js';
import { getJson, post, standIn, startService, type Service } from './service.js';

interface Orders {
  readonly orders: readonly { readonly id: string; readonly customer: string; readonly cents: number }[];
  readonly totals?: { readonly orders: number; readonly pieces: number; readonly cents: number };
  readonly api: { readonly version: string };
  readonly web: { readonly version: string };
}

const order = { customer: 'Ada', item: 'sun sensor', quantity: 2 };

async function shop(
  version: '1.0.0' | '1.1.0',
  folder = makeFolder(),
): Promise<{ store: Service; api: Service; web: Service }> {
  const store = await startService('store', '1.0.0', { ORDERS: folder });
  const api = await startService('api', version, { STORE: store.url });
  const web = await startService('web', version, { API: api.url, SHOP_NAME: 'Mirrors <& Co.>' });
  return { store, api, web };
}

describe('the shop', () => {
  it('takes an order by way of web, api and store, and shows who answered', async () => {
    const { web } = await shop('1.0.0');

    expect((await post(`${web.url}/orders`, order)).status).toBe(201);
    const shown = await getJson<Orders>(`${web.url}/orders`);
    expect(shown.orders).toMatchObject([{ customer: 'Ada', item: 'sun sensor', quantity: 2, cents: 5900 }]);
    expect(shown).toMatchObject({ api: { version: '1.0.0' }, web: { version: '1.0.0' } });
    expect(shown.totals).toBeUndefined();
  });

  it('shows totals from 1.1.0 on, so that one sees the upgrade', async () => {
    const { web } = await shop('1.1.0');
    await post(`${web.url}/orders`, order);
    await post(`${web.url}/orders`, { ...order, quantity: 1 });

    const shown = await getJson<Orders>(`${web.url}/orders`);
    expect(shown.totals).toEqual({ orders: 2, pieces: 3, cents: 17_700 });
    expect(shown.api.version).toBe('1.1.0');
  });

  it.each([
    ['an item that is not sold', { ...order, item: 'moon' }],
    ['no name', { ...order, customer: ' ' }],
    ['too many pieces', { ...order, quantity: 100 }],
    ['a list instead of an order', [1]],
  ])('refuses %s as the mistake of whoever ordered', async (_, body) => {
    const { web } = await shop('1.0.0');

    expect((await post(`${web.url}/orders`, body)).status).toBe(400);
  });
});

describe('an order', () => {
  it('is taken once however often it is sent, since a service sends it again when it was not answered', async () => {
    const { store } = await shop('1.0.0');
    const whole = { id: 'a-1', ...order, cents: 1 };

    expect((await post(`${store.url}/orders`, whole)).status).toBe(201);
    expect((await post(`${store.url}/orders`, whole)).status).toBe(200);
    expect((await getJson<Orders>(`${store.url}/orders`)).orders).toHaveLength(1);
  });

  it('is sent again when the store is killed before it answers', async () => {
    let asked = 0;
    const store = await standIn((incoming, outgoing) => {
      asked += 1;
      if (asked === 1) incoming.socket.destroy();
      else outgoing.writeHead(201, { 'content-type': 'application/json' }).end('{}');
    });
    const api = await startService('api', '1.0.0', { STORE: store.url });

    expect((await post(`${api.url}/orders`, { id: 'a-1', ...order })).status).toBe(201);
    expect(asked).toBe(2);
  });

  it('outlives the store, even one that died while it wrote', async () => {
    const folder = makeFolder();
    const first = await startService('store', '1.0.0', { ORDERS: folder });
    await post(`${first.url}/orders`, { id: 'a-1', ...order, cents: 1 });
    await first.stop();
    appendFileSync(join(folder, 'orders.jsonl'), '{"id":"a-2","cus\n');

    const second = await startService('store', '1.0.0', { ORDERS: folder });
    await post(`${second.url}/orders`, { id: 'a-3', ...order, cents: 1 });
    const { orders } = await getJson<Orders>(`${second.url}/orders`);
    expect(orders.map(({ id }) => id)).toEqual(['a-3', 'a-1']);
  });

  it('is seen by both stores while two versions stand side by side', async () => {
    const folder = makeFolder();
    const [one, two] = await Promise.all([
      startService('store', '1.0.0', { ORDERS: folder }),
      startService('store', '1.0.0', { ORDERS: folder }),
    ]);
    await post(`${one.url}/orders`, { id: 'a-1', ...order, cents: 1 });

    expect((await post(`${two.url}/orders`, { id: 'a-1', ...order, cents: 1 })).status).toBe(200);
    expect((await getJson<Orders>(`${two.url}/orders`)).orders).toHaveLength(1);
  });
});

describe('a service that is told to stop', () => {
  it('finishes what it is doing, tells the client that this connection ends, and ends well', async () => {
    let release: (() => void) | undefined;
    const reached = new Promise<void>((reach) => {
      release = reach;
    });
    let answerNow: () => void = () => undefined;
    const store = await standIn((_, outgoing) => {
      answerNow = () => outgoing.end('{"orders":[]}');
      release?.();
    });
    const api = await startService('api', '1.0.0', { STORE: store.url });

    const outgoing = request(`${api.url}/orders`, { headers: { connection: 'keep-alive' } }).end();
    const answered = once(outgoing, 'response') as Promise<[{ statusCode: number; headers: object; resume(): void }]>;
    await reached;
    const stopped = api.stop();
    await untilRefused(api.url);
    answerNow();

    const [response] = await answered;
    response.resume();
    expect(response).toMatchObject({ statusCode: 200, headers: { connection: 'close' } });
    expect(await stopped).toBe(0);
  });
});

describe('the page', () => {
  it.each(['1.0.0', '1.1.0'] as const)(
    'of %s may run its own script and load nothing from anywhere',
    async (version) => {
      const { web } = await shop(version);
      const response = await fetch(web.url);
      const text = await response.text();
      const policy = response.headers.get('content-security-policy') ?? '';
      const script = /<script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '';

      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain(createHash('sha256').update(script).digest('base64'));
      expect(policy).not.toContain('unsafe');
      expect(text).not.toMatch(/https?:|\/\/[a-z]/);
      expect(text).not.toMatch(/\son[a-z]+=|\sstyle=|innerHTML/);
      expect(text).toContain(`Mirrors &#60;&#38; Co.&#62; ${version}`);
    },
  );

  it('differs between the versions, as the programs do: an upgrade that one cannot see shows nothing', () => {
    const page = (version: string): string =>
      readFileSync(new URL(`../../sample-repo/services/web/${version}/page.html`, import.meta.url), 'utf8');

    expect(page('1.0.0')).not.toContain('totals');
    expect(page('1.1.0')).toContain('totals');
  });
});

async function untilRefused(url: string): Promise<void> {
  for (;;) {
    const refused = await fetch(`${url}/healthz`).then(
      () => false,
      () => true,
    );
    if (refused) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
