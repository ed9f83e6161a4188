import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach } from 'vitest';
import type { Gate, Measure } from '../../../src/core/base/canary.js';
import type { InstanceId } from '../../../src/core/base/names.js';
import type { GateTarget } from '../../../src/ports/gate.js';

const servers: (Server & { closeAllConnections?: () => void })[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections?.();
  }
});

/** The port of a server on 127.0.0.1, which ends with the test. */
export async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

export function http(listener: RequestListener): Promise<number> {
  return listening(createHttpServer(listener));
}

/** Says these bytes, whatever it is asked, and ends. */
export function saying(bytes: string | Buffer): Promise<number> {
  return listening(createServer((socket) => socket.on('error', () => undefined).end(bytes)));
}

/** A port that nobody listens to. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function gateOf(measure: Measure, timeoutMs = 15_000): Gate {
  return { name: 'ok', measure, intervalMs: 1_000, timeoutMs, count: 1, failureLimit: 0, errorLimit: 4 };
}

export function instances(...ports: readonly (number | null)[]): GateTarget {
  return {
    instances: ports.map((port, ordinal) => ({
      id: `test/shop/api/2.0.0~00000000/${ordinal}` as InstanceId,
      address: '127.0.0.1',
      port,
    })),
    endpoint: 'http://127.0.0.1:25000',
  };
}
