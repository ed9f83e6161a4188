import type { RolloutLog } from '../rollout/log.js';
import type { Revision, SolutionName } from '../base/names.js';
import type { PullRequestView } from './pull-request.js';
import { branchOf, reasonOf } from './quarantined.js';
import { splitElementKey } from '../base/names.js';
import type { Change, ElementShape } from '../plan/types.js';
import type { RevertState } from '../rollout/domain.js';
import type { Phase, Quarantined } from '../rollout/state.js';
import { compareVersions } from '../base/version.js';
import type { HistoryChange, HistoryRollout, QuarantinedView, RevertView, Verdict } from './view.js';

/** A rollout as it is remembered: without its steps. */
export type RolloutHead = Omit<RolloutLog, 'steps'>;

/** What a commit says of itself; `takesBack` is the revision that its message names as reverted. */
export interface CommitWords {
  readonly author: string;
  readonly subject: string;
  readonly takesBack: string | null;
  readonly pullRequest?: PullRequestView | null;
  /** It was made by Heliostat, to say in Git what was taken back. */
  readonly automatic?: boolean;
}

/** What became of a failed rollout after its end. */
export interface Aftermath {
  /** The commit that says what was taken back; null: none was to be made for it. */
  readonly revert: RevertState | null;
  /** Of its clusters, those that stay out still. */
  readonly kept: readonly Quarantined[];
}

const noAftermath: Aftermath = { revert: null, kept: [] };

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
  aftermath: Aftermath = noAftermath,
): HistoryRollout {
  const reverts = takenBack(rollout, older, words);
  return {
    id: rollout.id,
    solution: rollout.solution,
    revision: rollout.revision,
    author: words.author,
    subject: words.subject,
    pullRequest: words.pullRequest ?? null,
    verdict: verdictOfPhase(rollout.phase),
    reason: rollout.reason,
    startedAtMs: rollout.startedWallMs,
    durationMs:
      rollout.endedWallMs === null ? null : Math.max(0, rollout.endedWallMs - rollout.startedWallMs),
    reverts,
    revertMadeBy: reverts === null ? null : words.automatic === true ? 'heliostat' : 'person',
    revert: revertView(aftermath.revert),
    quarantined: quarantinedView(rollout, aftermath.kept),
    changes: rollout.changes.map(changeView),
  };
}

export function revertView(revert: RevertState | null): RevertView | null {
  if (revert === null) return null;
  const { outcome, commit, pullRequest } = revert;
  return {
    outcome,
    commit,
    branch: branchOf(revert),
    reason: reasonOf(revert),
    pullRequest: pullRequest?.url ?? null,
  };
}

export function quarantinedView(
  { quarantined = [] }: Pick<RolloutHead, 'quarantined'>,
  kept: readonly Quarantined[],
): QuarantinedView[] {
  return quarantined.map(({ element, cluster }) => {
    const [version = '', generation = ''] = cluster.split('~');
    const isKept = kept.some((other) => other.element === element && other.cluster === cluster);
    return { element, version, generation, inForce: isKept };
  });
}

/** The revision whose effect a rollout takes back: it asks again for exactly what was stable before something else came: that is what it takes back. */
export function takenBack(
  rollout: RolloutHead,
  older: readonly RolloutHead[],
  words: CommitWords,
): Revision | null {
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

export function changeView(change: Change): HistoryChange {
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
