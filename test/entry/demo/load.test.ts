import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLoad, type Load } from '../../../src/entry/demo/load.js';

async function loadOn(listener: RequestListener): Promise<Load> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const load = startLoad(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 500);
  onTestFinished(async () => {
    await load.stop();
    server.closeAllConnections();
    server.close();
  });
  return load;
}

async function untilAsked(load: Load, requests: number): Promise<void> {
  while (load.tally().requests < requests) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the load', () => {
  it('looks and orders, on connections that are kept and on new ones, since each can break in its own way', async () => {
    const seen = new Set<string>();
    const load = await loadOn((incoming, outgoing) => {
      seen.add(`${incoming.method} ${incoming.url} ${incoming.headers.connection}`);
      incoming.resume().on('end', () => outgoing.writeHead(incoming.method === 'POST' ? 201 : 200).end());
    });
    await untilAsked(load, 40);
    await load.stop();

    expect([...seen].sort()).toEqual([
      'GET / close',
      'GET / keep-alive',
      'GET /orders close',
      'GET /orders keep-alive',
      'POST /orders close',
      'POST /orders keep-alive',
    ]);
    expect(load.tally()).toMatchObject({ failed: 0, failures: [] });
    expect(load.tally().orders).toBeGreaterThan(0);
  });

  it.each<[string, RequestListener]>([
    ['another status', (_, outgoing) => outgoing.writeHead(503).end('nobody there')],
    ['a reset', (incoming) => incoming.socket.destroy()],
    [
      'half an answer',
      (_, outgoing) => {
        outgoing.writeHead(200, { 'content-length': 100 }).write('half');
        setImmediate(() => outgoing.destroy());
      },
    ],
  ])('counts %s as failed, and asks only once, so that nothing is hidden', async (_, listener) => {
    let asked = 0;
    const load = await loadOn((incoming, outgoing) => {
      asked += 1;
      listener(incoming, outgoing);
    });
    await untilAsked(load, 5);
    await load.stop();

    const { requests, failed, failures } = load.tally();
    expect(failed).toBe(requests);
    expect(asked).toBe(requests);
    expect(failures.length).toBeGreaterThan(0);
  });

  it('waits for what was asked when it is stopped, so that the last word is true', async () => {
    const answers: (() => void)[] = [];
    const load = await loadOn((_, outgoing) => answers.push(() => outgoing.end()));
    while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const stopped = load.stop();
    const late = setInterval(() => answers.splice(0).forEach((answer) => answer()), 5);
    await stopped;
    clearInterval(late);

    expect(load.tally().requests).toBeGreaterThan(0);
  });
});
