import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/base/digest.js';
import type { Revision, RolloutId, SolutionName } from '../../../src/core/base/names.js';
import type { RolloutHead } from '../../../src/core/status/history.js';
import { concerns, historyRollout, newestFirst, verdictOfPhase } from '../../../src/core/status/history.js';

const words = { author: 'Ada', subject: 'Change', takesBack: null };

function rollout(number: number, asks: string, more: Partial<RolloutHead> = {}): RolloutHead {
  return {
    id: `r${number}` as RolloutId,
    solution: 'shop' as SolutionName,
    revision: `revision-${number}` as Revision,
    arrival: 1,
    planDigest: `1:p${number}` as Digest,
    desiredDigest: `1:${asks}` as Digest,
    changes: [],
    startedWallMs: number * 1_000,
    endedWallMs: number * 1_000 + 500,
    phase: 'succeeded',
    reason: null,
    ...more,
  };
}

/** What the last of them takes back. */
function takenBack(rollouts: readonly RolloutHead[], takesBack: string | null = null): Revision | null {
  const [last, ...older] = newestFirst(rollouts);
  return historyRollout(last as RolloutHead, older, { ...words, takesBack }).reverts;
}

describe('history', () => {
  it('knows a revert by what it asks for, whatever its message says', () => {
    expect(takenBack([rollout(1, 'a'), rollout(2, 'b'), rollout(3, 'a')])).toBe('revision-2');
  });

  it('takes a failed rollout back as well, but returns only to what was stable', () => {
    const failed = rollout(2, 'b', { phase: 'failed' });
    expect(takenBack([rollout(1, 'a'), failed, rollout(3, 'a')])).toBe('revision-2');
    expect(takenBack([failed, rollout(3, 'c'), rollout(4, 'b')])).toBeNull();
  });

  it('sees no revert in a first model, in news, nor in asking for the same again', () => {
    expect(takenBack([rollout(1, 'a')])).toBeNull();
    expect(takenBack([rollout(1, 'a'), rollout(2, 'b')])).toBeNull();
    expect(takenBack([rollout(1, 'a'), rollout(2, 'a')])).toBeNull();
  });

  it('believes the message only about what really lay between', () => {
    const back = [rollout(1, 'a'), rollout(2, 'b'), rollout(3, 'c'), rollout(4, 'a')];
    expect(takenBack(back)).toBe('revision-3');
    expect(takenBack(back, 'revision-2')).toBe('revision-2');
    expect(takenBack(back, 'revision-9')).toBe('revision-3');
  });

  it('gives the newest first, and no duration to what goes on', () => {
    const open = rollout(2, 'b', { endedWallMs: null, phase: 'paused' });
    expect(newestFirst([rollout(1, 'a'), open]).map(({ id }) => id)).toEqual(['r2', 'r1']);
    expect(historyRollout(open, [], words)).toMatchObject({ durationMs: null, verdict: 'held' });
    expect(historyRollout(rollout(1, 'a'), [], words)).toMatchObject({ durationMs: 500, verdict: 'applied' });
    expect(verdictOfPhase('blocked')).toBe('failed');
  });

  it('finds the rollouts of a target', () => {
    const changes = [{ element: 'shop/web' }] as never;
    expect(concerns(rollout(1, 'a', { changes }), null)).toBe(true);
    expect(concerns(rollout(1, 'a', { changes }), 'prod/shop')).toBe(true);
    expect(concerns(rollout(1, 'a', { changes }), 'prod/shop/web')).toBe(true);
    expect(concerns(rollout(1, 'a', { changes }), 'prod/shop/we')).toBe(false);
    expect(concerns(rollout(1, 'a', { changes }), 'prod/sho')).toBe(false);
  });
});
