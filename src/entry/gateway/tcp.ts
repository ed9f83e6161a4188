import { createServer, type Server, type Socket } from 'node:net';
import { dialed } from './dial.js';
import { Search } from './search.js';
import type { Traffic } from './traffic.js';

export function tcpListener(traffic: Traffic): Server {
  // Nothing is read before a backend has taken the connection, so nothing can be lost.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true, keepAlive: true });
  server.on('connection', (client) => void serve(traffic, client));
  return server;
}

async function serve(traffic: Traffic, client: Socket): Promise<void> {
  traffic.total += 1;
  client.on('error', () => undefined);
  const search = new Search(traffic.pool, () => client.destroyed);
  for (;;) {
    const upstream = await search.next();
    if (!upstream) {
      traffic.failed += 1;
      client.resetAndDestroy();
      return;
    }
    upstream.begin();
    try {
      const backend = await dialed(upstream.place, true);
      return await splice(client, backend);
    } catch {
      upstream.refused();
      search.avoid(upstream);
    } finally {
      upstream.end();
    }
  }
}

/** Bytes both ways until both have ended; one that ends still hears the other. Never rejects. */
export function splice(client: Socket, backend: Socket): Promise<void> {
  return new Promise((resolve) => {
    let open = 2;
    const bind = (from: Socket, to: Socket) => {
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => {
        // Cut before its end: what it had to say will never be whole.
        if (!from.readableEnded && !to.destroyed) to.resetAndDestroy();
        if (--open === 0) resolve();
      });
      if (from.destroyed) to.resetAndDestroy();
      from.pipe(to);
    };
    if (client.destroyed) {
      backend.destroy();
      resolve();
      return;
    }
    bind(client, backend);
    bind(backend, client);
  });
}
