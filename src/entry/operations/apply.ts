import { callControl } from '../../adapters/control/client.js';
import type { Revision } from '../../core/base/names.js';
import type { Engine } from '../../engine/engine.js';
import type { ApplyHooks, ApplyRequest, ApplyView, Progress } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { whenAborted } from './daemon.js';
import { interrupted } from './failures.js';
import { inOrderOfGoing } from './going.js';
import type { Location } from './place.js';
import { locate, makeStateFolder } from './place.js';
import { heldByPause, pausedBeyond } from './long-pause.js';
import { preparePlan } from './plan.js';
import { openSession } from './session.js';
import { isModelFile } from './model-files.js';
import { sourceLines } from './source-lines.js';
import {
  applyView,
  isThere,
  rolloutsSucceeded,
  tellProgress,
  toldOnForge,
  untoldOnForge,
  written,
} from './ending.js';
import { tipOf } from './tip-of.js';

/** One reconciliation until a verdict; beside a daemon it follows what is under way. */
export async function apply(version: string, request: ApplyRequest, hooks: ApplyHooks): Promise<ApplyView> {
  const location = await locate(request);
  const { repository } = location;
  const uncommitted = await repository.workTree?.uncommitted({
    folders: [location.folder],
    accepts: isModelFile,
  });
  if (uncommitted !== undefined && uncommitted.length > 0) hooks.uncommitted(uncommitted);
  await refuseUnseen(location);
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

/** What is the tip cannot be told, and what becomes of it could not be written. */
async function refuseUnseen({ repository }: Location): Promise<void> {
  const away = (await repository.refs.away?.()) ?? null;
  if (away === null) return;
  throw new Failure(
    away.code,
    `${away.message}; nothing was done, since the tip cannot be told, nor its verdict written`,
    'Apply again when the remote can be reached. What runs goes on: heliostat status',
  );
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
  const abort = whenAborted(request.signal);
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
  if (request.signal.aborted) throw interrupted(null);
  throw new Failure(
    'control.lost',
    'the daemon ended while it was followed',
    'Start it again with heliostat run, or apply again.',
  );
}

async function reconcileHere(
  version: string,
  location: Location,
  tip: Revision,
  request: ApplyRequest,
  hooks: ApplyHooks,
): Promise<ApplyView> {
  // What is parsed for the plan is then in the cache of the run that follows.
  await makeStateFolder(location);
  const planned = await preparePlan(version, location, { revision: tip, preview: 'small' });
  if (!(await hooks.approve(planned)))
    return { ...notTip(location, tip, tip), ending: 'declined', verdict: 'pending', reason: null };
  const session = await openSession(
    location,
    { version, takeover: request.takeover, log: 'file', level: 'info' },
    'heliostat apply',
  );
  try {
    const { engine } = session;
    const succeeded = rolloutsSucceeded(engine.core.state);
    // What was taken down by hand comes back by a commit, or by being asked for.
    const { domain } = engine.core.state;
    if (domain.down && domain.tip === tip) engine.tips.look(true);
    const untold = tellProgress(engine, hooks.progress);
    const endsAtMs = lastMoment(engine, request);
    const ending = await until(engine, request, endsAtMs);
    untold();
    if (ending === 'interrupted') throw interrupted(inOrderOfGoing(engine.core.state).length);
    if (engine.lastLook?.kind === 'unavailable')
      throw new Failure(
        'revision.unreadable',
        engine.lastLook.message,
        'Look with git fsck; fetch what is missing.',
      );
    if (engine.stoppedBecause !== null)
      throw new Failure('engine.stopped', engine.stoppedBecause, 'Look: heliostat status. Then apply again.');
    await written(engine);
    await toldOnForge(engine);
    for (const message of untoldOnForge(engine)) hooks.progress({ ...nothingMore, message });
    const view = {
      ...applyView(engine.core.state, tip, ending, succeeded),
      sourceLine: sourceLines(location),
    };
    const pauseEnd = endsAtMs === null ? null : pausedBeyond(engine, endsAtMs);
    return pauseEnd === null || view.verdict !== 'progressing' ? view : heldByPause(view, pauseEnd);
  } finally {
    await session.close();
  }
}

/** Milliseconds since 1970, behind which nobody waits for a pause; null: whoever asked waits for all. */
function lastMoment(engine: Engine, { endsAtPause, timeoutMs }: ApplyRequest): number | null {
  return endsAtPause === true && timeoutMs !== null ? engine.core.ports.clock.wallMs() + timeoutMs : null;
}

const nothingMore = { solution: null, phase: null, done: 0, total: 0 };

type Ending = 'verdict' | 'timeout' | 'interrupted';

async function until(
  engine: Engine,
  request: Pick<ApplyRequest, 'timeoutMs' | 'signal'>,
  endsAtMs: number | null,
): Promise<Ending> {
  const isOver = (): boolean =>
    isThere(engine) || (endsAtMs !== null && pausedBeyond(engine, endsAtMs) !== null);
  const waits: Promise<Ending>[] = [
    engine.until(isOver).then(() => 'verdict' as const),
    whenAborted(request.signal).then(() => 'interrupted' as const),
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
