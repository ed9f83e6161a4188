import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGateway, type Gateway } from '../../../src/adapters/gateway/gateway.js';
import { startTimeOf } from '../../../src/adapters/gateway/identity.js';
import { onJsonLines } from '../../../src/adapters/gateway/lines.js';
import { gatewayPaths, preparePrivateFolder } from '../../../src/adapters/gateway/paths.js';
import { safe } from '../../../src/core/base/safe-text.js';
import { cancelSource } from '../../../src/ports/clock.js';
import {
  backendOf,
  binding,
  context,
  failureCode,
  freePort,
  gatewayIn,
  host,
  httpBackend,
  listening,
  stand,
  temporaryFolder,
  until,
} from './support.js';

const text = (port: number) =>
  new Promise<string>((resolve, reject) => {
    get({ host, port, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(body));
    }).on('error', reject);
  });

const hello = () => httpBackend((_request, response) => response.end('hello'));

async function pidOf(gateway: Gateway): Promise<number> {
  const stats = await gateway.stats();
  if (!stats) throw new Error('no gateway runs');
  return stats.pid;
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(() => startTimeOf(pid) === null);
}

describe('the process of the gateway', () => {
  it('begins with the first route, so that who needs no listener has no process', async () => {
    const { gateway, port, route } = await stand('http');
    expect(await gateway.ensure()).toEqual({ kind: 'unneeded' });
    expect(await gateway.stats()).toBeNull();
    await route([(await hello()).port, 1]);
    expect(await text(port)).toBe('hello');
  });

  it('outlives its controller, and the next one finds it', async () => {
    const { stateDir, gateway, port, route } = await stand('http');
    await route([(await hello()).port, 1]);
    const pid = await pidOf(gateway);
    gateway.close();
    expect(await text(port)).toBe('hello');
    const next = await gatewayIn(stateDir);
    expect(await next.ensure()).toEqual({ kind: 'running', pid });
  });

  it('is one a state folder, however many controllers ask for it at once', async () => {
    const stateDir = temporaryFolder();
    const gateways = await Promise.all(Array.from({ length: 4 }, () => gatewayIn(stateDir)));
    const ports = await Promise.all(gateways.map(() => freePort()));
    const outcomes = await Promise.all(
      gateways.map((gateway, index) =>
        gateway.route(binding(ports[index] ?? 0, 'http', `d${index}:shop/api#expose`), [], context),
      ),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done']);
    expect(new Set(await Promise.all(gateways.map(pidOf))).size).toBe(1);
    expect((await gateways[0]?.stats())?.bindings).toHaveLength(4);
  });

  it('when killed comes back with the same listeners, without a new route', async () => {
    const { gateway, port, route } = await stand('http');
    await route([(await hello()).port, 1]);
    const pid = await pidOf(gateway);
    await kill(pid);
    const ensured = await gateway.ensure();
    expect(ensured.kind).toBe('restarted');
    expect(await pidOf(gateway)).not.toBe(pid);
    expect(await text(port)).toBe('hello');
  });

  it('when killed comes back with the next route, whose answer tells the truth', async () => {
    const { gateway, port, route } = await stand('http');
    await route([(await hello()).port, 1]);
    const other = await httpBackend((_request, response) => response.end('other'));
    process.kill(await pidOf(gateway), 'SIGKILL');
    await route([other.port, 1]);
    expect(await text(port)).toBe('other');
  });

  it('begins empty where its table is torn, for the controller routes anew what it needs', async () => {
    const { stateDir, gateway, port, route } = await stand('http');
    mkdirSync(join(stateDir, 'gateway'));
    writeFileSync(join(stateDir, 'gateway/table.json'), '{"format":1,"bindi');
    await route([(await hello()).port, 1]);
    expect(await text(port)).toBe('hello');
    expect((await gateway.stats())?.bindings).toHaveLength(1);
  });

  it('stays findable when its socket is swept away and its state folder deleted', async () => {
    const { stateDir, gateway, port, route } = await stand('http');
    await route([(await hello()).port, 1]);
    const pid = await pidOf(gateway);
    rmSync(gatewayPaths(stateDir).socketFolder, { recursive: true });
    rmSync(stateDir, { recursive: true });
    gateway.close();
    const next = await gatewayIn(stateDir);
    await until(() => existsSync(gatewayPaths(stateDir).socket));
    expect(await pidOf(next)).toBe(pid);
    await next.route(binding(port), [backendOf([(await hello()).port, 1])], context);
    expect(existsSync(join(stateDir, 'gateway/table.json'))).toBe(true);
  });

  it('works in a state folder whose path is too long for a Unix socket', async () => {
    const stateDir = join(temporaryFolder(), 'x'.repeat(120), 'state');
    const gateway = await gatewayIn(stateDir);
    expect((await gateway.route(binding(await freePort()), [], context)).kind).toBe('done');
  });

  it.skipIf(process.platform !== 'linux')('inherits no credential of the controller', async () => {
    process.env['HELIOSTAT_TEST_TOKEN'] = 'a-token';
    onTestFinished(() => void delete process.env['HELIOSTAT_TEST_TOKEN']);
    const { gateway, route } = await stand('http');
    await route();
    expect(readFileSync(`/proc/${await pidOf(gateway)}/environ`, 'utf8')).not.toContain('a-token');
  });

  it('ends by shutdown, which frees its ports; the next start has its table', async () => {
    const { gateway, port, route } = await stand('http');
    await route([(await hello()).port, 1]);
    await gateway.shutdown();
    expect(await gateway.stats()).toBeNull();
    await expect(text(port)).rejects.toThrow('ECONNREFUSED');
    expect((await gateway.ensure()).kind).toBe('restarted');
    expect(await text(port)).toBe('hello');
  });
});

describe('a route', () => {
  it('is on disk before it is acknowledged', async () => {
    const { stateDir, route, port } = await stand('http');
    await route([20_001, 3]);
    const table: unknown = JSON.parse(readFileSync(join(stateDir, 'gateway/table.json'), 'utf8'));
    expect(table).toMatchObject({ bindings: [{ port, backends: [{ port: 20_001, weight: 3 }] }] });
  });

  it('to the same table is done without a change', async () => {
    const { stateDir, route } = await stand('http');
    await route([20_001, 1]);
    const before = statSync(join(stateDir, 'gateway/table.json')).ino;
    await route([20_001, 1]);
    expect(statSync(join(stateDir, 'gateway/table.json')).ino).toBe(before);
  });

  it('to a port of somebody else fails for good and names him', async () => {
    const server = createServer();
    const port = await listening(server);
    onTestFinished(() => void server.close());
    const { gateway } = await stand('http');
    const outcome = await gateway.route(binding(port), [], context);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'port.taken', retryable: false });
    if (process.platform !== 'linux') return;
    expect(outcome).toHaveProperty('message', expect.stringMatching(`pid ${process.pid} \\(\\S*node`));
  });

  it('to the port of another binding fails and names the binding', async () => {
    const { gateway, port, route } = await stand('http');
    await route();
    const outcome = await gateway.route(binding(port, 'http', 'd2:shop/web#expose'), [], context);
    expect(outcome).toMatchObject({
      code: 'port.taken',
      message: expect.stringContaining('d1:shop/api#expose') as string,
    });
  });

  it('with another scheme or port opens the listener anew', async () => {
    const { gateway, port, route } = await stand('http');
    await route([(await hello()).port, 1]);
    const tcp = createServer((socket) => socket.end('bytes'));
    onTestFinished(() => void tcp.close());
    const backend = backendOf([await listening(tcp), 1]);
    expect((await gateway.route(binding(port, 'tcp'), [backend], context)).kind).toBe('done');
    expect(await allOf(port)).toBe('bytes');
    const moved = await freePort();
    expect((await gateway.route(binding(moved, 'tcp'), [backend], context)).kind).toBe('done');
    expect(await allOf(moved)).toBe('bytes');
    await expect(allOf(port)).rejects.toThrow('ECONNREFUSED');
  });

  it('of a former controller is refused: it acts on what is over', async () => {
    const { gateway, port, route } = await stand('http');
    await route();
    expect((await gateway.route(binding(port), [], { ...context, epoch: 2 })).kind).toBe('done');
    expect(failureCode(await gateway.route(binding(port), [], context))).toBe('epoch.stale');
    expect(failureCode(await gateway.unroute(binding(port).key, context))).toBe('epoch.stale');
    const other = binding(await freePort(), 'http', 'd2:shop/api#expose');
    expect((await gateway.route(other, [], context)).kind).toBe('done');
  });

  it('is taken back by unroute, which frees the port; twice is as good as once', async () => {
    const { gateway, port, route } = await stand('http');
    await route();
    const { key } = binding(port);
    expect((await gateway.unroute(key, context)).kind).toBe('done');
    await expect(text(port)).rejects.toThrow('ECONNREFUSED');
    expect((await gateway.unroute(key, context)).kind).toBe('done');
  });

  it('that was never made is taken back without starting a gateway', async () => {
    const { gateway, stateDir } = await stand('http');
    expect((await gateway.unroute('d1:shop/api#expose', context)).kind).toBe('done');
    expect(existsSync(join(stateDir, 'gateway'))).toBe(false);
  });
});

describe('the controller', () => {
  it('is told when the program cannot be started, and why', async () => {
    const stateDir = temporaryFolder();
    const missing = createGateway({
      stateDir,
      program: { command: '/nowhere/node', args: [] },
      redact: safe,
    });
    expect(await missing.route(binding(20_001), [], context)).toMatchObject({
      kind: 'failed',
      code: 'gateway.start',
      message: expect.stringContaining('ENOENT') as string,
    });
    const broken = { command: process.execPath, args: ['-e', 'throw new Error("no such luck")'] };
    const ended = createGateway({ stateDir, program: broken, redact: safe });
    expect(await ended.route(binding(20_001), [], context)).toMatchObject({
      code: 'gateway.start',
      message: expect.stringContaining('no such luck') as string,
    });
  });

  it('does not wait longer than it may for a gateway that hangs, and takes nothing for done', async () => {
    const { gateway, port, route } = await stand('http');
    await route();
    const pid = await pidOf(gateway);
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(pid, 'SIGCONT'));
    const outcome = await gateway.route(binding(port), [backendOf([1, 1])], { ...context, timeoutMs: 200 });
    expect(outcome.kind).toBe('unknown');
    process.kill(pid, 'SIGCONT');
  });

  it('that is cancelled waits no more', async () => {
    const { gateway, port, route } = await stand('http');
    await route();
    const pid = await pidOf(gateway);
    process.kill(pid, 'SIGSTOP');
    const { cancel, abort } = cancelSource();
    const pending = gateway.route(binding(port), [], { ...context, cancel, epoch: 2 });
    abort();
    expect((await pending).kind).not.toBe('done');
    process.kill(pid, 'SIGCONT');
  });

  it('leaves a gateway alone that speaks only another protocol, and says how to replace it', async () => {
    const stateDir = temporaryFolder();
    const paths = gatewayPaths(stateDir);
    preparePrivateFolder(paths.socketFolder);
    const newer = createServer((socket) =>
      onJsonLines(socket, ({ id }) => {
        const value = { protocol: 9, understands: [9], pid: process.pid, startTime: '0' };
        socket.write(`${JSON.stringify({ id, ok: true, value })}\n`);
      }),
    );
    await new Promise<void>((resolve) => newer.listen(paths.socket, () => resolve()));
    onTestFinished(() => {
      newer.close();
      rmSync(paths.socketFolder, { recursive: true });
    });
    const program = { command: '/nowhere/node', args: [] };
    const gateway = createGateway({ stateDir, program, redact: safe });
    const outcome = await gateway.route(binding(20_001), [], context);
    expect(outcome).toMatchObject({ code: 'gateway.version', retryable: false });
    expect((await gateway.ensure()).kind).toBe('unneeded');
    gateway.close();
  });
});

function allOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, host);
    socket.on('error', reject);
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    socket.on('end', () => resolve(received));
  });
}
