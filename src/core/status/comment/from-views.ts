import type { Revision } from '../../base/names.js';
import type { HistoryRollout, RevertView, SolutionView } from '../view.js';
import type { RevertReport, SolutionOutcome } from './types.js';

/** What neither history nor status tells. */
export interface RolloutEvidence {
  readonly steps: SolutionOutcome['steps'];
  /** Redacted already. */
  readonly evidence: readonly string[];
}

/**
 * How a rollout fares, from what history and status show of it. What is wrong with a solution by now is no matter of a
 * commit that was applied, or that another one took over from.
 */
export function solutionOutcome(
  rollout: HistoryRollout,
  now: SolutionView | null,
  { steps, evidence }: RolloutEvidence,
): SolutionOutcome {
  const { solution, verdict, changes, durationMs, reason, quarantined } = rollout;
  const isOver = verdict === 'applied' || verdict === 'superseded';
  const view = isOver ? null : now;
  return {
    name: solution,
    verdict,
    phase: view?.phase ?? null,
    changes,
    steps,
    durationMs,
    reason,
    evidence: isOver ? [] : evidence,
    lastStable: now?.lastStable ?? null,
    inSteps: (view?.elements ?? []).flatMap(({ name, step }) =>
      step === undefined ? [] : [{ element: name, step }],
    ),
    quarantined,
    conditions: view?.conditions ?? [],
  };
}

/** What a forge knows about a revert beyond what is recorded. */
export interface KnownRevert {
  commitUrl(revision: Revision): string;
  /** Where a pull request from a branch is opened by hand. */
  compareUrl(branch: string): string;
  /** The pull request, where there is one. */
  readonly proposal: Omit<Extract<RevertReport, { readonly kind: 'proposed' }>, 'kind'> | null;
  /** Why there is none, and the one setting that mends it. */
  readonly reason: string;
  readonly fix: string;
}

export function revertReport(view: RevertView, known: KnownRevert): RevertReport {
  if (known.proposal !== null) return { kind: 'proposed', ...known.proposal };
  const { outcome, commit, branch, reason } = view;
  switch (outcome) {
    case 'open':
      return { kind: 'open' };
    case 'none':
      return { kind: 'none', reason: reason ?? 'nothing was to be made' };
    case 'made':
      return commit === null ? { kind: 'open' } : { kind: 'committed', commit, url: known.commitUrl(commit) };
    case 'branch':
      return branch === null
        ? { kind: 'open' }
        : {
            kind: 'pushed',
            branch,
            compareUrl: known.compareUrl(branch),
            reason: known.reason,
            fix: known.fix,
          };
  }
}
