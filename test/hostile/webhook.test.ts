import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveWebhook, type WebhookLimits } from '../../src/entry/operations/webhook.js';

const secret = 'only-we-and-the-forge';

/** A receiver on a free port, and what it was hinted at. */
async function receiver(limits: Partial<WebhookLimits> = {}) {
  const hints: string[] = [];
  const clock = { nowMs: 0 };
  const server = await serveWebhook({
    host: '127.0.0.1',
    port: 0,
    secret,
    hint: (event) => hints.push(event),
    now: () => clock.nowMs,
    limits,
  });
  onTestFinished(() => server.close());
  const send = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
    const response = await fetch(server.url, {
      method: 'POST',
      body,
      headers: { 'x-github-event': 'push', 'x-github-delivery': randomUUID(), ...headers },
    });
    return response.status;
  };
  return { ...server, hints, clock, send };
}

const signed = (body: string | Uint8Array, key = secret): Record<string, string> => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
});

describe('a webhook', () => {
  const push = JSON.stringify({ ref: 'refs/heads/main', repository: { full_name: 'acme/shop' } });

  it('of the forge is a hint to look', async () => {
    const { send, hints } = await receiver();
    expect(await send(push, signed(push))).toBe(202);
    expect(await send(push, { ...signed(push), 'x-github-event': 'pull_request' })).toBe(202);
    expect(await send(push, { ...signed(push), 'x-github-event': 'merge_group' })).toBe(202);
    expect(hints).toEqual(['push', 'pull_request', 'merge_group']);
  });

  it('of Gitea is one too', async () => {
    const { url, hints } = await receiver();
    const response = await fetch(url, {
      method: 'POST',
      body: push,
      headers: {
        'x-gitea-event': 'push',
        'x-gitea-delivery': randomUUID(),
        'x-gitea-signature': createHmac('sha256', secret).update(push).digest('hex'),
      },
    });
    expect(response.status).toBe(202);
    expect(hints).toEqual(['push']);
  });

  it.each([
    ['without a signature', {}],
    ['with a wrong one', signed(push, 'another secret')],
    ['with one of another body', signed('{}')],
    [
      'with SHA-1 alone',
      { 'x-hub-signature': `sha1=${createHmac('sha1', secret).update(push).digest('hex')}` },
    ],
    ['with a longer one', { 'x-hub-signature-256': `${signed(push)['x-hub-signature-256']}00` }],
    ['with a shorter one', { 'x-hub-signature-256': 'sha256=00' }],
    ['with an empty one', { 'x-hub-signature-256': 'sha256=' }],
    ['with one that is no hex', { 'x-hub-signature-256': `sha256=${'zz'.repeat(32)}` }],
  ])('%s is refused: anybody may send one', async (_what, headers) => {
    const { send, hints } = await receiver();
    expect(await send(push, headers)).toBe(401);
    expect(hints).toEqual([]);
  });

  it('that comes a hundred times is one hint: a forge repeats what was not answered', async () => {
    const { send, hints } = await receiver();
    const headers = { ...signed(push), 'x-github-delivery': 'the-same' };
    const answers = new Set<number>();
    for (let i = 0; i < 100; i++) answers.add(await send(push, headers));
    expect([...answers]).toEqual([202]);
    expect(hints).toEqual(['push']);
  });

  it('of an unknown event is heard and means nothing', async () => {
    const { send, hints } = await receiver();
    expect(await send(push, { ...signed(push), 'x-github-event': 'rm -rf /' })).toBe(202);
    expect(hints).toEqual([]);
  });

  it('is never read: what it says of a repository, or whether it is JSON at all, changes nothing', async () => {
    const { send, hints } = await receiver();
    const forged = JSON.stringify({ repository: { clone_url: 'ext::sh -c id' }, __proto__: { ref: 'x' } });
    for (const body of [forged, '{', '', '\0\xff'.repeat(100)])
      expect(await send(body, signed(body))).toBe(202);
    expect(hints).toHaveLength(4);
  });

  it('larger than GitHub sends is refused, told or not how large it is, and none of it is kept', async () => {
    const { send, hints, url } = await receiver({ bodyBytes: 64 * 1024 });
    const large = new Uint8Array(new ArrayBuffer(256 * 1024));
    expect(await send(large, signed(large))).toBe(413);
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(
      `POST /webhook HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: sha256=${'00'.repeat(32)}\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    for (let i = 0; i < 16; i++) socket.write(`2000\r\n${'x'.repeat(0x2000)}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('413');
    socket.destroy();
    expect(hints).toEqual([]);
  });

  it('whose body does not come to an end is given up', async () => {
    const { url, hints } = await receiver({ bodyMs: 200 });
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /webhook HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: sha256=${'00'.repeat(32)}\r\ncontent-length: 100\r\n\r\n{`,
    );
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
    expect(hints).toEqual([]);
  });

  it('beyond so many in a while is turned away, and heard again afterwards', async () => {
    const { send, clock } = await receiver({ deliveries: 3, windowMs: 1_000 });
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await send(push, signed(push)));
    expect(answers).toEqual([202, 202, 202, 429, 429]);
    clock.nowMs = 1_000;
    expect(await send(push, signed(push))).toBe(202);
  });

  it('goes to one path, by POST', async () => {
    const { url } = await receiver();
    expect((await fetch(url)).status).toBe(405);
    expect(
      (await fetch(new URL('/', url), { method: 'POST', body: push, headers: signed(push) })).status,
    ).toBe(404);
  });
});
