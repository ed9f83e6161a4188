import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createGateway, type Gateway } from '../../../src/adapters/gateway/gateway.js';
import type { InstanceId } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import { cancelSource } from '../../../src/ports/clock.js';
import type { Backend, Outcome, ProviderContext, RouteTask } from '../../../src/ports/provider.js';
import { bundleEntry } from '../../support/bundle.js';

export const host = '127.0.0.1';

export const context: ProviderContext = {
  cancel: cancelSource().cancel,
  timeoutMs: 10_000,
  operation: null,
  epoch: 1,
  revision: null,
  blobs: () => Promise.resolve([]),
  log: () => undefined,
};

export interface Stand {
  readonly stateDir: string;
  readonly gateway: Gateway;
  readonly port: number;
  /** The binding's table from now on: `[backend port, weight]`. It must be acknowledged. */
  route(...backends: readonly (readonly [port: number, weight: number])[]): Promise<void>;
}

/** A gateway of its own with one binding's name and port, and an end to both. */
export async function stand(scheme: 'http' | 'tcp', port?: number): Promise<Stand> {
  const stateDir = temporaryFolder();
  const gateway = await gatewayIn(stateDir);
  const own = port ?? (await freePort());
  return {
    stateDir,
    gateway,
    port: own,
    async route(...backends) {
      const outcome = await gateway.route(binding(own, scheme), backends.map(backendOf), context);
      if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    },
  };
}

export function binding(
  port: number,
  scheme: 'http' | 'tcp' = 'http',
  key = 'd1:shop/api#expose',
): RouteTask {
  return { key, scheme, address: host, port };
}

export function backendOf([port, weight]: readonly [number, number]): Backend {
  return { instance: `prod/shop/api/1.0.0~0/${port}` as InstanceId, address: host, port, weight };
}

export async function gatewayIn(stateDir: string): Promise<Gateway> {
  const program = { command: process.execPath, args: [await bundleEntry('src/entry/gateway/main.ts')] };
  const gateway = createGateway({ stateDir, program, redact: safe });
  onTestFinished(() => gateway.shutdown(0));
  return gateway;
}

export function temporaryFolder(name = 'heliostat-test-'): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Free a moment ago, below the range from which the system gives ports away by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 4_500);
    const server = createServer();
    const listens = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, host, () => resolve(true));
    });
    if (!listens) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

export async function httpBackend(listener: RequestListener): Promise<{ port: number; server: HttpServer }> {
  const server = createHttpServer(listener);
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port, server };
}

export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, () => resolve()));
  return (server.address() as AddressInfo).port;
}

/** Until it holds; the test's own time limit is the only one. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

export function failureCode(outcome: Outcome): string {
  return outcome.kind === 'failed' ? outcome.code : outcome.kind;
}
