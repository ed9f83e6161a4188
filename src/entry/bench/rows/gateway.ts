import { Agent, createServer, request } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createGateway } from '../../../adapters/gateway/gateway.js';
import type { InstanceId } from '../../../core/base/names.js';
import { safe } from '../../../core/base/safe-text.js';
import { cancelSource } from '../../../ports/clock.js';
import type { Bench, Row } from '../bench.js';
import { newFolder } from '../bench.js';
import type { Finding } from '../finding.js';

const host = '127.0.0.1';
const callers = 32;

export const gatewayRow: Row = {
  name: 'gateway',
  about: 'requests a second through the embedded gateway',
  measure: async (bench) => [await requests(bench)],
};

async function requests(bench: Bench): Promise<Finding> {
  const backend = createServer((_request, response) => response.end('ok\n'));
  backend.listen(0, host);
  await once(backend, 'listening');
  const backendPort = (backend.address() as AddressInfo).port;
  const gateway = createGateway({
    stateDir: newFolder(bench, 'gateway'),
    program: { command: process.execPath, args: [bench.program('gateway.js')] },
    redact: safe,
  });
  try {
    const port = await freePort();
    const outcome = await gateway.route(
      { key: 'bench:s/e#expose', scheme: 'http', address: host, port },
      [{ instance: 'bench/s/e/1.0.0~01234567/0' as InstanceId, address: host, port: backendPort, weight: 1 }],
      {
        cancel: cancelSource().cancel,
        timeoutMs: 10_000,
        operation: null,
        epoch: 1,
        revision: null,
        blobs: () => Promise.resolve([]),
        log: () => undefined,
      },
    );
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    const ms = bench.quick ? 2_000 : 5_000;
    const peer = await rate(backendPort, ms);
    const ours = await rate(port, ms);
    return {
      work: 'requests through the gateway',
      ours: { value: ours, unit: '/s' },
      peer: { name: 'the backend itself', value: peer, unit: '/s', inThisRun: true },
      goal: { text: '–' },
      note: `${callers} callers with keep-alive; callers, gateway and backend share the cores`,
    };
  } finally {
    await gateway.shutdown(0);
    gateway.close();
    backend.closeAllConnections();
    backend.close();
  }
}

async function rate(port: number, ms: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const start = performance.now();
  let count = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - start < ms) {
      await ask(port, agent);
      count++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  agent.destroy();
  return count / ((performance.now() - start) / 1_000);
}

function ask(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, agent }, (incoming) => {
      if (incoming.statusCode !== 200) reject(new Error(`answered with ${incoming.statusCode ?? 0}`));
      incoming.resume().on('end', resolve);
    });
    outgoing.on('error', reject).end();
  });
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
