import { expect, test } from 'vitest';
import type { Gate } from '../../src/core/base/canary.js';
import type { ElementKey } from '../../src/core/base/names.js';
import { safe } from '../../src/core/base/safe-text.js';
import type { Core } from '../../src/engine/core.js';
import { Gates } from '../../src/engine/gates.js';
import type { GateTarget } from '../../src/ports/gate.js';
import { desiredElement, shop } from '../support/desired.js';

const gate: Gate = {
  name: 'front',
  measure: { kind: 'command', command: ['true'] },
  intervalMs: 1_000,
  timeoutMs: 1_000,
  count: 1,
  failureLimit: 0,
  errorLimit: 1,
};

test('a gate is asked about the version of its step, not about one that was left behind beside it', async () => {
  const rollout = {
    strategy: 'canary' as const,
    canary: [{ share: { kind: 'count' as const, value: 1 }, pauseMs: 0, gates: [gate] }],
  };
  const final = desiredElement({ name: 'api', version: '3.0.0', size: 2, rollout });
  const [wanted] = final.clusters;
  if (wanted === undefined) throw new Error('api has no cluster');
  const cluster = (version: string, everStable: boolean) => {
    const key = `${version}~00000000`;
    const id = `test/shop/api/${key}/0`;
    const instance = { id, ordinal: 0, lifecycle: 'active', runtime: { address: '127.0.0.1', port: 8080 } };
    return [key, { ...wanted, key, everStable, instances: new Map([[0, instance]]) }] as const;
  };
  const element = {
    key: 'shop/api' as ElementKey,
    clusters: new Map([cluster('1.0.0', true), cluster('2.0.0', false), cluster('3.0.0', false)]),
    listeners: new Map(),
    track: { step: { index: 0, final, digest: 'step' } },
  };
  const asked: GateTarget[] = [];
  const answered = new Promise<void>((resolve) => {
    const gauge = {
      measure: (_gate: Gate, target: GateTarget) => {
        asked.push(target);
        return Promise.resolve({ outcome: 'passed', detail: safe('200') });
      },
    };
    const clock = { monoMs: () => 0, sleepUntil: () => new Promise(() => undefined) };
    const tables = { solutions: new Map([[shop, { elements: new Map([['api', element]]) }]]) };
    const core = {
      state: { tables },
      ports: { clock, gauge, redact: safe },
      inbox: { push: () => resolve() },
    };
    new Gates(core as unknown as Core).measure(shop, 'api' as never, 'front');
  });
  await answered;
  expect(asked.map(({ instances }) => instances.map(({ id }) => id))).toEqual([
    ['test/shop/api/3.0.0~00000000/0'],
  ]);
});
