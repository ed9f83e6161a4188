import { safe } from '../base/safe-text.js';
import type { SolutionEntry } from './entries.js';
import { setOut } from './evolve-targets.js';
import type { Place } from './place.js';
import type { Quarantine, Quarantined, RolloutState, SolutionState } from './state.js';

type Of<Kind extends SolutionEntry['kind']> = Extract<SolutionEntry, { kind: Kind }>;

export function reverting(
  solution: SolutionState,
  entry: Of<'rollout.reverting'>,
  place: Place,
): SolutionState {
  const { rollout } = solution;
  setOut(solution, entry.targets, place);
  if (rollout === null) return solution;
  const quarantine: Quarantine = {
    revision: rollout.revision,
    arrival: rollout.arrival,
    reason: entry.reason,
    desiredDigest: rollout.desiredDigest,
    // Who failed before and is still asked for stays out as well.
    clusters: [...(withoutClusters(solution.quarantine, entry.clusters)?.clusters ?? []), ...entry.clusters],
    evidence: entry.evidence ?? [],
    sinceWallMs: place.wallMs,
    ...(entry.cause === undefined ? {} : { cause: entry.cause }),
  };
  return withRollout({ ...solution, quarantine }, { phase: 'reverting', reason: entry.reason });
}

/** What failed of its own is worse, and stays the reason. */
export function keptBack(
  solution: SolutionState,
  entry: Of<'quarantine.began'>,
  place: Place,
): SolutionState {
  const { rollout } = solution;
  if (rollout === null || solution.quarantine !== null) return solution;
  const { revision, arrival, desiredDigest } = rollout;
  const { cause, reason } = entry;
  const { wallMs: sinceWallMs } = place;
  return {
    ...solution,
    quarantine: { revision, arrival, reason, desiredDigest, clusters: [], evidence: [], sinceWallMs, cause },
  };
}

/** Null: none is left, and nothing else is kept out either. */
export function withoutClusters(
  quarantine: Quarantine | null,
  gone: readonly Quarantined[],
): Quarantine | null {
  if (quarantine === null) return null;
  const clusters = quarantine.clusters.filter(
    (kept) => !gone.some(({ element, cluster }) => element === kept.element && cluster === kept.cluster),
  );
  return clusters.length === 0 ? null : { ...quarantine, clusters };
}

/** Whatever becomes of it, nobody waits any more to be told whether it may go back. */
export function withRollout(
  solution: SolutionState,
  change: Pick<RolloutState, 'phase' | 'reason' | 'heldBack'>,
): SolutionState {
  if (solution.rollout === null) return solution;
  const { heldBack: _heldBack, ...rollout } = solution.rollout;
  return { ...solution, rollout: { ...rollout, ...change } };
}

export function heldBack(
  solution: SolutionState,
  entry: Of<'rollout.heldBack'>,
  place: Place,
): SolutionState {
  const { kind: _kind, ...held } = entry;
  return withRollout(solution, {
    phase: 'paused',
    reason: safe(`${entry.reason}; going back waits for a person: ${entry.ways}`),
    heldBack: { ...held, sinceWallMs: place.wallMs },
  });
}
