import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort, host, httpBackend, listening, stand, until } from '../../adapters/gateway/support.js';
import { raw } from './raw.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(port: number, options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
  const outgoing = request({ host, port, agent: false, ...options });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const text = (await bytesOf(incoming)).toString('latin1');
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: text };
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Takes connections and ends each before an answer; counts what it saw. */
async function resetting(): Promise<{ port: number; seen: () => number }> {
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      count += 1;
      socket.resetAndDestroy();
    });
  });
  const port = await listening(server);
  onTestFinished(() => void server.close());
  return { port, seen: () => count };
}

describe('an answer', () => {
  it('flows while the backend is still making it', async () => {
    let finish: () => unknown = () => undefined;
    const backend = await httpBackend((_request, response) => {
      response.write('first');
      finish = () => response.end('last');
    });
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const client = raw(port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await client.hears('first');
    expect(client.heard()).not.toContain('last');
    finish();
    await client.hears('last');
  });

  it('is whole when it is large, and so is the request before it', async () => {
    const backend = await httpBackend((incoming, response) => void incoming.pipe(response));
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const bytes = randomBytes(8_000_000);
    const { body } = await ask(port, { method: 'POST' }, bytes);
    expect(sha(Buffer.from(body, 'latin1'))).toBe(sha(bytes));
  });

  it('that comes before the request is whole arrives, though the backend wants no more of it', async () => {
    const backend = await httpBackend((_request, response) => {
      response.writeHead(413, { connection: 'close' }).end('too large');
    });
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const client = raw(port, 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9000000\r\n\r\nbegin');
    await client.hears('too large');
  });

  it('that is no HTTP is not passed on', async () => {
    const server = createServer((socket) => socket.end('hello\r\n\r\n'));
    onTestFinished(() => void server.close());
    const { port, route } = await stand('http');
    await route([await listening(server), 1]);
    expect((await ask(port)).status).toBe(502);
  });

  it('without a body ends at once: to HEAD, and 204, and 304', async () => {
    const backend = await httpBackend(({ url }, response) => {
      response.statusCode = Number(url?.slice(1));
      response.setHeader('etag', '"1"');
      if (url === '/200') response.setHeader('content-length', '5');
      response.end();
    });
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const client = raw(
      port,
      'HEAD /200 HTTP/1.1\r\nhost: a\r\n\r\nGET /204 HTTP/1.1\r\nhost: a\r\n\r\nGET /304 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
    );
    await client.ended;
    const text = client.heard();
    expect(text.match(/HTTP\/1\.1 (\d+)/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304']);
    expect(text).toContain('content-length: 5\r\n');
    expect(text).not.toContain('transfer-encoding');
  });

  it('that breaks off does not look complete', async () => {
    const backend = await httpBackend((_request, response) => {
      response.write('a part');
      setImmediate(() => response.destroy());
    });
    const { gateway, port, route } = await stand('http');
    await route([backend.port, 1]);
    await expect(ask(port)).rejects.toThrow('aborted');
    await until(async () => (await gateway.stats())?.bindings[0]?.failed === 1);
  });

  it('ends the connection for clients that expect it: HTTP/1.0, and Connection: close', async () => {
    const backend = await httpBackend((_request, response) => {
      response.write('in');
      response.end('chunks');
    });
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const old = raw(port, 'GET / HTTP/1.0\r\n\r\n');
    await old.ended;
    expect(old.heard()).toMatch(/\r\n\r\ninchunks$/);
    const closing = raw(port, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    await closing.ended;
    expect(closing.heard()).toContain('connection: close');
  });
});

describe('headers', () => {
  it('of one connection stay on it, those of the request go on, and the client is named', async () => {
    let seen: IncomingHttpHeaders = {};
    const backend = await httpBackend(({ headers }, response) => {
      seen = headers;
      response.setHeader('connection', 'x-hop');
      response.setHeader('x-hop', '1');
      response.setHeader('keep-alive', 'timeout=99');
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end();
    });
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const answer = await ask(port, {
      headers: {
        host: 'shop.example:8080',
        connection: 'x-mine, keep-alive',
        'x-mine': '1',
        te: 'trailers',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-proto': 'https',
        cookie: 'c=3',
      },
    });
    expect(seen).toMatchObject({
      host: 'shop.example:8080',
      'x-forwarded-for': `192.0.2.1, ${host}`,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example:8080',
      cookie: 'c=3',
    });
    expect(seen).not.toHaveProperty('x-mine');
    expect(seen).not.toHaveProperty('te');
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(answer.headers).not.toHaveProperty('x-hop');
    expect(answer.headers['keep-alive']).not.toBe('timeout=99');
  });

  it('that are too large are refused here', async () => {
    const { port, route } = await stand('http');
    await route([(await httpBackend((_request, response) => response.end())).port, 1]);
    const client = raw(port, `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`);
    await client.ended;
    expect(client.heard()).toContain('431');
  });
});

describe('a request', () => {
  it('whose client waits for 100-continue gets it, and its body arrives', async () => {
    let expected: string | undefined = 'unset';
    const backend = await httpBackend((incoming, response) => {
      expected = incoming.headers.expect;
      incoming.pipe(response);
    });
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const client = raw(
      port,
      'POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 4\r\nconnection: close\r\n\r\n',
    );
    await client.hears('100 Continue');
    client.socket.write('body');
    await client.ended;
    expect(client.heard()).toContain('body');
    expect(expected).toBeUndefined();
  });

  it('that the client gives up is given up at the backend', async () => {
    let dropped = () => {};
    const gone = new Promise<void>((resolve) => (dropped = resolve));
    const backend = await httpBackend((_request, response) => {
      response.write('…');
      response.on('close', dropped);
    });
    const { gateway, port, route } = await stand('http');
    await route([backend.port, 1]);
    const client = raw(port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await client.hears('HTTP/1.1 200');
    client.socket.destroy();
    await gone;
    await until(async () => (await gateway.stats())?.bindings[0]?.backends[0]?.open === 0);
    expect((await gateway.stats())?.bindings[0]).toMatchObject({ total: 1, failed: 0 });
  });

  it('that one backend refuses goes to the next with its whole body, whatever its method', async () => {
    const backend = await httpBackend((incoming, response) => void incoming.pipe(response));
    const { port, route } = await stand('http');
    await route([await freePort(), 100], [await freePort(), 100], [backend.port, 1]);
    const bytes = randomBytes(300_000);
    for (const method of ['POST', 'PUT', 'PATCH']) {
      const { body } = await ask(port, { method }, bytes);
      expect(sha(Buffer.from(body, 'latin1'))).toBe(sha(bytes));
    }
    expect((await ask(port)).status).toBe(200);
    expect((await ask(port, { method: 'DELETE' })).status).toBe(200);
  });

  it('cut before any byte of the answer is repeated if it is GET or HEAD, and never otherwise', async () => {
    const first = await resetting();
    const good = await httpBackend((_request, response) => response.end('good'));
    const { port, route } = await stand('http');
    await route([first.port, 1], [good.port, 1]);
    for (let count = 0; count < 4; count += 1) expect((await ask(port)).body).toBe('good');
    expect((await ask(port, { method: 'HEAD' })).status).toBe(200);
    expect((await ask(port, { method: 'HEAD' })).status).toBe(200);
    expect(first.seen()).toBeGreaterThan(0);

    const seenBefore = first.seen();
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push((await ask(port, { method: 'POST' }, 'x')).status);
    expect(statuses.sort((a, b) => a - b)).toEqual([200, 200, 502, 502]);
    expect(first.seen() - seenBefore).toBe(2);
  });

  it('with nobody to take it waits, and goes to the first backend that appears', async () => {
    const { gateway, port, route } = await stand('http');
    await route();
    const answer = ask(port, { method: 'POST' }, 'x');
    await until(async () => (await gateway.stats())?.bindings[0]?.waiting === 1);
    await route([(await httpBackend((_request, response) => response.end('late'))).port, 1]);
    expect((await answer).body).toBe('late');
  });

  it('waits five seconds and no longer, then hears when to try again', async () => {
    const { port, route } = await stand('http');
    await route([await freePort(), 1]);
    const answer = await ask(port);
    expect(answer).toMatchObject({ status: 503, body: 'No backend is ready.\n' });
    expect(answer.headers['retry-after']).toBe('1');
  });
});

describe('a backend', () => {
  it('gets its share by weight', async () => {
    const backends = await Promise.all(
      ['a', 'b'].map((name) => httpBackend((_request, response) => response.end(name))),
    );
    const { port, route } = await stand('http');
    await route([backends[0]?.port ?? 0, 3], [backends[1]?.port ?? 0, 1]);
    const answers = [];
    for (let count = 0; count < 40; count += 1) answers.push((await ask(port)).body);
    expect(answers.filter((name) => name === 'a')).toHaveLength(30);
  });

  it('that drains finishes what it has and keeps no connection, while clients keep theirs', async () => {
    const held: (() => void)[] = [];
    const old = await httpBackend(({ url }, response) => {
      if (url === '/slow') held.push(() => response.end('old'));
      else response.end('old');
    });
    const young = await httpBackend((_request, response) => response.end('new'));
    const { port, route } = await stand('http');
    await route([old.port, 1]);
    const kept = raw(port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await kept.hears('old');
    const slow = raw(port, 'GET /slow HTTP/1.1\r\nhost: a\r\n\r\n');
    await until(() => held.length === 1);

    await route([old.port, 0], [young.port, 1]);
    kept.socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await kept.hears('new');
    held[0]?.();
    await slow.hears('old');
    const connections = () =>
      new Promise<number>((resolve) => old.server.getConnections((_, count) => resolve(count)));
    await until(async () => (await connections()) === 0);
    slow.socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    await slow.hears('new');
  });
});
