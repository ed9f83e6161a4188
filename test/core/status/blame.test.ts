import { describe, expect, it } from 'vitest';
import type { DesiredElement } from '../../../src/core/base/desired.js';
import type { Digest } from '../../../src/core/base/digest.js';
import type { ElementKey, Revision, RolloutId, SolutionName } from '../../../src/core/base/names.js';
import type { Change, ElementShape, ValueChange } from '../../../src/core/plan/types.js';
import type { Phase } from '../../../src/core/rollout/state.js';
import { blameElement } from '../../../src/core/status/blame.js';
import { newestFirst, type RolloutHead } from '../../../src/core/status/history.js';

const web = 'shop/web' as ElementKey;

interface Shape {
  readonly version: string;
  readonly size: number;
  readonly generation: string;
}

function shape(version: string, size = 1, generation = `${version.replaceAll('.', '')}00000`): Shape {
  return { version, size, generation };
}

function shapeOf(one: Shape | null): ElementShape | null {
  if (one === null) return null;
  const key = `${one.version}~${one.generation}`;
  return {
    digest: '1:d',
    component: 'web',
    size: one.size,
    clusters: [{ key, version: one.version, state: 'active', size: one.size }],
    ranges: [],
  } as unknown as ElementShape;
}

function targetOf({ version, size, generation }: Shape): DesiredElement {
  const key = `${version}~${generation}`;
  return { clusters: [{ key, state: 'active', size, definition: { version } }] } as unknown as DesiredElement;
}

type Step = readonly [Shape | null, Shape | null, Phase?, (readonly ValueChange[])?];

/** Rollouts 1, 2, 3 … of what became what. */
function rollouts(...steps: readonly Step[]): RolloutHead[] {
  const heads = steps.map(([before, after, phase = 'succeeded', values = []], i): RolloutHead => {
    const differs = before?.version !== after?.version;
    const action =
      before === null ? 'create' : after === null ? 'retire' : differs ? 'update' : 'reconfigure';
    const change = { element: web, action, before: shapeOf(before), after: shapeOf(after), values };
    return {
      id: `r${i + 1}` as RolloutId,
      solution: 'shop' as SolutionName,
      revision: `${i + 1}` as Revision,
      arrival: 1,
      planDigest: '1:p' as Digest,
      desiredDigest: `1:${i}` as Digest,
      changes: before === after ? [] : [change as unknown as Change],
      startedWallMs: i * 1_000,
      endedWallMs: i * 1_000 + 500,
      phase,
      reason: null,
    };
  });
  return newestFirst(heads);
}

/** `version 1.1.0 by 2, not 3`. */
function blamed(target: Shape | null, past: readonly RolloutHead[]): string[] {
  return blameElement(web, target === null ? null : targetOf(target), past).map(
    ({ aspect, value, by, undone }) =>
      `${aspect} ${aspect === 'configuration' && value !== null ? '' : value}by ${by?.rollout.revision ?? 'nobody'}` +
      (undone.length === 0 ? '' : `, not ${undone.map(({ rollout }) => rollout.revision).join(' ')}`),
  );
}

const [one, two, three] = [shape('1.0.0'), shape('1.1.0'), shape('1.1.0', 3)];

describe('blame', () => {
  it('names for each aspect the last rollout that changed it', () => {
    const note = { path: 'configuration.note', before: 'a', after: 'b' };
    const past = rollouts([null, one], [one, two], [two, three], [three, { ...three }, 'succeeded', [note]]);
    expect(blamed(three, past)).toEqual(['version 1.1.0by 2', 'size 3by 3', 'configuration by 4']);
  });

  it('takes another version for another configuration only where it is given something else', () => {
    expect(blamed(two, rollouts([null, one], [one, two]))[2]).toBe('configuration by 1');
    const note = { path: 'configuration.note', before: 'a', after: 'b' };
    const how = { path: 'rollout.maxSurge', before: 1, after: 2 };
    expect(blamed(two, rollouts([null, one], [one, two, 'succeeded', [note]]))[2]).toBe('configuration by 2');
    expect(blamed(two, rollouts([null, one], [one, two, 'succeeded', [how]]))[2]).toBe('configuration by 1');
  });

  it('skips what was taken back, and all that it took back with it, and tells of it', () => {
    const past = rollouts([null, one], [one, two, 'superseded'], [two, three, 'reverted'], [one, one]);
    expect(blamed(one, past)).toEqual([
      'version 1.0.0by 1, not 2',
      'size 1by 1, not 3',
      'configuration by 1',
    ]);
  });

  it('counts what was superseded, since what came after it went on from there', () => {
    expect(blamed(three, rollouts([null, one], [one, two, 'superseded'], [two, three]))).toEqual([
      'version 1.1.0by 2',
      'size 3by 3',
      'configuration by 1',
    ]);
  });

  it('counts what was given up only as far as it had come', () => {
    const failed = rollouts([null, one], [one, three, 'failed']);
    expect(blamed(two, failed).slice(0, 2)).toEqual(['version 1.1.0by 2', 'size 1by 1, not 2']);
    expect(blamed(one, failed).slice(0, 2)).toEqual(['version 1.0.0by 1, not 2', 'size 1by 1, not 2']);
  });

  it('names who took it away, and says where nobody is remembered', () => {
    expect(blamed(null, rollouts([null, one], [one, null]))[0]).toBe('version nullby 2');
    expect(blamed(two, [])[0]).toBe('version 1.1.0by nobody');
  });
});
