import type { RolloutLog } from '../rollout/log.js';
import type { Revision, SolutionName } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import type { Change, ElementShape } from '../plan/types.js';
import type { Phase } from '../rollout/state.js';
import { compareVersions } from '../base/version.js';
import type { HistoryChange, HistoryRollout, Verdict } from './view.js';

/** A rollout as it is remembered: without its steps. */
export type RolloutHead = Omit<RolloutLog, 'steps'>;

/** What a commit says of itself; `takesBack` is the revision that its message names as reverted. */
export interface CommitWords {
  readonly author: string;
  readonly subject: string;
  readonly takesBack: string | null;
}

/** Rollouts newest first; those of one solution must be complete as far back as a revert is to be recognised. */
export function newestFirst(rollouts: Iterable<RolloutHead>): RolloutHead[] {
  return [...rollouts].sort(
    (a, b) => b.startedWallMs - a.startedWallMs || b.arrival - a.arrival || (a.id < b.id ? -1 : 1),
  );
}

/** One rollout for people; `older` are those of the same solution that began before it, newest first. */
export function historyRollout(
  rollout: RolloutHead,
  older: readonly RolloutHead[],
  words: CommitWords,
): HistoryRollout {
  return {
    id: rollout.id,
    solution: rollout.solution,
    revision: rollout.revision,
    author: words.author,
    subject: words.subject,
    verdict: verdictOfPhase(rollout.phase),
    reason: rollout.reason,
    startedAtMs: rollout.startedWallMs,
    durationMs:
      rollout.endedWallMs === null ? null : Math.max(0, rollout.endedWallMs - rollout.startedWallMs),
    reverts: takenBack(rollout, older, words),
    changes: rollout.changes.map(changeView),
  };
}

/** Asks again for exactly what was stable before something else came: that is what it takes back. */
function takenBack(rollout: RolloutHead, older: readonly RolloutHead[], words: CommitWords): Revision | null {
  const stable = older.findIndex(
    (candidate) => candidate.desiredDigest === rollout.desiredDigest && candidate.phase === 'succeeded',
  );
  const between = older
    .slice(0, Math.max(0, stable))
    .filter((candidate) => candidate.desiredDigest !== rollout.desiredDigest);
  const named = between.find((candidate) => candidate.revision === words.takesBack);
  return (named ?? between[0])?.revision ?? null;
}

export function verdictOfPhase(phase: Phase): Verdict {
  switch (phase) {
    case 'succeeded':
      return 'applied';
    case 'failed':
    case 'blocked':
      return 'failed';
    case 'reverted':
      return 'reverted';
    case 'superseded':
      return 'superseded';
    case 'paused':
      return 'held';
    case 'pending':
      return 'pending';
    case 'progressing':
    case 'promoting':
    case 'draining':
    case 'aborting':
    case 'reverting':
      return 'progressing';
  }
}

function changeView(change: Change): HistoryChange {
  return {
    element: splitElementKey(change.element).element,
    action: change.action,
    before: versionsOf(change.before),
    after: versionsOf(change.after),
  };
}

function versionsOf(shape: ElementShape | null): string | null {
  if (shape === null) return null;
  const versions = new Set(shape.clusters.map(({ version }) => version));
  return [...versions].sort(compareVersions).join(' and ');
}

/** Whether a target (`domain`, `domain/solution`, `domain/solution/element`) means the rollout. */
export function concerns(rollout: Pick<RolloutHead, 'solution' | 'changes'>, target: string | null): boolean {
  const [, solution, element] = target?.split('/') ?? [];
  if (solution !== undefined && rollout.solution !== (solution as SolutionName)) return false;
  return (
    element === undefined || rollout.changes.some((change) => change.element === `${solution}/${element}`)
  );
}
