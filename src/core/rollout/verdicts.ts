import type { SafeText } from '../base/safe-text.js';
import type { DomainEntry, DomainState, FinalVerdict, RevisionState, Scoped, Verdict } from './domain.js';
import { isFinal, scopeOf } from './domain.js';
import type { RolloutId, SolutionName } from '../base/names.js';
import { isOpen } from './mode.js';
import { pauseOfRollout } from './pause.js';
import type { SolutionState } from './state.js';

/** Verdicts that follow from how the rollouts stand now; each is given once and never changes. */
export function decideVerdicts(
  domain: DomainState,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): DomainEntry[] {
  const entries: DomainEntry[] = [];
  for (const state of domain.revisions.values()) {
    if (state.state !== 'accepted' || isFinal(state)) continue;
    for (const scoped of scopeOf(state)) {
      if (scoped in state.verdicts) continue;
      const ended = endOf(state, scoped, solutions);
      if (ended !== null)
        entries.push({
          kind: 'verdict.given',
          revision: state.revision,
          arrival: state.arrival,
          solution: scoped,
          ...ended,
        });
    }
  }
  return entries;
}

interface End {
  readonly verdict: FinalVerdict;
  readonly reason: SafeText | null;
  readonly rollout: RolloutId | null;
}

function endOf(
  state: RevisionState,
  scoped: Scoped,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): End | null {
  if (scoped === '*') return { verdict: 'applied', reason: null, rollout: null };
  const solution = solutions.get(scoped);
  const rollout = solution?.rollout ?? null;
  if (solution === undefined || rollout === null) return null;
  if (rollout.revision !== state.revision || rollout.arrival !== state.arrival) return null;
  if (isOpen(solution)) return null;
  switch (rollout.phase) {
    case 'succeeded':
      return { verdict: 'applied', reason: null, rollout: rollout.id };
    case 'superseded':
      return { verdict: 'superseded', reason: rollout.reason, rollout: rollout.id };
    case 'reverted':
      return { verdict: 'reverted', reason: rollout.reason, rollout: rollout.id };
    default:
      return { verdict: 'failed', reason: rollout.reason, rollout: rollout.id };
  }
}

const worstFirst: readonly Verdict[] = [
  'rejected',
  'failed',
  'reverted',
  'held',
  'progressing',
  'pending',
  'superseded',
  'applied',
];

/** The worst of its solutions, open ones included. */
export function verdictOf(
  state: RevisionState,
  domain: DomainState,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): Verdict {
  const verdicts = scopeOf(state).map((scoped) => verdictOfScoped(state, scoped, domain, solutions));
  return worstFirst.find((verdict) => verdicts.includes(verdict)) ?? 'pending';
}

/** Of one solution of its scope. */
export function verdictOfScoped(
  state: RevisionState,
  scoped: Scoped,
  domain: DomainState,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): Verdict {
  return state.verdicts[scoped]?.verdict ?? openVerdict(state, scoped, domain, solutions);
}

function openVerdict(
  state: RevisionState,
  scoped: Scoped,
  domain: DomainState,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): Verdict {
  if ([...domain.holds.values()].some((hold) => hold.revision === state.revision)) return 'held';
  const solution = scoped === '*' ? undefined : solutions.get(scoped);
  const rollout = solution?.rollout ?? null;
  if (solution === undefined || rollout === null || rollout.revision !== state.revision) return 'pending';
  if (rollout.phase === 'paused') return 'held';
  return pauseOfRollout(domain.pauses ?? [], solution) === null ? 'progressing' : 'held';
}
