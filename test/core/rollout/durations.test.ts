import { describe, expect, it } from 'vitest';
import type { ComponentName, InstanceId, RolloutId } from '../../../src/core/base/names.js';
import type { Version } from '../../../src/core/base/version.js';
import type { TimedRollout } from '../../../src/core/rollout/durations.js';
import { assumedMs, durationsFrom } from '../../../src/core/rollout/durations.js';
import { change, shape } from '../../entry/cli/support/fixtures.js';
import { deployed, modelOf } from '../../support/deployed.js';

type Steps = TimedRollout['steps'];

function rollout(id: string, version: string, steps: Steps): TimedRollout {
  const after = shape('api', version, 1);
  return { id: id as RolloutId, changes: [change('shop/api', 'update', { after })], steps };
}

function start(version: string, durationMs: number | null, outcome: Steps[number]['outcome'] = 'done') {
  const instance = `test/shop/api/${version}~00000000/0` as InstanceId;
  return { transition: 'start' as const, instance, durationMs, outcome };
}

const api = 'api' as ComponentName;
const v1 = '1.0.0' as Version;
const v2 = '2.0.0' as Version;

describe('how long a step takes', () => {
  it('is the median of what it took before, so that one slow day is no rule', () => {
    const logs = [90_000, 1_000, 2_000].map((ms, i) => rollout(`r${i}`, '1.0.0', [start('1.0.0', ms)]));
    expect(durationsFrom(logs).of('start', api, v1)).toEqual({ ms: 2_000, rollouts: ['r0', 'r1', 'r2'] });
    expect(durationsFrom(logs.slice(1)).of('start', api, v1).ms).toBe(1_500);
  });

  it('is that of the same version where there is one, else of the same component', () => {
    const logs = [
      rollout('r1', '1.0.0', [start('1.0.0', 1_000)]),
      rollout('r2', '2.0.0', [start('2.0.0', 3_000)]),
    ];
    const durations = durationsFrom(logs);
    expect(durations.of('start', api, v1).ms).toBe(1_000);
    expect(durations.of('start', api, v2).ms).toBe(3_000);
    expect(durations.of('start', api, '3.0.0' as Version)).toEqual({ ms: 2_000, rollouts: ['r1', 'r2'] });
  });

  it('is assumed where nothing tells it, and what failed or never ended tells nothing', () => {
    const log = rollout('r1', '1.0.0', [start('1.0.0', 5, 'failed'), start('1.0.0', null, 'open')]);
    const assumed = { ms: assumedMs.start, rollouts: [] };
    expect(durationsFrom([log]).of('start', api, v1)).toEqual(assumed);
    expect(durationsFrom([log]).of('start', 'web' as ComponentName, v1)).toEqual(assumed);
  });
});

describe('a preview', () => {
  const world = deployed([{ name: 'api', expose: 8080 }]);
  const next = modelOf([{ name: 'api', version: '2.0.0', expose: 8080 }]);

  it('takes as long as earlier rollouts took, and says how many of them and what is assumed all the same', () => {
    const durations = durationsFrom([rollout('r1', '1.0.0', [start('1.0.0', 7_000)])]);
    const [assumed, learnt] = [world.preview(next).preview, world.preview(next, durations).preview];
    expect(learnt.durationMs - assumed.durationMs).toBe(7_000 - assumedMs.start);
    expect(learnt.basis).toEqual({ rollouts: 1, assumedSteps: learnt.steps.length - 1 });
    expect(assumed.basis).toEqual({ rollouts: 0, assumedSteps: assumed.steps.length });
  });

  it('is the same each time, so that two people see one picture', () => {
    expect(JSON.stringify(world.preview(next))).toBe(JSON.stringify(world.preview(next)));
  });

  it('tells of each version what its instances are about, without gap or overlap while it is there', () => {
    const { rows, durationMs } = world.preview(next).preview;
    const told = rows.map(({ cluster, spans }) => [
      cluster.split('~')[0],
      ...spans.flatMap(({ instances }) => Object.keys(instances)),
    ]);
    expect(told).toEqual([
      ['1.0.0', 'serving', 'draining', 'stopping', 'destroying'],
      ['2.0.0', 'creating', 'configuring', 'starting', 'turningHealthy', 'serving'],
    ]);
    for (const { spans } of rows)
      for (const [i, span] of spans.entries()) if (i > 0) expect(span.fromMs).toBe(spans[i - 1]?.toMs);
    expect(rows[1]?.spans.at(-1)?.toMs).toBe(durationMs);
  });
});
