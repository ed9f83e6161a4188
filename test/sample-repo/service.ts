import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const sampleRepo = fileURLToPath(new URL('../../sample-repo', import.meta.url));

export interface Service {
  readonly url: string;
  readonly process: ChildProcess;
  /** Sends SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
}

/** Starts a service of the shop as its release says, and gives it once it is healthy. */
export async function startService(
  name: 'store' | 'api' | 'web',
  version: '1.0.0' | '1.1.0',
  env: Record<string, string>,
): Promise<Service> {
  const port = await freePort();
  const child = spawn(process.execPath, [`services/${name}/${version}/server.mjs`], {
    cwd: sampleRepo,
    env: { PATH: process.env['PATH'], PORT: String(port), INSTANCE: '0', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return (await ended)[0];
  };
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, child);
  return { url, process: child, stop };
}

/** A server of the test itself that stands in for what a service needs. */
export async function standIn(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

export async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

export function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(`${url}/healthz`).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the service ended with ${child.exitCode}`);
}
