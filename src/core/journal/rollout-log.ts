import type { Transition } from '../base/desired.js';
import type { Digest } from '../base/digest.js';
import type { InstanceId, OperationId, Revision, RolloutId, SolutionName } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import { safe } from '../base/safe-text.js';
import type { Change } from '../plan/types.js';
import type { SolutionEntry } from '../rollout/entries.js';
import type { Place } from '../rollout/place.js';
import { operationId } from '../rollout/place.js';
import type { Phase } from '../rollout/state.js';

export interface StepRecord {
  readonly operation: OperationId;
  readonly transition: Transition;
  readonly instance: InstanceId;
  readonly startedWallMs: number;
  readonly durationMs: number | null;
  readonly outcome: 'open' | 'done' | 'failed' | 'unknown';
  readonly reason: SafeText | null;
}

/** What one rollout did, step by step; written to the status branch when it ends. */
export interface RolloutLog {
  readonly id: RolloutId;
  readonly solution: SolutionName;
  readonly revision: Revision;
  readonly arrival: number;
  readonly planDigest: Digest;
  /** Of the whole solution: who asks again for what was stable before takes back what came between. */
  readonly desiredDigest: Digest;
  readonly changes: readonly Change[];
  readonly startedWallMs: number;
  readonly endedWallMs: number | null;
  readonly phase: Phase;
  readonly reason: SafeText | null;
  /** A table; the last ones if there are very many. */
  readonly steps: StepRecord[];
}

/** More steps than anybody reads are cut at the front. */
const keptSteps = 10_000;
const keptLogs = 100;

/** The logs of the latest rollouts, by id, oldest first. */
export type RolloutLogs = Map<RolloutId, RolloutLog>;

/** Follows a solution's entries; `current` is the rollout that the solution had before the entry. */
export function evolveLogs(
  logs: RolloutLogs,
  solution: SolutionName,
  current: RolloutId | null,
  entry: SolutionEntry,
  place: Place,
): void {
  if (entry.kind === 'rollout.planned') return begin(logs, solution, entry, place);
  if (entry.kind === 'solution.restored') return leaveBehind(logs, solution, entry, place);
  const log = current === null ? undefined : logs.get(current);
  // What is repaired afterwards is no part of it.
  if (log === undefined || log.endedWallMs !== null) return;
  switch (entry.kind) {
    case 'rollout.phase':
      logs.set(log.id, { ...log, phase: entry.phase, reason: entry.reason });
      return;
    case 'rollout.aborted':
      logs.set(log.id, { ...log, phase: 'failed', reason: entry.reason, endedWallMs: place.wallMs });
      return;
    case 'rollout.ended':
      logs.set(log.id, {
        ...log,
        phase: entry.phase,
        reason: entry.reason ?? log.reason,
        endedWallMs: place.wallMs,
      });
      return;
    case 'rollout.superseded':
      logs.set(log.id, { ...log, phase: 'superseded', reason: entry.reason, endedWallMs: place.wallMs });
      return;
    case 'operation.begun':
      log.steps.push({
        operation: operationId(place),
        transition: entry.transition,
        instance: entry.instance,
        startedWallMs: place.wallMs,
        durationMs: null,
        outcome: 'open',
        reason: null,
      });
      if (log.steps.length > keptSteps) log.steps.shift();
      return;
    case 'operation.ended':
      endStep(log, entry, place);
      return;
    default:
  }
}

/** Rollouts under way that another controller went on with, and that are over by now. */
export function leftBehind(
  logs: RolloutLogs,
  solution: SolutionName,
  { state }: Extract<SolutionEntry, { kind: 'solution.restored' }>,
): RolloutLog[] {
  return [...logs.values()].filter(
    (log) => log.solution === solution && log.endedWallMs === null && log.id !== state.rollout?.id,
  );
}

function leaveBehind(
  logs: RolloutLogs,
  solution: SolutionName,
  entry: Extract<SolutionEntry, { kind: 'solution.restored' }>,
  place: Place,
): void {
  const reason = safe('another controller went on from here');
  for (const log of leftBehind(logs, solution, entry))
    logs.set(log.id, { ...log, phase: 'superseded', reason, endedWallMs: place.wallMs });
}

function begin(
  logs: RolloutLogs,
  solution: SolutionName,
  entry: Extract<SolutionEntry, { kind: 'rollout.planned' }>,
  place: Place,
): void {
  const { rollout, revision, arrival, planDigest, desiredDigest, changes } = entry;
  logs.set(rollout, {
    id: rollout,
    solution,
    revision,
    arrival,
    planDigest,
    desiredDigest,
    changes,
    startedWallMs: place.wallMs,
    endedWallMs: null,
    phase: 'progressing',
    reason: null,
    steps: [],
  });
  for (const log of logs.values()) {
    if (logs.size <= keptLogs) return;
    if (log.endedWallMs !== null) logs.delete(log.id);
  }
}

/** An open step is near the end, so the search from there is short. */
function endStep(
  log: RolloutLog,
  entry: Extract<SolutionEntry, { kind: 'operation.ended' }>,
  place: Place,
): void {
  for (let i = log.steps.length - 1; i >= 0; i--) {
    const step = log.steps[i];
    if (step?.operation !== entry.operation) continue;
    log.steps[i] = {
      ...step,
      outcome: entry.outcome,
      durationMs: Math.max(0, place.wallMs - step.startedWallMs),
      reason: entry.trouble?.reason ?? null,
    };
    return;
  }
}
