import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardedFetch, WireFailure } from '../../../../src/adapters/forge/parts/wire.js';
import { startServer, type FakeServer, type Incoming, type Reply } from '../../../support/forge/server.js';

let server: FakeServer;
let reply: (request: Incoming) => Reply;
const asked: Incoming[] = [];

beforeEach(async () => {
  asked.length = 0;
  reply = () => ({ status: 200, body: { fine: true } });
  server = await startServer({
    answer: (request) => {
      asked.push(request);
      return reply(request);
    },
    needs: () => 'read',
    authorization: ({ headers }) => String(headers['authorization']),
    limited: () => ({ status: 429 }),
  });
});
afterEach(() => server.close());

const get = guardedFetch({ timeoutMs: 200, maximumBytes: 1_000 });
const failure = (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => 'nothing',
    (error: unknown) => (error instanceof WireFailure ? error.kind : error),
  );

describe('a request to a forge', () => {
  it('gives the answer as it is', async () => {
    const answer = await get(`${server.url}/x`);
    expect([answer.status, await answer.json()]).toEqual([200, { fine: true }]);
  });

  it('follows a redirection on the same host, with the same method, body and token', async () => {
    reply = ({ path }) => (path === '/a' ? { status: 307, headers: { location: '/b' } } : { status: 204 });
    const headers = { authorization: 'bearer secret', 'content-type': 'application/json' };
    const answer = await get(`${server.url}/a`, { method: 'PATCH', headers, body: '{"x":1}' });
    expect(answer.status).toBe(204);
    expect(
      asked.map(({ method, path, body, headers: sent }) => [method, path, body, sent['authorization']]),
    ).toEqual([
      ['PATCH', '/a', { x: 1 }, 'bearer secret'],
      ['PATCH', '/b', { x: 1 }, 'bearer secret'],
    ]);
  });

  it.each(['http://localhost:1/x', '//evil.example/x', 'https://127.0.0.1/x', 'http://[::'])(
    'does not follow one to another origin: %s',
    async (location) => {
      reply = () => ({ status: 302, headers: { location } });
      expect(await failure(get(`${server.url}/a`))).toBe('redirected');
    },
  );

  it.each([
    ['HTML', { status: 200, text: ['text/html', '<html>'] }],
    ['text', { status: 200, text: ['text/plain', '{"fine":true}'] }],
    ['half an answer', { status: 200, text: ['application/json', '{"fine":tr'] }],
  ] satisfies [string, Reply][])('does not take %s for an answer', async (_what, given) => {
    reply = () => given;
    expect(await failure(get(`${server.url}/x`))).toBe('notJson');
  });

  it('hands on what a failure says, in whatever form', async () => {
    reply = () => ({ status: 502, text: ['text/html', '<html>Bad gateway</html>'] });
    expect((await get(`${server.url}/x`)).status).toBe(502);
  });

  it('takes JSON by any of its names', async () => {
    reply = () => ({ status: 200, text: ['application/vnd.github.v3+json; charset=utf-8', '{}'] });
    expect((await get(`${server.url}/x`)).status).toBe(200);
  });

  it('reads no endless answer', async () => {
    reply = () => ({ status: 200, body: 'x'.repeat(2_000) });
    expect(await failure(get(`${server.url}/x`))).toBe('tooLarge');
  });

  it('waits no longer than it may', async () => {
    server.fate({}, { kind: 'hang' });
    expect(await failure(get(`${server.url}/x`))).toBe('late');
  });

  it('is final where it was called off, so that nobody asks again', async () => {
    server.fate({}, { kind: 'hang' });
    const signal = AbortSignal.timeout(20);
    const error: unknown = await get(`${server.url}/x`, { signal }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'late', isFinal: true, name: 'AbortError' });
  });

  it('tells of a broken connection in words of our own: those of others hold addresses', async () => {
    await server.close();
    const error: unknown = await get(`${server.url}/x?token=secret`).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'broken', why: 'the connection was refused' });
    server = await startServer({
      answer: () => ({ status: 200 }),
      needs: () => 'read',
      authorization: () => '',
      limited: () => ({ status: 429 }),
    });
  });
});
