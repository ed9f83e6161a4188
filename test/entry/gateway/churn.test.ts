import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { showed } from '../../support/promises.js';
import { host, listening, stand, until, type Stand } from '../../adapters/gateway/support.js';

const rounds = 25;
const answers = ['at once', 'after a while', 'in pieces'] as const;

interface Running {
  readonly port: number;
  readonly server: Server;
}

/** Answers in one of three manners, chosen by the path, and closes idle connections as Node does. */
async function httpServer(): Promise<Running> {
  const server = createHttpServer((incoming, response) => {
    let length = 0;
    incoming.on('data', (chunk: Buffer) => (length += chunk.length));
    incoming.on('end', () => {
      const text = `got ${length}`;
      if (incoming.url === '/0') response.end(text);
      else if (incoming.url === '/1') setTimeout(() => response.end(text), 30);
      else {
        response.write(text.slice(0, 2));
        setTimeout(() => response.end(text.slice(2)), 20);
      }
    });
  });
  server.keepAliveTimeout = 50;
  return { port: await listening(server), server };
}

async function echoServer(): Promise<Running> {
  const server = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
  return { port: await listening(server), server };
}

interface Load {
  done: number;
  readonly failures: string[];
  stop: boolean;
}

async function askForEver(load: Load, once: (turn: number) => Promise<void>): Promise<void> {
  for (let turn = 0; !load.stop; turn += 1) {
    await once(turn).then(
      () => (load.done += 1),
      (error: Error) => load.failures.push(error.message),
    );
  }
}

function ask(port: number, agent: Agent | false, turn: number): Promise<void> {
  const method = ['GET', 'POST', 'HEAD', 'PUT'][turn % 4] ?? 'GET';
  const body = method === 'POST' || method === 'PUT' ? Buffer.alloc((turn % 7) * 20_000, 1) : Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const path = `/${turn % answers.length}`;
    const outgoing = request({ host, port, agent, method, path }, (incoming: IncomingMessage) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        if (incoming.statusCode === 200 && text === (method === 'HEAD' ? '' : `got ${body.length}`))
          resolve();
        else reject(new Error(`${method} ${path}: ${incoming.statusCode} ${text}`));
      });
    });
    outgoing.on('error', (error) => reject(new Error(`${method} ${path}: ${error.message}`)));
    outgoing.end(body);
  });
}

function converse(port: number, turn: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const said = `turn ${turn}`;
    const socket = connect(port, host);
    socket.on('error', reject);
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    socket.on('end', () => (heard === said ? resolve() : reject(new Error(`heard '${heard}' of '${said}'`))));
    socket.end(said);
  });
}

async function two(at: Stand, start: () => Promise<Running>): Promise<Running[]> {
  const running = [await start(), await start()];
  await at.route(...running.map(({ port }) => [port, 1] as const));
  return running;
}

/** A rolling upgrade without end: one more, then the eldest drains, and is closed when it has nothing left. */
async function churn(at: Stand, running: Running[], start: () => Promise<Running>): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    running.push(await start());
    await at.route(...running.map(({ port }, index) => [port, index + 1] as const));
    await sleep(40);
    const eldest = running.shift();
    if (!eldest) throw new Error('nobody is left');
    await at.route([eldest.port, 0], ...running.map(({ port }) => [port, 1] as const));
    await until(async () => (await openAt(at, eldest.port)) === 0);
    // Every third leaves the table before it is closed, the others after it.
    if (round % 3 === 0) await at.route(...running.map(({ port }) => [port, 1] as const));
    eldest.server.close();
  }
  onTestFinished(() => running.forEach(({ server }) => server.close()));
}

async function openAt(at: Stand, port: number): Promise<number> {
  const stats = await at.gateway.stats();
  return stats?.bindings[0]?.backends.find((backend) => backend.port === port)?.open ?? 0;
}

describe('under constant load, while backends come, drain and go', () => {
  it('no HTTP request fails, whatever its method, on kept and on fresh connections', async (context) => {
    const at = await stand('http');
    const running = await two(at, httpServer);
    const load: Load = { done: 0, failures: [], stop: false };
    const kept = new Agent({ keepAlive: true });
    onTestFinished(() => kept.destroy());
    const clients = Array.from({ length: 16 }, (_, index) =>
      askForEver(load, (turn) => ask(at.port, index % 2 === 0 ? kept : false, turn + index)),
    );
    await churn(at, running, httpServer);
    load.stop = true;
    await Promise.all(clients);
    expect(load.failures).toEqual([]);
    expect(load.done).toBeGreaterThan(rounds);
    expect((await at.gateway.stats())?.bindings[0]).toMatchObject({ total: load.done, failed: 0 });
    showed(context, { scenariosUnbroken: 1 });
  });

  it('no TCP connection is refused or cut', async (context) => {
    const at = await stand('tcp');
    const running = await two(at, echoServer);
    const load: Load = { done: 0, failures: [], stop: false };
    const clients = Array.from({ length: 8 }, () => askForEver(load, (turn) => converse(at.port, turn)));
    await churn(at, running, echoServer);
    load.stop = true;
    await Promise.all(clients);
    expect(load.failures).toEqual([]);
    expect(load.done).toBeGreaterThan(rounds);
    showed(context, { scenariosUnbroken: 1 });
  });

  it('no GET fails even when backends are killed instead of drained', async (context) => {
    const at = await stand('http');
    const load: Load = { done: 0, failures: [], stop: false };
    const kept = new Agent({ keepAlive: true });
    onTestFinished(() => kept.destroy());
    const running = await two(at, quickServer);
    const clients = Array.from({ length: 8 }, () =>
      askForEver(load, (turn) => ask(at.port, kept, turn * 12)),
    );
    for (let round = 0; round < rounds; round += 1) {
      await sleep(20);
      const killed = running.shift();
      (killed?.server as ReturnType<typeof createHttpServer> | undefined)?.closeAllConnections();
      killed?.server.close();
      running.push(await quickServer());
      await at.route(...running.map(({ port }) => [port, 1] as const));
    }
    load.stop = true;
    await Promise.all(clients);
    for (const { server } of running) server.close();
    expect(load.failures).toEqual([]);
    showed(context, { scenariosUnbroken: 1 });
  });
});

/** Its answers are one packet: cut before it or after it, never within. */
async function quickServer(): Promise<Running> {
  const server = createHttpServer((incoming, response) => {
    incoming.resume();
    response.end('got 0');
  });
  return { port: await listening(server), server };
}
