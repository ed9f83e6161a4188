import type { SafeText } from '../base/safe-text.js';
import { safe } from '../base/safe-text.js';
import { isDone } from './done.js';
import type { SolutionEntry } from './entries.js';
import type { Facts } from './facts.js';
import { fail, type Failure } from './fail.js';
import { decideBack, type RolloutDecision } from './go-back.js';
import { heldBackIfIrreversible } from './held-back.js';
import { waitsFor } from './halted.js';
import { isOpen } from './mode.js';
import type { ElementState, SolutionState } from './state.js';
import { isPastStandby } from './standby.js';
import { isAwaited } from './steps.js';
import { endsWith, hasOpenTracks } from './together.js';
import { viewElement } from './view.js';

/** What follows for the solution's rollout once its elements were decided. */
export function decideRollout(
  solution: SolutionState,
  { failing, stuck }: { readonly failing: Failure | null; readonly stuck: SafeText | null },
  facts: Facts,
): RolloutDecision {
  const { rollout } = solution;
  if (rollout === null || !isOpen(solution)) return alone(closeRepairs(solution));
  if (failing !== null && rollout.phase === 'progressing')
    return heldBackIfIrreversible(solution, decideBack(solution, fail(solution, failing), facts), facts);
  if (failing !== null && rollout.phase === 'reverting') return alone([blockedBy(failing, rollout.reason)]);
  const standing = rollout.phase === 'progressing' ? (stuck ?? awaited(solution, facts)) : null;
  if (standing !== null) return alone([{ kind: 'rollout.phase', phase: 'paused', reason: standing }]);
  if (!isThere(solution, facts)) return nothing;
  if (rollout.phase === 'reverting')
    return alone([{ kind: 'rollout.ended', phase: 'reverted', reason: rollout.reason }]);
  const others = endsWith(solution, facts);
  // One that could still go back would take this one along: both end in one moment, or neither.
  if (!others.every((other) => isReadyToEnd(other, facts))) return nothing;
  return {
    entries: success(solution),
    others: others.flatMap((other) => success(other).map((entry) => ({ solution: other.name, entry }))),
  };
}

const nothing: RolloutDecision = { entries: [], others: [] };

function alone(entries: readonly SolutionEntry[]): RolloutDecision {
  return { entries, others: [] };
}

function isReadyToEnd(solution: SolutionState, facts: Facts): boolean {
  return (
    solution.rollout?.phase === 'progressing' && awaited(solution, facts) === null && isThere(solution, facts)
  );
}

/** What was done once may have broken since: `applied` is said of what is true now. */
function isThere(solution: SolutionState, facts: Facts): boolean {
  return !hasOpenTracks(solution) && areDone(solution, facts);
}

function success({ quarantine, rollout }: SolutionState): SolutionEntry[] {
  const ended: SolutionEntry = { kind: 'rollout.ended', phase: 'succeeded', reason: null };
  // What stays out is asked for all the same: that is no state to go back to.
  if (quarantine !== null || rollout === null) return [ended];
  const { revision, desiredDigest } = rollout;
  return [{ kind: 'solution.stable', revision, desiredDigest }, ended];
}

/** Whatever is still on its way waits for a person, by itself or with others. */
function awaited({ elements }: SolutionState, facts: Facts): SafeText | null {
  const open = [...elements.values()].filter(({ track }) => track !== null && !track.done);
  const names = open.filter(isAwaited).map(({ name }) => name);
  if (names.length === 0) return null;
  const canMove = open.some(
    (element) => !isAwaited(element) && (isUnderWay(element) || !waitsFor(element, facts, isAwaited)),
  );
  if (canMove) return null;
  return safe(`${names.join(', ')} ${names.length === 1 ? 'waits' : 'wait'} to be promoted`);
}

/** Something is being done to it, or becomes of what was done. */
function isUnderWay({ clusters, listeners }: ElementState): boolean {
  return (
    [...listeners.values()].some(({ pending }) => pending !== null) ||
    [...clusters.values()].some(({ instances }) =>
      [...instances.values()].some(
        ({ operation, draining, lifecycle, proven }) =>
          operation !== null || draining !== null || (lifecycle === 'active' && !proven),
      ),
    )
  );
}

/** The way back failed as well: a person has to look. */
function blockedBy(failing: Failure, reason: SafeText | null): SolutionEntry {
  const back = safe(`going back failed too: ${failing.reason}`);
  return {
    kind: 'rollout.ended',
    phase: 'blocked',
    reason: reason === null ? back : safe(`${reason}; ${back}`),
  };
}

/** The whole solution: what it did not change may have broken meanwhile. */
function areDone(solution: SolutionState, facts: Facts): boolean {
  return [...solution.elements.values()].every(
    (element) => isLeftToPeople(element) || isDone(viewElement(element, facts), facts),
  );
}

/** Nobody is to mend it by himself; but we are at it: a person has had it restarted, or a standby is on its way out. */
function isLeftToPeople(element: ElementState): boolean {
  const { clusters, restart, target, track } = element;
  const isAtWork =
    restart != null ||
    [...clusters.values()].some(({ instances }) =>
      [...instances.values()].some((instance) => isPastStandby(element, instance)),
    );
  return track === null && target?.repair !== 'auto' && !isAtWork;
}

/** A released repair has no rollout that would end it. */
function closeRepairs(solution: SolutionState): SolutionEntry[] {
  const closing = [...solution.elements.values()].filter((element) => element.track?.done === true);
  return closing.map((element) => ({ kind: 'repair.ended', element: element.name }));
}
