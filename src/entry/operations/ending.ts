import type { Revision, RolloutId, SolutionName } from '../../core/base/names.js';
import type { State } from '../../core/journal/fold.js';
import type { JournalRecord } from '../../core/journal/record.js';
import type { RevisionState } from '../../core/rollout/domain.js';
import { isFinal, scopeOf } from '../../core/rollout/domain.js';
import { pausedName, pauseOfRollout } from '../../core/rollout/pause.js';
import { wayOn } from '../../core/status/conditions.js';
import { neighbourhoodIn, stillToEnd } from '../../core/rollout/together.js';
import { verdictOf } from '../../core/rollout/verdicts.js';
import type { Engine } from '../../engine/engine.js';
import { aboutPause } from '../../engine/pause-requests.js';
import { isAtRest } from '../../engine/rest.js';
import type { ApplyView, Progress, RolloutView } from '../cli/operations.js';

/** The tip has its verdict, or waits for a person; and with it everything that it concerns is quiet. */
export function isThere(engine: Engine): boolean {
  const { state } = engine.core;
  if (!engine.hasLooked || engine.tips.busy || engine.requests.busy) return false;
  if (engine.lastLook?.kind === 'forced' || engine.lastLook?.kind === 'deleted') return true;
  const known = state.domain.tip === null ? undefined : state.domain.revisions.get(state.domain.tip);
  if (known === undefined) return engine.lastLook?.kind === 'unavailable';
  if (isFinal(known) && engine.isSettled) return true;
  const verdict = verdictOf(known, state.domain, state.tables.solutions);
  return (
    (verdict === 'held' || verdict === 'progressing') &&
    scopeOf(known).every(
      (scoped) =>
        scoped in known.verdicts ||
        scoped === '*' ||
        state.tables.solutions.get(scoped)?.rollout?.phase === 'paused' ||
        standsStill(engine, scoped) ||
        heldElsewhere(state, scoped) !== null,
    )
  );
}

/** It is done itself, and is applied only with others that wait for a person: which, and why. Null: it is not so. */
function heldElsewhere({ tables, domain }: State, name: SolutionName): string | null {
  const solution = tables.solutions.get(name);
  const others = solution === undefined ? [] : stillToEnd(solution, neighbourhoodIn(tables));
  const held = others.find(
    (other) => other.rollout?.phase === 'paused' || pauseOfRollout(domain.pauses ?? [], other) !== null,
  );
  if (held === undefined) return null;
  return `${name} is done, and applied only together with ${held.name}: ${held.rollout?.reason ?? 'it is paused'}`;
}

/** A person has paused what is to be done, and nothing more follows before the end of that. */
function standsStill({ core }: Engine, name: SolutionName): boolean {
  const solution = core.state.tables.solutions.get(name);
  return (
    solution !== undefined &&
    pauseOfRollout(core.state.domain.pauses ?? [], solution) !== null &&
    [...solution.elements.values()].every((element) => isAtRest(element, core.facts))
  );
}

/** Waits for the status commit that says it; `happened`: without what is merely seen to be otherwise than it says. */
export async function written(engine: Engine, what: 'all' | 'happened' = 'all'): Promise<void> {
  const { clock } = engine.core.ports;
  const giveUpAt = clock.monoMs() + 10_000;
  if (!engine.status.isIdle && engine.core.branch.isClaimed) void engine.status.write();
  await engine.until(
    () =>
      engine.status.isIdle ||
      (what === 'happened' && engine.status.hasToldWhatHappened) ||
      !engine.core.branch.isClaimed ||
      clock.monoMs() > giveUpAt ||
      engine.status.problem !== null,
  );
}

/** Waits for what the forge is to be told, as long as it answers. */
export async function toldOnForge(engine: Engine): Promise<void> {
  const { reporter, core } = engine;
  if (reporter === null) return;
  const { clock } = core.ports;
  const giveUpAt = clock.monoMs() + 60_000;
  reporter.tell();
  await engine.until(() => reporter.isIdle || clock.monoMs() > giveUpAt);
}

/** Why it could not be told there. */
export function untoldOnForge({ core }: Engine): string[] {
  return core.troubles
    .conditions()
    .filter(({ reason }) => reason.startsWith('forge.'))
    .map(({ message }) => message);
}

export function rolloutsSucceeded(state: State): ReadonlySet<RolloutId> {
  return new Set([...state.logs.values()].flatMap(({ id, phase }) => (phase === 'succeeded' ? [id] : [])));
}

/** What `apply` answers, from the state. */
export function applyView(
  state: State,
  revision: Revision,
  ending: 'verdict' | 'timeout',
  before: ReadonlySet<RolloutId>,
): Omit<ApplyView, 'sourceLine'> {
  const tip = endedWith(state, revision);
  const known = state.domain.revisions.get(tip);
  const verdict = known === undefined ? 'pending' : verdictOf(known, state.domain, state.tables.solutions);
  const heldBy = [...state.domain.holds.values()].find(
    ({ hold, revision }) => revision === tip || hold.id.startsWith('branch.'),
  );
  const waiting = known === undefined || verdict !== 'progressing' ? null : heldScope(state, known);
  return {
    revision: tip,
    ending,
    verdict: (heldBy !== undefined && verdict !== 'rejected') || waiting !== null ? 'held' : verdict,
    // What had come about before is no work of this apply.
    rollouts: known === undefined ? [] : rolloutsOf(state, known).filter(({ id }) => !before.has(id)),
    revertCommit: known?.revert?.commit ?? null,
    pullRequest: known?.revert?.pullRequest?.url ?? null,
    reason: reasonOf(state, known) ?? heldBy?.hold.reason ?? waiting,
    command: heldBy?.hold.command ?? (known === undefined ? null : commandOf(state, known)),
    diagnostics: known?.diagnostics ?? [],
  };
}

/** What leads on from the first gate at which a person is waited for. */
function commandOf({ domain, tables }: State, known: RevisionState): string | null {
  const open = scopeOf(known).flatMap((scoped) =>
    scoped === '*' || scoped in known.verdicts ? [] : (tables.solutions.get(scoped) ?? []),
  );
  const waited = open.flatMap((solution) => stillToEnd(solution, neighbourhoodIn(tables)));
  for (const solution of [...open, ...waited]) {
    if (solution.rollout?.phase === 'paused') return wayOn(solution, domain.name);
    const pause = pauseOfRollout(domain.pauses ?? [], solution);
    if (pause !== null) return `heliostat resume ${pausedName(domain.name, pause.target)} --reason TEXT`;
  }
  return null;
}

/** Null: something of it goes on by itself. */
function heldScope(state: State, known: RevisionState): string | null {
  const open = scopeOf(known).filter((scoped) => !(scoped in known.verdicts));
  const held = open.map((scoped) => (scoped === '*' ? null : heldElsewhere(state, scoped)));
  return held.every((reason) => reason !== null) ? (held[0] ?? null) : null;
}

/** The tip; but what it takes back is what was waited for, if it came to be the tip only meanwhile. */
function endedWith({ domain }: State, revision: Revision): Revision {
  const tip = domain.tip ?? revision;
  const reverted = [...domain.revisions.values()].find(({ revert }) => revert?.commit === tip);
  return reverted === undefined || tip === revision ? tip : reverted.revision;
}

function rolloutsOf(state: State, known: RevisionState): RolloutView[] {
  return [...state.logs.values()]
    .filter((log) => log.revision === known.revision && log.arrival === known.arrival)
    .map((log) => ({
      id: log.id,
      solution: log.solution,
      phase: log.phase,
      durationMs: (log.endedWallMs ?? Date.now()) - log.startedWallMs,
      steps: log.steps.map(({ transition, instance, outcome }) => ({ transition, instance, outcome })),
    }));
}

function reasonOf(state: State, known: RevisionState | undefined): string | null {
  if (known === undefined) return null;
  const given = Object.values(known.verdicts).find((verdict) => verdict.reason !== null)?.reason;
  if (given) return given;
  const open = scopeOf(known).map((scoped) =>
    scoped === '*' ? null : state.tables.solutions.get(scoped)?.rollout?.reason,
  );
  return open.find((reason) => reason) ?? pausedReason(state, known);
}

function pausedReason(state: State, known: RevisionState): string | null {
  for (const scoped of scopeOf(known)) {
    const solution = scoped === '*' ? undefined : state.tables.solutions.get(scoped);
    if (solution === undefined || scoped in known.verdicts) continue;
    const pause = pauseOfRollout(state.domain.pauses ?? [], solution);
    if (pause !== null) return aboutPause({ domain: state.domain.name }, pause);
  }
  return null;
}

/** One line for each thing that happens, with how much of it is done. */
export function tellProgress(engine: Engine, tell: (progress: Progress) => void): () => void {
  const tracks = trackCounter(engine);
  const follower = (record: JournalRecord): void => {
    const entry = record.entry as {
      kind: string;
      transition?: string;
      instance?: string;
      phase?: Progress['phase'];
    };
    if (
      ![
        'operation.begun',
        'rollout.phase',
        'rollout.ended',
        'instance.healthy',
        'instance.draining',
      ].includes(entry.kind)
    )
      return;
    const what =
      entry.kind === 'operation.begun'
        ? entry.transition
        : entry.kind === 'instance.healthy'
          ? 'healthy'
          : entry.kind === 'instance.draining'
            ? 'drains'
            : '';
    tell({
      solution: null,
      phase: entry.phase ?? null,
      ...tracks(entry.kind === 'rollout.ended'),
      message: `${what ?? ''} ${entry.instance?.split('/').slice(1).join('/') ?? ''}`.trim(),
    });
  };
  engine.core.followers.add(follower);
  return () => engine.core.followers.delete(follower);
}

const countEveryMs = 100;

/** How many elements are under way and done; counting all at each line would cost the square of their number. */
function trackCounter(engine: Engine): (anew: boolean) => { readonly done: number; readonly total: number } {
  let counted = { done: 0, total: 0 };
  let countedAt = Number.NEGATIVE_INFINITY;
  return (anew) => {
    if (!anew && performance.now() - countedAt < countEveryMs) return counted;
    const counts = { done: 0, total: 0 };
    for (const solution of engine.core.state.tables.solutions.values()) {
      for (const { track } of solution.elements.values()) {
        if (track === null) continue;
        counts.total++;
        if (track.done) counts.done++;
      }
    }
    countedAt = performance.now();
    return (counted = counts);
  };
}
