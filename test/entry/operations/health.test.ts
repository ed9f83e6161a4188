import { request } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Failure } from '../../../src/entry/cli/operations.js';
import type { Health } from '../../../src/entry/operations/health.js';
import { healthAddress, serveHealth } from '../../../src/entry/operations/health.js';
import { healthOf } from '../../../src/entry/operations/readiness.js';

const well: Health = { ok: true, state: 'ready', reasons: [] };
const ill: Health = {
  ok: false,
  state: 'waiting',
  reasons: [{ code: 'journal.disk', message: 'the disk of the state folder is full' }],
};

interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

describe('health over HTTP', () => {
  it('answers each question with a code that a supervisor knows, and reasons that a person reads', async () => {
    const url = await serving((path) => (path === '/healthz' ? well : ill));
    const alive = await ask(`${url}/healthz`);
    expect(alive.code).toBe(200);
    expect(JSON.parse(alive.body)).toEqual(well);
    const ready = await ask(`${url}/readyz?verbose`);
    expect(ready.code).toBe(503);
    expect(JSON.parse(ready.body)).toEqual(ill);
    expect(ready.headers).toMatchObject({ 'cache-control': 'no-store', connection: 'close' });
    expect(ready.headers['content-type']).toContain('application/json');
  });

  it('gives a HEAD the same code and no body', async () => {
    const url = await serving(() => ill);
    expect(await ask(`${url}/readyz`, { method: 'HEAD' })).toMatchObject({ code: 503, body: '' });
  });

  it('takes no other method and knows no other path', async () => {
    const url = await serving(() => well);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const refused = await ask(`${url}/healthz`, { method });
      expect(refused.code, method).toBe(405);
      expect(refused.headers['allow']).toBe('GET, HEAD');
    }
    for (const path of ['/', '/healthz/', '/../healthz', '//healthz', '/metrics'])
      expect((await ask(url + path)).code, path).toBe(404);
  });

  it('answers nobody who asks for another host: a page in a browser learns nothing', async () => {
    const url = await serving(() => well);
    for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil'])
      expect((await ask(`${url}/healthz`, { headers: { host } })).code, host).toBeGreaterThanOrEqual(400);
    for (const host of ['localhost', 'localhost:1', '127.0.0.1', '[::1]:8086'])
      expect((await ask(`${url}/healthz`, { headers: { host } })).code, host).toBe(200);
  });

  it('listens on addresses of this machine alone', () => {
    expect(healthAddress('8086')).toEqual({ host: '127.0.0.1', port: 8086 });
    expect(healthAddress('127.0.0.2:0')).toEqual({ host: '127.0.0.2', port: 0 });
    expect(healthAddress('[::1]:8086')).toEqual({ host: '::1', port: 8086 });
    for (const text of ['0.0.0.0:8086', '[::]:8086', '10.0.0.1:8086', 'example.com:1', '65536', 'x', ''])
      expect(() => healthAddress(text), text).toThrow(Failure);
  });

  it('says so where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await expect(serveHealth({ host: '127.0.0.1', port }, () => well)).rejects.toThrow(/health checks/);
  });

  it('of a daemon that is starting says that it lives and is not ready', () => {
    expect(healthOf('/healthz', null)).toMatchObject({ ok: true });
    expect(healthOf('/readyz', null)).toMatchObject({ ok: false, reasons: [{ code: 'engine.starting' }] });
  });
});

async function serving(answer: Parameters<typeof serveHealth>[1]): Promise<string> {
  const server = await serveHealth({ host: '127.0.0.1', port: 0 }, answer);
  onTestFinished(() => server.close());
  return server.url;
}

/** Unlike `fetch` it may say any host, and leaves the path as it is. */
function ask(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const [, host, port, path] = /^http:\/\/([^:]+):(\d+)(.*)$/.exec(url) ?? [];
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ code: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
