import { createServer as createHttpServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort, httpBackend, listening, stand, until } from '../../adapters/gateway/support.js';
import { raw } from './raw.js';

const handshake =
  'GET /chat HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Takes every wish, then says all back. */
async function echo(): Promise<number> {
  const server = createHttpServer();
  server.on('upgrade', ({ headers }, socket) => {
    socket.on('error', () => undefined);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: ${headers.upgrade}\r\nx-for: ${String(headers['x-forwarded-for'])}\r\n\r\n`,
    );
    socket.pipe(socket);
  });
  const port = await listening(server);
  onTestFinished(() => void server.close());
  return port;
}

describe('a WebSocket', () => {
  it('is carried both ways, past backends that refuse it, and on while its backend drains', async () => {
    const { gateway, port, route } = await stand('http');
    const backend = await echo();
    await route([await freePort(), 10], [backend, 1]);
    const client = raw(port, handshake);
    await client.hears('101 Switching Protocols');
    await client.hears('x-for: 127.0.0.1');
    client.socket.write('one');
    await client.hears('one');
    await route([backend, 0]);
    client.socket.write('two');
    await client.hears('two');
    expect((await gateway.stats())?.bindings[0]?.backends[0]).toMatchObject({ weight: 0, open: 1 });
    client.socket.end();
    await client.ended;
    await until(async () => (await gateway.stats())?.bindings[0]?.backends[0]?.open === 0);
  });

  it('that the backend does not want gets the backend’s answer', async () => {
    const backend = await httpBackend((_request, response) => {
      response.statusCode = 401;
      response.end('who are you?');
    });
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const client = raw(port, handshake);
    await client.ended;
    expect(client.heard()).toMatch(/^HTTP\/1\.1 401 /);
    expect(client.heard()).toContain('who are you?');
  });
});

describe('another wish to upgrade', () => {
  it('is overlooked, as HTTP allows: Java’s client wishes for h2c on its first request', async () => {
    let seen: unknown = null;
    const backend = await httpBackend((incoming, response) => {
      seen = incoming.headers;
      incoming.pipe(response);
    });
    const { port, route } = await stand('http');
    await route([backend.port, 1]);
    const client = raw(
      port,
      'POST / HTTP/1.1\r\nhost: a\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n' +
        'http2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\ncontent-length: 4\r\n\r\nbo',
    );
    client.socket.write('dy');
    await client.ended;
    expect(client.heard()).toMatch(/^HTTP\/1\.1 200 /);
    expect(unchunked(client.heard())).toBe('body');
    expect(seen).toMatchObject({ host: 'a', 'x-forwarded-for': '127.0.0.1', connection: 'close' });
    expect(seen).not.toHaveProperty('http2-settings');
  });
});

/** The body of an answer, in however many pieces it came. */
function unchunked(answer: string): string {
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  return [...body.matchAll(/([0-9a-f]+)\r\n([^\r]*)\r\n/gi)].map(([, , piece]) => piece).join('');
}
