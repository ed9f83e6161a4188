import type { RolloutId, SolutionName } from '../base/names.js';
import { safe } from '../base/safe-text.js';
import type { RevisionState } from '../rollout/domain.js';
import type { SolutionEntry } from '../rollout/entries.js';
import type { RolloutLog } from '../rollout/log.js';
import type { Place } from '../rollout/place.js';
import { operationId } from '../rollout/place.js';

/** More steps than anybody reads are cut at the front. */
const keptSteps = 10_000;
const keptLogs = 100;

/** The logs of the latest rollouts, by id, oldest first. */
export type RolloutLogs = Map<RolloutId, RolloutLog>;

/** What an entry is about beside its own words. */
export interface LogContext {
  readonly solution: SolutionName;
  /** The rollout that the solution had before the entry. */
  readonly current: RolloutId | null;
  /** Of the revision that is rolled out, as far as it is known. */
  readonly commit: Pick<RevisionState, 'subject' | 'author'> | undefined;
}

/** Follows a solution's entries. */
export function evolveLogs(logs: RolloutLogs, context: LogContext, entry: SolutionEntry, place: Place): void {
  const { solution, current } = context;
  if (entry.kind === 'rollout.planned') return begin(logs, context, entry, place);
  if (entry.kind === 'solution.restored') return takeOver(logs, solution, entry, place);
  const log = current === null ? undefined : logs.get(current);
  // What is repaired afterwards is no part of it.
  if (log === undefined || log.endedWallMs !== null) return;
  switch (entry.kind) {
    case 'rollout.phase':
      logs.set(log.id, { ...log, phase: entry.phase, reason: entry.reason });
      return;
    case 'rollout.reverting':
      logs.set(log.id, { ...log, phase: 'reverting', reason: entry.reason, quarantined: entry.clusters });
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

type Restored = Extract<SolutionEntry, { kind: 'solution.restored' }>;

/** Rollouts under way that another controller went on with, and that are over by now without its having told how. */
export function leftBehind(logs: RolloutLogs, solution: SolutionName, { state }: Restored): RolloutLog[] {
  return openIn(logs, solution).filter((log) => log.id !== state.rollout?.id);
}

function openIn(logs: RolloutLogs, solution: SolutionName): RolloutLog[] {
  return [...logs.values()].filter((log) => log.solution === solution && log.endedWallMs === null);
}

function takeOver(logs: RolloutLogs, solution: SolutionName, entry: Restored, place: Place): void {
  const reason = safe('another controller went on from here');
  const ended = { phase: 'superseded' as const, reason, endedWallMs: place.wallMs };
  for (const log of leftBehind(logs, solution, entry)) logs.set(log.id, { ...log, ...ended });
  // What another has ended is told by its document, steps and all.
  for (const log of openIn(logs, solution)) logs.delete(log.id);
  if (entry.log !== undefined) logs.set(entry.log.id, { ...entry.log, steps: [...entry.log.steps] });
}

function begin(
  logs: RolloutLogs,
  { solution, commit }: LogContext,
  entry: Extract<SolutionEntry, { kind: 'rollout.planned' }>,
  place: Place,
): void {
  const { rollout, revision, arrival, planDigest, desiredDigest, changes } = entry;
  logs.set(rollout, {
    id: rollout,
    solution,
    revision,
    arrival,
    ...(commit === undefined ? {} : { subject: commit.subject, author: commit.author }),
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
