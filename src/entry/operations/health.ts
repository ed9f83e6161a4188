import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../cli/operations.js';

/** What a supervisor is told; `reasons` is empty where all is well. */
export interface Health {
  readonly ok: boolean;
  readonly state: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface HealthAddress {
  readonly host: string;
  readonly port: number;
}

export const healthPaths = ['/healthz', '/readyz'] as const;
export type HealthPath = (typeof healthPaths)[number];

const requestTimeoutMs = 5_000;
const mostCallers = 32;

/** `8086`, `127.0.0.1:8086`, `[::1]:8086`. @throws {Failure} for what is no address of this machine alone. */
export function healthAddress(text: string): HealthAddress {
  const parts = /^(?:(localhost|127(?:\.\d{1,3}){3}|\[::1\]):)?(\d{1,5})$/.exec(text);
  const port = Number(parts?.[2]);
  if (parts === null || port > 65_535) throw unusable(`${text} is no port of this machine's own addresses`);
  const host = (parts[1] ?? '127.0.0.1').replace(/^\[|\]$/g, '');
  return { host, port };
}

/** @throws {Failure} where the port is taken. */
export async function serveHealth(
  at: HealthAddress,
  ask: (path: HealthPath) => Health,
): Promise<HealthServer> {
  const server = createServer((request, response) => answer(request, response, ask));
  server.requestTimeout = server.headersTimeout = requestTimeoutMs;
  server.keepAliveTimeout = 1;
  server.maxConnections = mostCallers;
  server.listen(at.port, at.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw unusable(`${at.host}:${at.port}: ${(error as Error).message}`);
  }
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, ask: (path: HealthPath) => Health): void {
  const { method = '', url = '' } = request;
  // A page in somebody's browser reaches this port too, under a name of its own.
  if (!isOurs(request.headers.host))
    return send(response, 421, { error: 'this is not the host that was asked for' });
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return send(response, 405, { error: 'GET or HEAD' });
  }
  const path = healthPaths.find((known) => known === url.split('?')[0]);
  if (path === undefined) return send(response, 404, { error: `there is ${healthPaths.join(' and ')}` });
  const { ok, state, reasons } = ask(path);
  send(response, ok ? 200 : 503, { ok, state, reasons });
}

function isOurs(host: string | undefined): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host ?? '');
}

function send(response: ServerResponse, code: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(code, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  // Of a HEAD Node itself sends no body.
  response.end(text);
}

function unusable(message: string): Failure {
  return new Failure(
    'health.listen',
    `cannot listen for health checks: ${message}`,
    'Give a free port of this machine, such as --health-listen 127.0.0.1:8086.',
  );
}
