import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/base/digest.js';
import { parseVersion, type Version } from '../../../src/core/base/version.js';
import { rolloutPolicy } from '../../../src/core/graph/policy.js';
import { readCondition } from '../../../src/core/model/condition.js';
import { readKind } from '../../../src/core/model/kind.js';
import type { RolloutDocument } from '../../../src/core/model/kinds.js';
import { readText } from '../../../src/core/model/text.js';

const programVersion = parseVersion('1.2.3') as Version;

/** A rollout in a solution; what is said of it begins in line 7. */
function read(rollout: string) {
  const lines = rollout.split('\n').map((line) => `        ${line}\n`);
  const text = `apiVersion: heliostat/v1\nkind: Solution\nname: shop\nelements:\n  api: { component: api, version: 1.0.0,\n    rollout: {\n${lines.join('')}    } }\n`;
  return readKind('file.yaml', readText(Buffer.from(text)), {
    programVersion,
    folder: null,
  }).diagnostics;
}

/** `line:column code`, counted from the first line and column of the rollout. */
function found(rollout: string): string[] {
  return read(rollout).map(({ line, column, code }) => `${line - 6}:${column - 8} ${code}`);
}

const steps = (text: string): string => `strategy: canary, canary: { steps: [\n${text}\n] }`;
const gate = (text: string): string => steps(`{ size: 1, gates: [\n{ name: ok, ${text} }\n] }`);

describe('steps of a canary', () => {
  it.each([
    '{ size: 1 }, { size: 3, pause: 1m30s }, { size: 10000 }',
    '{ size: 1% }, { size: 100%, pause: 30s }',
    '{ weight: 0 }, { weight: 10 }, { weight: 100 }',
    '',
  ])('are taken: %s', (text) => {
    expect(found(steps(text))).toEqual([]);
  });

  it.each([
    ['{ size: 1 },\n{ pause: 1m }', '3:1 canary.share', 'there is nothing that it does'],
    ['{ size: 1, weight: 10 }', '2:1 canary.share', 'it would do two things'],
    ['{ size: 2 },\n{ size: 2 }', '3:9 canary.rising', 'the second one does nothing'],
    ['{ weight: 50 },\n{ weight: 10 }', '3:11 canary.rising', 'it would take back what was given'],
    ['{ size: 50% },\n{ size: 9% }', '3:9 canary.rising', 'shares are numbers, not texts'],
    ['{ size: 1 },\n{ weight: 50 }', '3:11 canary.mixed', 'nobody could say which is more'],
    ['{ size: 25% },\n{ size: 3 }', '3:9 canary.mixed', 'which is more depends on the size'],
    ['{ size: 0 }', '2:9 value.amount', 'a step without an instance shows nothing'],
    ['{ size: 0% }', '2:9 value.amount', 'a step without an instance shows nothing'],
    ['{ size: 101% }', '2:9 value.amount', 'it is more than there is'],
    ['{ weight: 101 }', '2:11 schema.value', 'it is more than there is'],
    ['{ weight: 10% }', '2:11 schema.type', 'a weight is a number'],
    ['{ size: 1, pause: 30 }', '2:19 value.duration', 'a length of time has a unit'],
    ['{ size: 1, pause: 721h }', '2:19 value.duration', 'it is longer than 30 days'],
    ['{ size: 1, pase: 30s }', '2:12 schema.unknownKey', 'it is misspelt'],
  ])('are refused at their place: %s', (text, wanted, _why) => {
    expect(found(steps(text))).toEqual([wanted]);
  });

  it('are looked at whatever else is wrong', () => {
    expect(found(steps('null, 1, { size: [] },\n{ size: 2 },\n{ size: 1 }'))).toContain('4:9 canary.rising');
    expect(found('canary: [1]')).toEqual(['1:9 schema.type']);
    expect(found('canary: { steps: { size: 1 } }')).toEqual(['1:18 schema.type']);
  });

  it.each([
    ['promote: yes', '1:10 schema.choice'],
    ['standby: 10', '1:10 value.duration'],
    ['standby: 31000h', '1:10 value.duration'],
  ])('stand beside keys that are checked as well: %s', (text, wanted) => {
    expect(found(text)).toEqual([wanted]);
  });
});

describe('a gate', () => {
  it.each([
    'http: { path: /healthz }',
    'http: { url: "https://checks.example.org:8443/a?b=c", status: [200, 204], json: "body.errors < 3 && status == 200" }',
    'http: { url: "http://[::1]:9090" }',
    'prometheus: { url: "http://127.0.0.1:9090", query: up, threshold: "> 0.99" }',
    'prometheus: { url: "http://prometheus.monitoring/prefix/", query: up, threshold: "<=-1e-3" }',
    'prometheus: { url: "http://p", query: up, threshold: { min: 0.5, max: 0.5 } }',
    'command: [node, check.mjs], interval: 1s, timeout: 2s, count: 3, failureLimit: 2, errorLimit: 1',
  ])('is taken: %s', (text) => {
    expect(found(gate(text))).toEqual([]);
  });

  it('is refused without a name, since nobody could say which one failed', () => {
    expect(found(steps('{ size: 1, gates: [\n{ command: [check] }\n] }'))).toEqual(['3:1 schema.missing']);
  });

  it('is refused under the name of another one of its step, at the second', () => {
    const two = '{ size: 1, gates: [{ name: ok, command: [a] },\n{ name: ok, command: [b] }] }';
    expect(found(steps(two))).toEqual(['3:9 gate.name']);
    expect(
      found(
        steps(
          `${two.replace('\n{ name: ok,', '{ name: no,')},\n{ size: 2, gates: [{ name: ok, command: [a] }] }`,
        ),
      ),
    ).toEqual([]);
  });

  it.each([
    ['count: 1', '3:1 gate.measure'],
    ['command: [a], http: { path: / }', '3:1 gate.measure'],
    ['http: {}', '3:13 gate.target'],
    ['http: { path: /, url: "http://a" }', '3:13 gate.target'],
    ['http: { path: healthz }', '3:27 schema.value'],
    ['http: { url: "checks.example.org" }', '3:26 gate.url'],
    ['http: { url: "ftp://a/" }', '3:26 gate.url'],
    ['http: { url: "http:///path" }', '3:26 gate.url'],
    ['http: { url: "http://a:65536/" }', '3:26 gate.url'],
    ['http: { url: "http://a b/" }', '3:26 gate.url'],
    ['http: { url: "file:///etc/passwd" }', '3:26 gate.url'],
    ['http: { path: /, status: [99] }', '3:39 schema.value'],
    ['http: { path: /, json: "body.errors <" }', '3:36 gate.condition'],
    ['http: { path: /, json: "nobody.errors" }', '3:36 gate.condition'],
    ['http: { path: /, json: "1 + 1" }', '3:36 gate.condition'],
    ['http: { path: /, json: "status == \'a\'" }', '3:36 gate.condition'],
    ['prometheus: { url: "http://a", query: up }', '3:13 schema.missing'],
    ['prometheus: { url: "http://a", threshold: "> 1" }', '3:13 schema.missing'],
    ['prometheus: { url: "http://a/?x=1", query: up, threshold: "> 1" }', '3:32 gate.url'],
    ['prometheus: { url: "http://a", query: up, threshold: "1" }', '3:66 gate.threshold'],
    ['prometheus: { url: "http://a", query: up, threshold: "=> 1" }', '3:66 gate.threshold'],
    ['prometheus: { url: "http://a", query: up, threshold: { min: 2, max: 1 } }', '3:55 gate.threshold'],
    ['prometheus: { url: "http://a", query: up, threshold: {} }', '3:66 schema.value'],
    ['command: []', '3:22 schema.value'],
    ['command: [a], interval: 0s', '3:37 gate.noTime'],
    ['command: [a], timeout: 0ms', '3:36 gate.noTime'],
    ['command: [a], timeout: 10', '3:36 value.duration'],
    ['command: [a], timeout: 721h', '3:36 value.duration'],
    ['command: [a], interval: 721h', '3:37 value.duration'],
    ['command: [a], count: 0', '3:34 value.number'],
    ['command: [a], failureLimit: -1', '3:41 schema.value'],
    ['command: [a], errorLimit: 0', '3:39 value.number'],
  ])('is refused at its place: %s', (text, wanted) => {
    expect(found(gate(text))).toEqual([wanted]);
  });

  it('with a password in its url is refused, and the password not repeated', () => {
    const diagnostics = read(gate('http: { url: "http://me:hunter2@host/" }'));
    expect(diagnostics.map(({ code }) => code)).toEqual(['gate.url']);
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  it.each([
    ['brackets that go deep', '('.repeat(2000)],
    ['lists in lists', `${'['.repeat(900)}1${']'.repeat(900)}`],
    ['a long chain', Array(600).fill('status == 1').join('||').slice(0, 1990)],
    ['a long number', '1'.repeat(2000)],
    ['what ends in the middle', '"\\'],
    ['a macro without its argument', 'body.all(1, 2)'],
  ])('is refused with a condition of %s, and not by breaking', (_, condition) => {
    const mistake = readCondition(condition);
    expect(mistake).toHaveProperty('mistake');
    expect(found(gate(`http: { path: /, json: ${JSON.stringify(condition)} }`))).toEqual([
      '3:36 gate.condition',
    ]);
  });
});

describe('the policy of a rollout', () => {
  it('holds steps with all their defaults', () => {
    const policy = rolloutPolicy(undefined, {
      strategy: 'canary',
      promote: 'auto',
      standby: '10m',
      canary: {
        steps: [
          { size: 1, pause: '30s' },
          {
            size: '50%',
            gates: [
              { name: 'rate', prometheus: { url: 'http://p', query: 'q', threshold: '> 0.99' } },
              { name: 'json', http: { path: '/x', json: 'body.ok' }, interval: '1s', count: 2 },
              { name: 'run', command: ['a', 'b'] },
              { name: 'both', prometheus: { url: 'http://p', query: 'q', threshold: { min: -1, max: 2 } } },
            ],
          },
        ],
      },
    } as unknown as RolloutDocument);
    const usual = { intervalMs: 30_000, timeoutMs: 10_000, count: 1, failureLimit: 0, errorLimit: 4 };
    const asked = { kind: 'prometheus', url: 'http://p', query: 'q' };
    expect(policy).toMatchObject({ promote: 'auto', standbyMs: 600_000 });
    expect(policy.canary).toEqual([
      { share: { kind: 'count', value: 1 }, pauseMs: 30_000, gates: [] },
      {
        share: { kind: 'percent', value: 50 },
        pauseMs: 0,
        gates: [
          {
            ...usual,
            name: 'both',
            measure: {
              ...asked,
              threshold: [
                { operator: '>=', value: -1 },
                { operator: '<=', value: 2 },
              ],
            },
          },
          {
            ...usual,
            name: 'json',
            intervalMs: 1_000,
            count: 2,
            measure: { kind: 'http', at: { kind: 'instances', path: '/x' }, status: [200], json: 'body.ok' },
          },
          { ...usual, name: 'rate', measure: { ...asked, threshold: [{ operator: '>', value: 0.99 }] } },
          { ...usual, name: 'run', measure: { kind: 'command', command: ['a', 'b'] } },
        ],
      },
    ]);
  });

  it('of an element that says nothing of all this has the digest that it had in earlier releases', () => {
    const policy = rolloutPolicy(undefined, { strategy: 'recreate' });

    expect(Object.keys(policy)).toHaveLength(9);
    expect(digestOf(policy)).toBe(
      digestOf({
        strategy: 'recreate',
        maxSurge: { kind: 'count', value: 1 },
        maxUnavailable: { kind: 'count', value: 0 },
        minHealthyTimeMs: 10_000,
        healthyDeadlineMs: 300_000,
        progressDeadlineMs: 600_000,
        drainDelayMs: 30_000,
        onFailure: policy.onFailure,
        allowDowntime: false,
      }),
    );
  });

  it('takes the steps of the domain for who goes in steps, and for nobody else', () => {
    const defaults = { rollout: { canary: { steps: [{ weight: 5 }] }, promote: 'auto' } } as const;

    expect(rolloutPolicy(defaults, { strategy: 'canary' }).canary).toHaveLength(1);
    expect(rolloutPolicy(defaults, {})).toEqual(rolloutPolicy(undefined, {}));
    expect(rolloutPolicy(defaults, { strategy: 'canary', canary: { steps: [] } }).canary).toBeUndefined();
  });

  it('says what it would do anyway in no more words than one that is silent', () => {
    const silent = rolloutPolicy(undefined, { strategy: 'blueGreen' });

    expect(rolloutPolicy(undefined, { strategy: 'blueGreen', promote: 'manual', standby: '0s' })).toEqual(
      silent,
    );
  });
});
