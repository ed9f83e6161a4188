import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createGauge } from '../../../src/adapters/gate/gauge.js';
import type { Measure } from '../../../src/core/base/canary.js';
import { cancelSource } from '../../../src/ports/clock.js';
import type { GateTarget } from '../../../src/ports/gate.js';
import { closedPort, gateOf, http, instances, listening, saying } from './servers.js';

const gauge = createGauge();

interface How {
  readonly status?: readonly number[];
  readonly json?: string;
  readonly timeoutMs?: number;
}

function measure(at: Extract<Measure, { kind: 'http' }>['at'], target: GateTarget, how: How) {
  const { status = [200], json = null, timeoutMs } = how;
  return gauge.measure(gateOf({ kind: 'http', at, status, json }, timeoutMs), target, cancelSource().cancel);
}

/** Asks one place. */
function ask(port: number, how: How = {}, path = '/gate') {
  return measure({ kind: 'url', url: `http://127.0.0.1:${port}${path}` }, instances(), how);
}

/** Asks each instance. */
function askAll(ports: readonly (number | null)[], how: How = {}) {
  return measure({ kind: 'instances', path: '/healthz' }, instances(...ports), how);
}

function json(body: unknown, status = 200): Promise<number> {
  return http((_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
  );
}

describe('an http gate', () => {
  it.each([
    [200, [200], 'passed', '200'],
    [204, [200, 204], 'passed', '204'],
    [503, [503], 'passed', '503'],
    [302, [302], 'passed', '302'],
    [500, [200], 'failed', '500, wanted 200'],
    [404, [200, 204], 'failed', '404, wanted 200 or 204'],
  ])('takes the status %d, where %j is wanted, as %s', async (status, wanted, outcome, detail) => {
    const port = await http((_, response) => response.writeHead(status, { location: '/next' }).end('x'));

    expect(await ask(port, { status: wanted })).toEqual({ outcome, detail });
  });

  it.each([
    ['body.errors < 3', { errors: 2 }, 'passed'],
    ['body.errors < 3', { errors: 3 }, 'failed'],
    ['status == 200 && body.all(one, one.ok)', [{ ok: true }, { ok: true }], 'passed'],
    ['status == 200 && body.all(one, one.ok)', [{ ok: true }, { ok: false }], 'failed'],
    ['body', true, 'passed'],
    ['body == null', null, 'passed'],
    ['has(body.error)', {}, 'failed'],
    ['body.errors < 3', {}, 'unmeasured'],
    ['body.errors < 3', { errors: 'many' }, 'unmeasured'],
    ['body.ok', { ok: 'yes' }, 'unmeasured'],
    ['body.list[3]', { list: [] }, 'unmeasured'],
    ['body.constructor', {}, 'unmeasured'],
    ['body.list.length > 0', { list: [1] }, 'unmeasured'],
    ['body.a.b.c', { a: null }, 'unmeasured'],
  ])('finds of %s and %j: %s', async (condition, body, outcome) => {
    expect((await ask(await json(body), { json: condition })).outcome).toBe(outcome);
  });

  it.each([
    ['a page of HTML', '<!doctype html><title>Sign in</title>'],
    ['nothing', ''],
    ['half of a document', '{"ok": tru'],
  ])('has not measured where the answer is %s instead of JSON', async (_, body) => {
    const port = await http((_request, response) => response.end(body));

    expect(await ask(port, { json: 'body.ok' })).toEqual({
      outcome: 'unmeasured',
      detail: '200, and the answer is not JSON',
    });
  });

  it('takes an error of whoever judges for no judgement, and one of an instance for a bad one', async () => {
    const port = await json({ ok: true }, 500);

    expect((await ask(port, { json: 'body.ok' })).outcome).toBe('unmeasured');
    expect((await askAll([port], { json: 'body.ok' })).outcome).toBe('failed');
  });

  it('has not measured where nobody listens', async () => {
    expect(await ask(await closedPort())).toEqual({ outcome: 'unmeasured', detail: 'connection refused' });
  });

  it('has not measured where nobody answers in time, be it the head or the body', async () => {
    const mute = await http(() => undefined);
    const slow = await http((_, response) => void response.writeHead(200).write('{'));
    const none = { outcome: 'unmeasured', detail: 'no answer in 50 ms' };

    expect(await ask(mute, { timeoutMs: 50 })).toEqual(none);
    expect(await ask(slow, { timeoutMs: 50, json: 'body.ok' })).toEqual(none);
  });

  it('has not measured where the connection breaks, before the answer or in the midst of it', async () => {
    const reset = await listening(
      createServer((socket) => socket.on('error', () => undefined).resetAndDestroy()),
    );
    const half = await saying('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok":');

    expect(await ask(reset)).toEqual({ outcome: 'unmeasured', detail: 'connection reset' });
    expect((await ask(half, { json: 'body.ok' })).outcome).toBe('unmeasured');
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['what is no http', 'SSH-2.0-OpenSSH\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\na: ${'x'.repeat(100_000)}`],
  ])('has not measured where the answer is %s', async (_, bytes) => {
    expect((await ask(await saying(bytes))).outcome).toBe('unmeasured');
  });

  it('reads no more than it could use of an answer without an end', async () => {
    let sent = 0;
    const port = await http((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const { outcome, detail } = await ask(port, { json: 'body.ok' });

    expect({ outcome, detail }).toEqual({
      outcome: 'unmeasured',
      detail: 'the answer is larger than 1048576 bytes',
    });
    expect(sent).toBeLessThan(100_000_000);
  });

  it('does not wait for a body that it does not need', async () => {
    const port = await http((_, response) => void response.writeHead(200).write('begin'));

    expect((await ask(port)).outcome).toBe('passed');
  });

  it('follows a redirection to the same host', async () => {
    const port = await http((request, response) =>
      request.url === '/gate'
        ? response.writeHead(307, { location: '/there?a=b' }).end()
        : response.end(JSON.stringify({ path: request.url })),
    );

    expect((await ask(port, { json: 'body.path == "/there?a=b"' })).outcome).toBe('passed');
  });

  it('does not follow a redirection to another host, which could be anybody', async () => {
    let asked = 0;
    const other = await http((_, response) => (asked++, response.end('{}')));
    for (const location of [
      `http://127.0.0.1:${other}/`,
      `//127.0.0.1:${other}/`,
      'https://localhost/',
      'http://[',
    ]) {
      const port = await http((_, response) => response.writeHead(302, { location }).end());
      expect(await ask(port)).toEqual({
        outcome: 'unmeasured',
        detail: '302 to another host, which is not asked',
      });
    }
    expect(asked).toBe(0);
  });

  it('does not go in a circle', async () => {
    let asked = 0;
    const port = await http((_, response) => (asked++, response.writeHead(301, { location: '/gate' }).end()));

    expect(await ask(port)).toEqual({ outcome: 'unmeasured', detail: 'more than 3 redirections' });
    expect(asked).toBe(4);
  });

  it('says nothing of the address that it asked, which may hold what is secret', async () => {
    const refused = await ask(await closedPort(), {}, '/hooks/t0p-secret?key=t0p-secret');
    const failed = await ask(
      await http((_, response) => response.writeHead(401).end('t0p-secret')),
      {},
      '/t0p-secret',
    );
    const missing = await measure({ kind: 'url', url: 'http://t0p-secret.invalid/' }, instances(), {});

    expect(JSON.stringify([refused, failed, missing])).not.toContain('t0p-secret');
    expect(missing.outcome).toBe('unmeasured');
  });

  it('sends neither a body nor more headers than are needed', async () => {
    const seen: unknown[] = [];
    const port = await http((request, response) => {
      const { host: _host, ...headers } = request.headers;
      seen.push({ method: request.method, url: request.url, ...headers });
      response.end();
    });
    await ask(port, {}, '/a?b=c d');

    expect(seen).toEqual([
      {
        method: 'GET',
        url: '/a?b=c%20d',
        'user-agent': 'heliostat',
        accept: 'application/json, */*;q=0.1',
        'accept-encoding': 'identity',
        connection: 'close',
      },
    ]);
  });

  it('gives up when it is cancelled, before or while it asks', async () => {
    const { cancel, abort } = cancelSource();
    const port = await http(() => abort());
    const gate = gateOf({
      kind: 'http',
      at: { kind: 'url', url: `http://127.0.0.1:${port}/` },
      status: [200],
      json: null,
    });

    expect(await gauge.measure(gate, instances(), cancel)).toEqual({
      outcome: 'unmeasured',
      detail: 'interrupted',
    });
    expect(await gauge.measure(gate, instances(), cancel)).toEqual({
      outcome: 'unmeasured',
      detail: 'interrupted',
    });
  });
});

describe('an http gate of each instance', () => {
  it('asks all of them for the path', async () => {
    const seen: string[] = [];
    const ports = await Promise.all(
      [0, 1, 2].map((at) => http((request, response) => (seen.push(`${at} ${request.url}`), response.end()))),
    );

    expect(await askAll(ports)).toEqual({ outcome: 'passed', detail: '3 instances: 200' });
    expect(seen.sort()).toEqual(['0 /healthz', '1 /healthz', '2 /healthz']);
  });

  it('fails by a single bad one, and names it, though another could not be measured', async () => {
    const good = await http((_, response) => response.end());
    const bad = await http((_, response) => setTimeout(() => response.writeHead(500).end(), 20));

    expect(await askAll([good, await closedPort(), bad])).toEqual({
      outcome: 'failed',
      detail: 'test/shop/api/2.0.0~00000000/2: 500, wanted 200',
    });
  });

  it('has not measured where one of them could not be', async () => {
    const good = await http((_, response) => response.end());

    expect(await askAll([good, await closedPort()])).toEqual({
      outcome: 'unmeasured',
      detail: 'test/shop/api/2.0.0~00000000/1: connection refused',
    });
    expect((await askAll([good, null])).outcome).toBe('unmeasured');
  });

  it('has not measured where there is none', async () => {
    expect(await askAll([])).toEqual({ outcome: 'unmeasured', detail: 'there is no instance to ask' });
  });
});

describe('a hostile condition', () => {
  const body = { text: `${'a'.repeat(40)}b`, list: Array.from({ length: 3_000 }, () => 1) };

  it.each([
    ['a regular expression that tries for ever', 'body.text.matches("(a+)+$")'],
    ['a regular expression that is none', 'body.text.matches("(")'],
    ['macros in macros', 'body.list.all(a, body.list.all(b, body.list.all(c, a == b && b == c)))'],
    ['lists in lists', 'size(body.list.map(a, body.list.map(b, body.list.map(c, [a, b, c])))) > 0'],
    ['a text that doubles', `size([body.text]${'.map(a, a + a)'.repeat(28)}[0]) > 0`],
    ['a division by zero', '1 / 0 == 1'],
    ['no condition at all', 'body.'],
  ])('with %s is ended, and has not measured', async (_, condition) => {
    expect((await ask(await json(body), { json: condition })).outcome).toBe('unmeasured');
  });

  it('gets no further than the answer', async () => {
    for (const name of ['process', 'globalThis', 'require', 'this', 'constructor', 'run', 'Object'])
      expect((await ask(await json({}), { json: `${name} != null` })).outcome, name).toBe('unmeasured');
  });

  it('does not break by a body that is nested deeply', async () => {
    const port = await http((_, response) => response.end(`${'['.repeat(200_000)}${']'.repeat(200_000)}`));

    expect((await ask(port, { json: 'body == body' })).outcome).not.toBe('failed');
    expect((await ask(port, { json: 'size(body) == 1' })).outcome).not.toBe('failed');
  });
});
