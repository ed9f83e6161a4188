import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/base/digest.js';
import type { Revision, RolloutId, SolutionName } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import type { RevertState } from '../../../src/core/rollout/domain.js';
import type { Quarantined } from '../../../src/core/rollout/state.js';
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

  it('tells who made a revert, what became of the commit, and what is kept out still', () => {
    const clusters = ['web', 'db'].map((element) => ({ element, cluster: '1.1.0~0a1b2c3d' }) as Quarantined);
    const failed = rollout(2, 'b', { phase: 'reverted', quarantined: clusters });
    const revert: RevertState = {
      outcome: 'branch',
      commit: 'c'.repeat(40) as Revision,
      ref: 'refs/heads/heliostat/revert-ccccccc',
      reason: safe('somebody is at work'),
      solutions: ['shop' as SolutionName],
    };
    expect(
      historyRollout(failed, [rollout(1, 'a')], words, { revert, kept: clusters.slice(0, 1) }),
    ).toMatchObject({
      verdict: 'reverted',
      reverts: null,
      revertMadeBy: null,
      revert: { outcome: 'branch', commit: 'c'.repeat(40), branch: 'heliostat/revert-ccccccc' },
      quarantined: [
        { element: 'web', version: '1.1.0', generation: '0a1b2c3d', inForce: true },
        { element: 'db', version: '1.1.0', inForce: false },
      ],
    });
    const older = [failed, rollout(1, 'a')];
    expect(historyRollout(rollout(3, 'a'), older, { ...words, automatic: true })).toMatchObject({
      reverts: 'revision-2',
      revertMadeBy: 'heliostat',
    });
    expect(historyRollout(rollout(3, 'a'), older, words).revertMadeBy).toBe('person');
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
