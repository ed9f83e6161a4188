import { count, durationText, shortRevision } from '../../base/words.js';
import {
  allKeptOut,
  countsText,
  isRejected,
  lostInstances,
  nothingToDo,
  solutionsOf,
  tally,
} from '../words/plan.js';
import type { Verdict } from '../view.js';
import { placeText } from './diagnostics.js';
import { oneLine, shortened } from './escape.js';
import { isUnderWay } from './outcome-solution.js';
import type { OutcomeReport, PlannedReport, SolutionOutcome } from './types.js';

/** Of a commit status and of a deployment's status (GitHub's limit). */
export const mostCharacters = 140;

export interface StatusWords {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly description: string;
}

export interface DeploymentWords {
  readonly state: 'queued' | 'inProgress' | 'success' | 'failure' | 'inactive';
  readonly description: string;
}

/** What a pull request would do, beside its last commit. */
export function plannedStatus(report: PlannedReport): StatusWords {
  const { plan, diagnostics } = report;
  if (plan === null || isRejected(plan)) {
    const first = diagnostics.find(({ severity }) => severity === 'error');
    const why = first === undefined ? '' : `; ${placeText(first)}: ${first.message}`;
    return {
      state: 'failure',
      description: fitted('rejected: ', `${tally(diagnostics) ?? 'no plan'}${why}`),
    };
  }
  const counts = countsText(plan.summary);
  if (counts === '')
    return {
      state: 'success',
      description: `no changes: ${plan.staying.length > 0 ? allKeptOut : nothingToDo}`,
    };
  const lost = plan.changes.reduce((sum, change) => sum + lostInstances(change), 0);
  const loud = lost > 0 ? `, destroys ${count(lost, 'instance')} for good` : '';
  const what = `${counts} in ${count(solutionsOf(plan), 'solution')}`;
  const [hold] = plan.holds;
  if (hold !== undefined)
    return {
      state: 'success',
      description: fitted('planned, will be held: ', hold.reason, `; ${what}${loud}`),
    };
  return { state: 'success', description: fitted('planned: ', what, loud) };
}

/** How a commit fares, beside it. */
export function outcomeStatus(report: OutcomeReport): StatusWords {
  return { state: stateOf(report.verdict), description: outcomeText(report) };
}

function stateOf(verdict: Verdict): StatusWords['state'] {
  if (isUnderWay(verdict)) return 'pending';
  return verdict === 'applied' || verdict === 'superseded' ? 'success' : 'failure';
}

type Told = Pick<
  OutcomeReport,
  'verdict' | 'solutions' | 'reason' | 'revert' | 'supersededBy' | 'diagnostics' | 'holds'
>;

/** `applied: shop/api 1.4.0 in 32 s`; `reverted: api 1.4.0 failed its health check, see #124`. */
function outcomeText(report: Told): string {
  const { verdict, solutions, reason, supersededBy, diagnostics, holds } = report;
  const concerned = solutions.filter((one) => one.verdict === verdict);
  const why = reason ?? concerned.find((one) => one.reason !== null)?.reason ?? null;
  switch (verdict) {
    case 'applied':
      return solutions.length === 0
        ? 'applied: nothing changes here'
        : fitted('applied: ', scopeText(concerned), timeText(concerned));
    case 'superseded':
      return supersededBy === null ? 'superseded' : fitted('superseded by ', shortRevision(supersededBy));
    case 'rejected':
      return fitted('rejected: ', why ?? tally(diagnostics) ?? 'see the diagnostics');
    case 'held':
      return fitted('held: ', holds[0]?.reason ?? why ?? scopeText(concerned));
    case 'pending':
      return fitted('waits for its turn: ', scopeText(concerned));
    case 'progressing':
      return fitted('progressing: ', scopeText(concerned), stepsText(concerned));
    case 'failed':
    case 'reverted':
      return fitted(`${verdict}: `, (why ?? scopeText(concerned)).replace(/\.$/, ''), seeText(report));
  }
}

/** `shop/api 1.4.0`, `shop`, `3 solutions`. */
function scopeText(solutions: readonly SolutionOutcome[]): string {
  const [first] = solutions;
  if (first === undefined || solutions.length > 1) return count(solutions.length, 'solution');
  const [change] = first.changes;
  if (change === undefined || first.changes.length > 1) return first.name;
  return `${first.name}/${change.element} ${change.after ?? `${change.before ?? ''} ${change.action}`}`.trim();
}

/** In all: they go side by side. */
function timeText(solutions: readonly SolutionOutcome[]): string {
  const longest = Math.max(0, ...solutions.map(({ durationMs }) => durationMs ?? 0));
  return longest === 0 ? '' : ` in ${durationText(longest)}`;
}

function stepsText(solutions: readonly SolutionOutcome[]): string {
  const done = solutions.reduce((sum, { steps }) => sum + (steps?.done ?? 0), 0);
  const of = solutions.reduce((sum, { steps }) => sum + (steps?.of ?? 0), 0);
  return of === 0 ? '' : `, ${done} of ${count(of, 'step')}`;
}

/** Where it is told in Git. */
function seeText({ revert }: Told): string {
  switch (revert?.kind) {
    case 'proposed':
      return `, see #${revert.number}`;
    case 'committed':
      return `, see ${shortRevision(revert.commit)}`;
    case 'pushed':
      return `, see branch ${oneLine(revert.branch, 40)}`;
    default:
      return '';
  }
}

/** One solution in its environment. */
export function deploymentWords(solution: SolutionOutcome, revert: OutcomeReport['revert']): DeploymentWords {
  const { verdict, reason } = solution;
  const what = scopeText([solution]);
  const state = deploymentStates[verdict];
  const one = {
    verdict,
    solutions: [solution],
    reason,
    revert,
    supersededBy: null,
    diagnostics: [],
    holds: [],
  };
  switch (verdict) {
    case 'superseded':
      return { state, description: fitted('superseded: ', reason ?? what) };
    case 'held':
      return { state, description: fitted('held: ', reason ?? what) };
    default:
      return { state, description: outcomeText(one) };
  }
}

const deploymentStates: Readonly<Record<Verdict, DeploymentWords['state']>> = {
  applied: 'success',
  rejected: 'failure',
  failed: 'failure',
  reverted: 'failure',
  superseded: 'inactive',
  pending: 'queued',
  held: 'queued',
  progressing: 'inProgress',
};

/** On one line, the middle cut so that what stands behind it is there still. */
function fitted(head: string, middle: string, tail = ''): string {
  const end = oneLine(tail, 100);
  const room = mostCharacters - head.length - end.length - 1;
  const text = `${head}${oneLine(middle, Math.max(10, room))}${tail.startsWith(' ') ? ' ' : ''}${end}`;
  return text.length <= mostCharacters ? text : shortened(text, mostCharacters / 2);
}
