import { describe, expect, it } from 'vitest';
import { createGauge } from '../../../src/adapters/gate/gauge.js';
import type { Bound } from '../../../src/core/base/canary.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import { cancelSource } from '../../../src/ports/clock.js';
import { closedPort, gateOf, http, instances } from './servers.js';

const gauge = createGauge({ redact: redactorOf(['hunter2-and-more']) });

const above: readonly Bound[] = [{ operator: '>', value: 0.99 }];

function ask(port: number, threshold = above, path = '') {
  const measure = {
    kind: 'prometheus',
    url: `http://127.0.0.1:${port}${path}`,
    query: 'sum(rate(a[1m])) > 0',
    threshold,
  } as const;
  return gauge.measure(gateOf(measure), instances(), cancelSource().cancel);
}

/** A server that speaks the HTTP API of Prometheus, and gives this to every query. */
function prometheus(body: unknown, status = 200): Promise<number> {
  return http((request, response) => {
    const url = new URL(request.url ?? '', 'http://any');
    if (url.pathname !== '/api/v1/query' || url.searchParams.get('query') !== 'sum(rate(a[1m])) > 0')
      return response.writeHead(404).end('404 page not found');
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

const now = 1_435_781_451.781;

function vector(...values: readonly string[]) {
  const result = values.map((value, at) => ({
    metric: { job: 'api', instance: String(at) },
    value: [now, value],
  }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

const scalar = (value: string) => ({
  status: 'success',
  data: { resultType: 'scalar', result: [now, value] },
});

describe('a prometheus gate', () => {
  it.each([
    [scalar('1'), 'passed', '1, wanted > 0.99'],
    [scalar('0.99'), 'failed', '0.99, wanted > 0.99'],
    [vector('0.995'), 'passed', '0.995, wanted > 0.99'],
    [vector('1e-05'), 'failed', '0.00001, wanted > 0.99'],
    [vector('+Inf'), 'passed', 'Infinity, wanted > 0.99'],
    [vector('-Inf'), 'failed', '-Infinity, wanted > 0.99'],
    [vector('1', '0.999'), 'passed', '2 series, wanted > 0.99'],
    [vector('1', '0.5'), 'failed', '0.5 of {"job":"api","instance":"1"}, wanted > 0.99'],
    [vector('NaN', '0.5'), 'failed', '0.5 of {"job":"api","instance":"1"}, wanted > 0.99'],
    [vector('1', 'NaN'), 'unmeasured', 'NaN of {"job":"api","instance":"1"}, which is no measurement'],
    [vector('NaN'), 'unmeasured', 'NaN, which is no measurement'],
    [vector(), 'unmeasured', 'the query gives no data'],
    [{ ...scalar('1'), warnings: ['some data are missing'] }, 'passed', '1, wanted > 0.99'],
    [
      { status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values: [[now, '1']] }] } },
      'unmeasured',
      'the query gives neither a scalar nor an instant vector',
    ],
    [
      { status: 'success', data: { resultType: 'string', result: [now, '1'] } },
      'unmeasured',
      'the query gives neither a scalar nor an instant vector',
    ],
    [
      {
        status: 'success',
        data: { resultType: 'vector', result: [{ metric: {}, histogram: [now, { count: '1' }] }] },
      },
      'unmeasured',
      'the query gives a value that is not a number',
    ],
  ])('takes %j as it is meant', async (body, outcome, detail) => {
    expect(await ask(await prometheus(body))).toEqual({ outcome, detail });
  });

  it.each([
    ['5', [{ operator: '>=', value: 5 }], 'passed'],
    ['5', [{ operator: '<', value: 5 }], 'failed'],
    ['5', [{ operator: '<=', value: 5 }], 'passed'],
    ['5', [{ operator: '==', value: 5 }], 'passed'],
    ['5', [{ operator: '!=', value: 5 }], 'failed'],
    [
      '5',
      [
        { operator: '>=', value: 1 },
        { operator: '<=', value: 4 },
      ],
      'failed',
    ],
    [
      '4',
      [
        { operator: '>=', value: 1 },
        { operator: '<=', value: 4 },
      ],
      'passed',
    ],
  ] as const)('compares %s with %j', async (value, threshold, outcome) => {
    expect((await ask(await prometheus(scalar(value)), threshold)).outcome).toBe(outcome);
  });

  it.each([
    [
      400,
      { status: 'error', errorType: 'bad_data', error: 'parse error: unexpected end' },
      '400 bad_data: parse error: unexpected end',
    ],
    [
      422,
      { status: 'error', errorType: 'execution', error: 'many-to-many matching' },
      '422 execution: many-to-many matching',
    ],
    [
      503,
      { status: 'error', errorType: 'timeout', error: 'query timed out' },
      '503 timeout: query timed out',
    ],
    [
      500,
      { status: 'error', errorType: 'internal', error: 'key hunter2-and-more\u001b[31m' },
      '500 internal: key [redacted]',
    ],
    [200, { status: 'success' }, '200, and the answer is not that of a Prometheus server'],
    [200, [], '200, and the answer is not that of a Prometheus server'],
    [
      200,
      { status: 'success', data: { resultType: 'vector', result: [null] } },
      'the query gives a value that is not a number',
    ],
    [200, scalar('0x10'), 'the query gives a value that is not a number'],
    [200, scalar(''), 'the query gives a value that is not a number'],
  ])('has not measured where the answer is %d %j', async (status, body, detail) => {
    expect(await ask(await prometheus(body, status))).toEqual({ outcome: 'unmeasured', detail });
  });

  it('has not measured where there is no server, another one, or a page to sign in', async () => {
    const other = await http((_, response) => response.writeHead(404).end('404 page not found'));
    const page = await http((_, response) => response.end('<title>Sign in</title>'));

    expect(await ask(await closedPort())).toEqual({ outcome: 'unmeasured', detail: 'connection refused' });
    expect((await ask(other)).detail).toBe('404, and the answer is not that of a Prometheus server');
    expect((await ask(page)).outcome).toBe('unmeasured');
  });

  it('has not measured where there are more series than anybody meant', async () => {
    const values = Array.from({ length: 1_001 }, () => '1');

    expect((await ask(await prometheus(vector(...values)))).outcome).toBe('unmeasured');
  });

  it('does not break by an answer that is nested deeply', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const port = await http((_, response) =>
      response.end(
        `{"status":"success","data":{"resultType":"vector","result":[{"metric":${deep},"value":[1,"0"]},{"metric":{},"value":[1,"0"]}]}}`,
      ),
    );

    expect((await ask(port)).outcome).toBe('unmeasured');
  });

  it('asks below the path of the server, for no longer than it waits itself', async () => {
    const seen: (string | undefined)[] = [];
    const port = await http(
      (request, response) => (seen.push(request.url), response.end(JSON.stringify(scalar('1')))),
    );

    expect((await ask(port, above, '/prometheus/')).outcome).toBe('passed');
    expect(seen).toEqual([
      '/prometheus/api/v1/query?query=sum%28rate%28a%5B1m%5D%29%29+%3E+0&timeout=15000ms',
    ]);
  });
});
