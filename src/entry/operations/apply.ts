import { callControl } from '../../adapters/control/client.js';
import type { Revision } from '../../core/base/names.js';
import type { RevisionState } from '../../core/rollout/domain.js';
import { isFinal, scopeOf } from '../../core/rollout/domain.js';
import { verdictOf } from '../../core/rollout/verdicts.js';
import type { State } from '../../core/journal/fold.js';
import type { JournalRecord } from '../../core/journal/record.js';
import type { Engine } from '../../engine/engine.js';
import type { ApplyHooks, ApplyRequest, ApplyView, Progress, RolloutView } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { claimPath, readClaim } from '../../core/status/claim.js';
import { readFile, statusRef } from '../../engine/status-branch.js';
import type { Location } from './place.js';
import { locate } from './place.js';
import { preparePlan } from './plan.js';
import { openSession } from './session.js';
import { isModelFile } from './model-files.js';
import { sourceLines } from './source-lines.js';

/** One reconciliation until a verdict; beside a daemon it follows what is under way. */
export async function apply(version: string, request: ApplyRequest, hooks: ApplyHooks): Promise<ApplyView> {
  const location = await locate(request);
  const { repository } = location;
  const uncommitted = await repository.workTree?.uncommitted({
    folders: [location.folder],
    accepts: isModelFile,
  });
  if (uncommitted !== undefined && uncommitted.length > 0) hooks.uncommitted(uncommitted);
  const tip = await tipOf(location);
  const asked = request.revision === null ? tip : await repository.resolve(request.revision);
  if (asked === null)
    throw new Failure(
      'revision.unknown',
      `there is no commit ${request.revision ?? ''}`,
      'Name a commit, a branch or a tag.',
    );
  if (asked !== tip) return notTip(location, asked, tip);
  try {
    return (
      (await follow(location, tip, request, hooks)) ??
      (await reconcileHere(version, location, tip, request, hooks))
    );
  } finally {
    await repository.close();
  }
}

async function tipOf(location: Location): Promise<Revision> {
  const { repository, config } = location;
  const head = await repository.refs.head();
  // Recorded with the claim: a checkout never moves it.
  const claimed = config.branch ?? (await claimedBranch(location));
  const ref = claimed === null ? head.branch : `refs/heads/${claimed}`;
  const tip = ref === null ? head.oid : await repository.refs.read(ref);
  if (tip === null)
    throw new Failure(
      'branch.empty',
      'there is no commit yet',
      'Commit the model: git add --all && git commit -m "First model"',
    );
  return tip as Revision;
}

async function claimedBranch({ repository, domain }: Location): Promise<string | null> {
  const tip = await repository.refs.read(statusRef);
  const text = tip === null ? null : await readFile(repository.source, tip, claimPath(domain));
  const reading = text === null ? null : readClaim(text);
  return reading?.kind === 'claim' ? reading.claim.branch : null;
}

function notTip(location: Location, asked: Revision, tip: Revision): ApplyView {
  return {
    revision: asked,
    ending: 'notTip',
    verdict: 'superseded',
    rollouts: [],
    revertCommit: null,
    pullRequest: null,
    reason: `the tip is ${tip.slice(0, 7)}`,
    diagnostics: [],
    sourceLine: sourceLines(location),
  };
}

/** Null: there is no daemon. */
async function follow(
  location: Location,
  tip: Revision,
  request: ApplyRequest,
  hooks: ApplyHooks,
): Promise<ApplyView | null> {
  const replies = await callControl(location.stateDir, {
    verb: 'follow',
    revision: tip,
    timeoutMs: request.timeoutMs,
  });
  if (replies === null) return null;
  const abort = once(request.signal);
  const iterator = replies[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), abort]);
    if (next === 'aborted' || next.done === true) break;
    const reply = next.value as {
      kind: string;
      controller?: string;
      progress?: Progress;
      view?: Omit<ApplyView, 'sourceLine'>;
    };
    if (reply.kind === 'following') hooks.following(reply.controller ?? '');
    else if (reply.kind === 'progress' && reply.progress) hooks.progress(reply.progress);
    else if (reply.kind === 'ended' && reply.view) {
      void iterator.return?.();
      return { ...reply.view, sourceLine: sourceLines(location) };
    }
  }
  void iterator.return?.();
  if (request.signal.aborted) throw interrupted();
  throw new Failure(
    'control.lost',
    'the daemon ended while it was followed',
    'Start it again with heliostat run, or apply again.',
  );
}

function once(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

function interrupted(): Failure {
  return new Failure(
    'interrupted',
    'interrupted: what was begun runs on',
    'Go on with heliostat apply; take everything down with heliostat down.',
    130,
  );
}

async function reconcileHere(
  version: string,
  location: Location,
  tip: Revision,
  request: ApplyRequest,
  hooks: ApplyHooks,
): Promise<ApplyView> {
  const planned = await preparePlan(version, location, { revision: tip, preview: true });
  if (!(await hooks.approve(planned)))
    return { ...notTip(location, tip, tip), ending: 'declined', verdict: 'pending', reason: null };
  const session = await openSession(
    location,
    { version, takeover: request.takeover, log: 'file', level: 'info' },
    'heliostat apply',
  );
  try {
    const { engine } = session;
    const untold = tellProgress(engine, hooks.progress);
    const ending = await until(engine, request);
    untold();
    if (ending === 'interrupted') throw interrupted();
    if (engine.stoppedBecause !== null)
      throw new Failure('engine.stopped', engine.stoppedBecause, 'Look: heliostat status. Then apply again.');
    await written(engine);
    return { ...applyView(engine.core.state, tip, ending), sourceLine: sourceLines(location) };
  } finally {
    await session.close();
  }
}

type Ending = 'verdict' | 'timeout' | 'interrupted';

async function until(engine: Engine, request: Pick<ApplyRequest, 'timeoutMs' | 'signal'>): Promise<Ending> {
  const waits: Promise<Ending>[] = [
    engine.until(() => isThere(engine)).then(() => 'verdict' as const),
    once(request.signal).then(() => 'interrupted' as const),
  ];
  let timer: NodeJS.Timeout | undefined;
  if (request.timeoutMs !== null)
    waits.push(
      new Promise((resolve) => (timer = setTimeout(() => resolve('timeout'), request.timeoutMs ?? 0))),
    );
  const ending = await Promise.race(waits);
  clearTimeout(timer);
  return ending;
}

/** The tip has its verdict, or waits for a person; and with it everything that it concerns is quiet. */
export function isThere(engine: Engine): boolean {
  const { state } = engine.core;
  if (!engine.hasLooked || engine.tips.busy) return false;
  if (engine.lastLook?.kind === 'forced' || engine.lastLook?.kind === 'deleted') return true;
  const known = state.domain.tip === null ? undefined : state.domain.revisions.get(state.domain.tip);
  if (known === undefined) return engine.lastLook?.kind === 'unavailable';
  if (isFinal(known) && engine.isSettled) return true;
  const verdict = verdictOf(known, state.domain, state.tables.solutions);
  return (
    verdict === 'held' &&
    scopeOf(known).every(
      (scoped) =>
        scoped in known.verdicts ||
        scoped === '*' ||
        state.tables.solutions.get(scoped)?.rollout?.phase === 'paused',
    )
  );
}

/** Waits for the status commit that says it. */
export async function written(engine: Engine): Promise<void> {
  const { clock } = engine.core.ports;
  const giveUpAt = clock.monoMs() + 10_000;
  if (!engine.status.isIdle && engine.core.branch.isClaimed) void engine.status.write();
  await engine.until(
    () =>
      engine.status.isIdle ||
      !engine.core.branch.isClaimed ||
      clock.monoMs() > giveUpAt ||
      engine.status.problem !== null,
  );
}

/** What `apply` answers, from the state. */
export function applyView(
  state: State,
  revision: Revision,
  ending: 'verdict' | 'timeout',
): Omit<ApplyView, 'sourceLine'> {
  const tip = state.domain.tip ?? revision;
  const known = state.domain.revisions.get(tip);
  const verdict = known === undefined ? 'pending' : verdictOf(known, state.domain, state.tables.solutions);
  const heldBy = [...state.domain.holds.values()][0];
  return {
    revision: tip,
    ending,
    verdict: heldBy !== undefined && verdict !== 'rejected' ? 'held' : verdict,
    rollouts: known === undefined ? [] : rolloutsOf(state, known),
    revertCommit: null,
    pullRequest: null,
    reason: reasonOf(state, known) ?? heldBy?.hold.reason ?? null,
    diagnostics: known?.diagnostics ?? [],
  };
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
  return open.find((reason) => reason) ?? null;
}

/** One line for each thing that happens, with how much of it is done. */
export function tellProgress(engine: Engine, tell: (progress: Progress) => void): () => void {
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
    const elements = [...engine.core.state.tables.solutions.values()].flatMap((solution) => [
      ...solution.elements.values(),
    ]);
    const open = elements.filter((element) => element.track !== null);
    const what =
      entry.kind === 'operation.begun'
        ? entry.transition
        : entry.kind === 'instance.healthy'
          ? 'healthy'
          : entry.kind === 'instance.draining'
            ? 'drains'
            : (entry.phase ?? '');
    tell({
      solution: null,
      phase: entry.phase ?? null,
      done: open.filter((element) => element.track?.done === true).length,
      total: open.length,
      message: `${what ?? ''} ${entry.instance?.split('/').slice(1).join('/') ?? ''}`.trim(),
    });
  };
  engine.core.followers.add(follower);
  return () => engine.core.followers.delete(follower);
}
