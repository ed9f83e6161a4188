import type { Diagnostic } from '../core/base/diagnostic.js';
import type { Revision, RolloutId, SolutionName } from '../core/base/names.js';
import { splitElementKey } from '../core/base/names.js';
import { byCodeUnit } from '../core/base/order.js';
import type { Redactor } from '../core/base/safe-text.js';
import { safe } from '../core/base/safe-text.js';
import type { DesiredDomain, Validation } from '../core/graph/types.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain, inSolution } from '../core/journal/entry.js';
import type { State } from '../core/journal/fold.js';
import type { Plan } from '../core/plan/types.js';
import { isFinal, scopeOf } from '../core/rollout/domain.js';
import { isOpen } from '../core/rollout/mode.js';
import { isCauseGone, noLongerAsked } from '../core/rollout/quarantine.js';
import type { Phase, SolutionState } from '../core/rollout/state.js';
import type { CommitInfo } from '../ports/repository.js';

const keptDiagnostics = 20;

/** The arrival that is accepted, and the model that it asks for. */
interface About {
  readonly revision: Revision;
  readonly arrival: number;
  readonly desired: DesiredDomain;
}

/** A tip that was seen: what is superseded by it. */
export function arrive(
  state: State,
  commit: CommitInfo,
  between: readonly CommitInfo[],
  redact: Redactor,
): Item[] {
  const items: Item[] = [];
  for (const known of state.domain.revisions.values()) {
    if (known.state !== 'seen' || isFinal(known) || known.revision === commit.oid) continue;
    items.push(superseded(known.revision, known.arrival, '*', commit.oid));
  }
  for (const older of between) {
    items.push(
      seen(state, older, redact),
      superseded(older.oid, arrivalOf(state, older.oid), '*', commit.oid),
    );
  }
  return [...items, seen(state, commit, redact)];
}

function seen(state: State, commit: CommitInfo, redact: Redactor): Item {
  return inDomain({
    kind: 'tip.seen',
    revision: commit.oid,
    arrival: arrivalOf(state, commit.oid),
    superseded: [],
    subject: redact(commit.subject.slice(0, 200)),
    author: redact(commit.author),
    committedMs: commit.committedMs,
  });
}

/** Becoming the tip again is a new arrival; being looked at again before the verdict is not. */
export function arrivalOf(state: State, revision: Revision): number {
  const known = state.domain.revisions.get(revision);
  if (known === undefined) return 1;
  return known.state === 'seen' && !isFinal(known) ? known.arrival : known.arrival + 1;
}

function superseded(revision: Revision, arrival: number, solution: SolutionName | '*', by: Revision): Item {
  const reason = safe(`${by.slice(0, 7)} came after it`);
  return inDomain({
    kind: 'verdict.given',
    revision,
    arrival,
    solution,
    verdict: 'superseded',
    reason,
    rollout: null,
  });
}

export function reject(
  revision: Revision,
  arrival: number,
  validation: Validation,
  diagnostics: readonly Diagnostic[],
  redact: Redactor,
): Item[] {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  const shown = [...errors, ...diagnostics.filter((diagnostic) => diagnostic.severity !== 'error')].slice(
    0,
    keptDiagnostics,
  );
  const clean = shown.map((diagnostic) => ({
    ...diagnostic,
    message: redact(diagnostic.message) as string,
    fix: redact(diagnostic.fix) as string,
  }));
  const first = errors[0];
  const reason =
    first === undefined
      ? 'it is not valid'
      : `${first.code} at ${first.file}:${first.line}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}`;
  return [
    inDomain({
      kind: 'revision.rejected',
      revision,
      arrival,
      diagnostics: clean,
      count: errors.length,
      tip: validation.tip,
    }),
    inDomain({
      kind: 'verdict.given',
      revision,
      arrival,
      solution: '*',
      verdict: 'rejected',
      reason: redact(reason),
      rollout: null,
    }),
  ];
}

/** An accepted revision: one rollout for each solution that it changes, older ones of these superseded. */
export function accept(
  state: State,
  plan: Plan,
  validation: Validation,
  about: About & { readonly scope: readonly SolutionName[] },
): Item[] {
  const { revision, arrival } = about;
  const scope = [...new Set([...about.scope, ...plan.solutions.map((solution) => solution.solution)])].sort(
    byCodeUnit,
  );
  const items: Item[] = [
    inDomain({
      kind: 'revision.accepted',
      revision,
      arrival,
      scope,
      stale: validation.stale,
      releases: validation.releases,
      tip: validation.tip,
      diagnostics: validation.diagnostics.slice(0, keptDiagnostics),
      plan: plan.digest,
    }),
  ];
  for (const solution of scope) items.push(...begin(state, plan, solution, about));
  if (scope.length === 0) items.push(verdict(about, '*', null));
  return items;
}

function begin(state: State, plan: Plan, solution: SolutionName, about: About): Item[] {
  const items = supersede(state, solution, about.revision);
  const planned = plan.solutions.find((candidate) => candidate.solution === solution);
  const standing = state.tables.solutions.get(solution);
  const wasOpen = items.length > 0;
  // What was planned last may be what has failed: where nothing is left to do, the model alone says what is asked for.
  // And what was let go is held to what was asked of it before.
  const model = standing?.detached === true ? null : about.desired.solutions.get(solution)?.digest;
  const asked = model ?? standing?.desiredDigest ?? plan.digest;
  items.push(...release(state, standing, about));
  const kept = keptBack(state, plan, solution);
  if (planned === undefined && kept.length === 0 && !isOwed(standing, wasOpen))
    return [...items, verdict(about, solution, null)];
  items.push(
    inSolution(solution, {
      kind: 'rollout.planned',
      rollout: `${about.revision.slice(0, 12)}-${about.arrival}-${solution}` as RolloutId,
      revision: about.revision,
      arrival: about.arrival,
      planDigest: plan.digest,
      desiredDigest: planned?.desiredDigest ?? asked,
      targets: planned?.targets ?? {},
      changes: planned?.changes ?? [],
    }),
  );
  items.push(...kept);
  // What stood still gets a new round of tries; what was done already is not done again.
  if (wasOpen)
    items.push(inSolution(solution, { kind: 'rollout.phase', phase: 'progressing', reason: null }));
  return items;
}

/** Remembered, so that it goes out when its provider does; and what it stays at is not what its files ask for. */
function keptBack(state: State, plan: Plan, solution: SolutionName): Item[] {
  for (const { element, failed, reason } of plan.staying) {
    if (splitElementKey(element).solution !== solution) continue;
    const other = failed
      .map((one) => splitElementKey(one.element).solution)
      .find((name) => name !== solution);
    const quarantine = other === undefined ? null : state.tables.solutions.get(other)?.quarantine;
    if (other === undefined || quarantine == null) continue;
    const { revision, arrival } = quarantine.cause ?? quarantine;
    const cause = { solution: other, revision, arrival };
    return [
      inSolution(solution, {
        kind: 'quarantine.began',
        cause,
        reason: safe(`stays with ${other}: ${reason}`),
      }),
    ];
  }
  return [];
}

/** What the model does not ask for any more need not be kept out. */
function release(state: State, standing: SolutionState | undefined, { desired, revision }: About): Item[] {
  if (standing?.quarantine == null) return [];
  const model = desired.solutions.get(standing.name) ?? null;
  const clusters = noLongerAsked(model, standing);
  const isOver = clusters.length === standing.quarantine.clusters.length;
  const isNew =
    model?.digest !== standing.quarantine.desiredDigest ||
    isCauseGone(standing, desired.solutions, state.tables.solutions);
  if (clusters.length === 0 && !(isOver && isNew)) return [];
  const reason = safe(`${revision.slice(0, 7)} does not ask for it`);
  return [inSolution(standing.name, { kind: 'quarantine.ended', clusters, reason })];
}

/** Whether a rollout is owed where nothing is left to do: what stood still ends, and what failed stays so until one succeeds. */
function isOwed(standing: SolutionState | undefined, wasOpen: boolean): boolean {
  if (standing === undefined) return false;
  if (wasOpen) return standing.elements.size > 0;
  return isUnwell(standing.rollout?.phase) && !standing.detached;
}

export function isUnwell(phase: Phase | undefined): boolean {
  return phase === 'failed' || phase === 'reverted' || phase === 'blocked';
}

/** What was under way in the solution ends with its verdict; its tracks are inherited by the next. */
function supersede(state: State, solution: SolutionName, by: Revision): Item[] {
  const current = state.tables.solutions.get(solution);
  if (current?.rollout == null || !isOpen(current)) return [];
  const { revision, arrival, id } = current.rollout;
  const { phase } = current.rollout;
  const hasFailed = phase === 'reverting';
  const reason = safe(
    hasFailed
      ? `${current.rollout.reason ?? 'failed'}; ${by.slice(0, 7)} came before it was back`
      : `${by.slice(0, 7)} came after it`,
  );
  const items: Item[] = [
    inSolution(
      solution,
      hasFailed ? { kind: 'rollout.ended', phase: 'failed', reason } : { kind: 'rollout.superseded', reason },
    ),
  ];
  const known = state.domain.revisions.get(revision);
  if (known !== undefined && scopeOf(known).includes(solution) && !(solution in known.verdicts)) {
    items.push(
      inDomain({
        kind: 'verdict.given',
        revision,
        arrival,
        solution,
        verdict: hasFailed ? 'failed' : 'superseded',
        reason,
        rollout: id,
      }),
    );
  }
  return items;
}

function verdict(
  about: { readonly revision: Revision; readonly arrival: number },
  solution: SolutionName | '*',
  rollout: RolloutId | null,
): Item {
  return inDomain({
    kind: 'verdict.given',
    revision: about.revision,
    arrival: about.arrival,
    solution,
    verdict: 'applied',
    reason: null,
    rollout,
  });
}
