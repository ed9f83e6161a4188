import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort, listening, stand, until } from '../../adapters/gateway/support.js';
import { raw } from './raw.js';

async function tcpBackend(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => undefined));
    serve(socket);
  });
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return port;
}

const named = (name: string) => tcpBackend((socket) => socket.end(name));

describe('a TCP connection', () => {
  it('carries bytes both ways, and one side that ends still hears the other', async () => {
    const { port, route } = await stand('tcp');
    const backend = await tcpBackend((socket) => {
      let heard = '';
      socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
      socket.on('end', () => socket.end(`heard ${heard}`));
    });
    await route([backend, 1]);
    const client = raw(port, 'all', true);
    client.socket.end(' of it');
    await client.hears('heard all of it');
    await client.ended;
  });

  it('goes to the next backend when one refuses, with what the client has said already', async () => {
    const { port, route } = await stand('tcp');
    const echo = await tcpBackend((socket) => void socket.pipe(socket));
    await route([await freePort(), 10], [echo, 1]);
    await raw(port, 'hello').hears('hello');
  });

  it('is shared out by weight', async () => {
    const { port, route } = await stand('tcp');
    await route([await named('a'), 3], [await named('b'), 1]);
    const heard = [];
    for (let count = 0; count < 8; count += 1) {
      const client = raw(port);
      await client.ended;
      heard.push(client.heard());
    }
    expect(heard.filter((name) => name === 'a')).toHaveLength(6);
  });

  it('lives until it ends when its backend drains; new ones go elsewhere', async () => {
    const { gateway, port, route } = await stand('tcp');
    const echo = await tcpBackend((socket) => void socket.pipe(socket));
    await route([echo, 1]);
    const client = raw(port, 'one');
    await client.hears('one');
    await route([echo, 0], [await named('new'), 1]);
    await raw(port).hears('new');
    client.socket.write('two');
    await client.hears('two');
    await route([await named('newer'), 1]);
    client.socket.write('three');
    await client.hears('three');
    const open = async () =>
      (await gateway.stats())?.bindings[0]?.backends.find((each) => each.port === echo)?.open;
    expect(await open()).toBe(1);
    client.socket.end();
    await client.ended;
    await until(async () => (await open()) === undefined);
  });

  it('with nobody to take it waits for the first backend that appears', async () => {
    const { gateway, port, route } = await stand('tcp');
    await route();
    const client = raw(port);
    await until(async () => (await gateway.stats())?.bindings[0]?.waiting === 1);
    await route([await named('late'), 1]);
    await client.hears('late');
  });

  it('that a backend cuts is cut for the client too, not ended as if all were said', async () => {
    const { port, route } = await stand('tcp');
    const backend = await tcpBackend((socket) => {
      socket.once('data', () => {
        socket.resetAndDestroy();
      });
    });
    await route([backend, 1]);
    const client = raw(port, 'x');
    let code: string | undefined;
    client.socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
    await client.ended;
    expect(code).toBe('ECONNRESET');
  });
});
