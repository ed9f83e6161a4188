import type { Diagnostic } from '../base/diagnostic.js';
import type { Revision, RolloutId, SolutionName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { State } from '../journal/fold.js';
import type { RevertState, RevisionState, Scoped } from '../rollout/domain.js';
import { isFinal, scopeOf } from '../rollout/domain.js';
import type { Facts } from '../rollout/facts.js';
import type { RolloutLog } from '../rollout/log.js';
import type { SolutionState } from '../rollout/state.js';
import { verdictOf, verdictOfScoped } from '../rollout/verdicts.js';
import type { DifferingPlan, OutcomeReport, RevertReport, SolutionOutcome } from './comment/types.js';
import { conditionsOf } from './conditions.js';
import { changeView, quarantinedView } from './history.js';
import { branchOf } from './quarantined.js';
import { stepView } from './step.js';

/** What the state does not know, and a forge does. Times are milliseconds since 1970. */
export interface Surroundings {
  readonly nowMs: number;
  /** Null: its commits are shown nowhere. */
  commitUrl(revision: Revision): string | null;
  lineUrl(revision: Revision, diagnostic: Diagnostic): string | null;
  /** Of the pull request that takes it back. */
  readonly proposal: 'open' | 'merged' | 'closed';
  readonly differing: DifferingPlan | null;
  readonly wholeUrl: string | null;
}

interface About {
  readonly state: State;
  readonly facts: Facts;
  readonly known: RevisionState;
  readonly around: Surroundings;
}

/** How a commit fares; null for one that is not remembered. */
export function outcomeOf(
  state: State,
  facts: Facts,
  revision: Revision,
  around: Surroundings,
): OutcomeReport | null {
  const known = state.domain.revisions.get(revision);
  if (known === undefined) return null;
  const about = { state, facts, known, around };
  const { domain, tables } = state;
  const scope = scopeOf(known).filter((scoped): scoped is SolutionName => scoped !== '*');
  return {
    domain: domain.name,
    revision,
    updatedAtMs: around.nowMs,
    verdict: verdictOf(known, domain, tables.solutions),
    reason: known.verdicts['*']?.reason ?? null,
    solutions: [...scope].sort(byCodeUnit).map((name) => solutionOutcome(about, name)),
    diagnostics: known.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      url: around.lineUrl(revision, diagnostic),
    })),
    holds: [...domain.holds.values()].flatMap(({ hold, revision: held }) =>
      held === revision ? [hold] : [],
    ),
    conditions: [],
    revert: known.revert === undefined ? null : revertReport(known.revert, around),
    differing: around.differing,
    supersededBy: supersededBy(state, known),
    wholeUrl: around.wholeUrl,
  };
}

/** Nothing more is to be told of it. */
export function isToldToTheEnd(known: RevisionState): boolean {
  return isFinal(known) && known.revert?.outcome !== 'open';
}

function solutionOutcome(about: About, name: SolutionName): SolutionOutcome {
  const { state, known } = about;
  const solution = state.tables.solutions.get(name);
  const log = state.logs.get(rolloutOf(known, name, solution) ?? ('' as RolloutId));
  const failed = solution?.quarantine?.revision === known.revision ? solution.quarantine : null;
  return {
    name,
    verdict: verdictOfScoped(known, name, state.domain, state.tables.solutions),
    evidence: failed?.evidence ?? [],
    lastStable: failed === null ? null : (solution?.lastStable?.revision ?? null),
    ...(log === undefined
      ? unbegun
      : { ...course(log, about.around), quarantined: quarantinedView(log, failed?.clusters ?? []) }),
    ...present(about, solution?.rollout?.id === log?.id ? solution : undefined),
    reason: known.verdicts[name]?.reason ?? reasonNow(log, solution),
  };
}

const unbegun = { phase: null, changes: [], steps: null, durationMs: null, quarantined: [] } as const;

function course(
  log: RolloutLog,
  { nowMs }: Surroundings,
): Pick<SolutionOutcome, 'phase' | 'changes' | 'steps' | 'durationMs'> {
  return {
    phase: log.phase,
    changes: log.changes.map(changeView),
    steps: log.endedWallMs === null ? null : stepsOf(log),
    durationMs: (log.endedWallMs ?? nowMs) - log.startedWallMs,
  };
}

/** What holds now, of a solution that is still about this commit. */
function present(
  { state, facts }: About,
  solution: SolutionState | undefined,
): Pick<SolutionOutcome, 'inSteps' | 'conditions'> {
  if (solution === undefined) return { inSteps: [], conditions: [] };
  return { inSteps: stepsUnderWay(state, solution), conditions: conditionsOf(state, solution, facts) };
}

function reasonNow(log: RolloutLog | undefined, solution: SolutionState | undefined): string | null {
  return log !== undefined && solution?.rollout?.id === log.id ? solution.rollout.reason : null;
}

/** The rollout that brought it about, or is to. */
function rolloutOf(
  known: RevisionState,
  scoped: Scoped,
  solution: SolutionState | undefined,
): RolloutId | null {
  const given = known.verdicts[scoped];
  if (given !== undefined) return given.rollout;
  const rollout = solution?.rollout ?? null;
  return rollout?.revision === known.revision && rollout.arrival === known.arrival ? rollout.id : null;
}

function stepsOf({ steps }: RolloutLog): { readonly done: number; readonly of: number } {
  return { done: steps.filter(({ outcome }) => outcome === 'done').length, of: steps.length };
}

function stepsUnderWay(state: State, solution: SolutionState): SolutionOutcome['inSteps'] {
  return [...solution.elements.values()].flatMap((element) => {
    const step = stepView(element, state.domain.name);
    return step === null ? [] : [{ element: element.name, step }];
  });
}

function revertReport(revert: RevertState, around: Surroundings): RevertReport {
  const { outcome, commit, pullRequest, unopened, reason } = revert;
  if (outcome === 'open') return { kind: 'open' };
  if (outcome === 'made' && commit !== null)
    return { kind: 'committed', commit, url: around.commitUrl(commit) };
  if (pullRequest !== undefined) return { kind: 'proposed', ...pullRequest, state: around.proposal };
  const branch = branchOf(revert);
  if (outcome === 'none' || branch === null)
    return { kind: 'none', reason: reason ?? 'nothing was to be made' };
  return {
    kind: 'pushed',
    branch,
    compareUrl: unopened?.compareUrl ?? '',
    reason: reason ?? '',
    fix: unopened?.fix ?? `git merge ${branch}`,
  };
}

function supersededBy({ domain }: State, known: RevisionState): Revision | null {
  const isSuperseded = Object.values(known.verdicts).some(({ verdict }) => verdict === 'superseded');
  return isSuperseded && domain.tip !== known.revision ? domain.tip : null;
}
