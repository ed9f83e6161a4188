import { serveControl } from '../../adapters/control/server.js';
import type { Respond } from '../../adapters/control/server.js';
import { createWatcher } from '../../adapters/watch/index.js';
import type { OperatorRequest } from '../../ports/operator.js';
import { currentStatus } from '../../engine/answer.js';
import { countersOf } from '../../engine/counters.js';
import { eventView } from '../../core/status/event.js';
import type { Engine } from '../../engine/engine.js';
import type { RunHooks, RunRequest } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { inOrderOfGoing } from './going.js';
import { applyView, isThere, rolloutsSucceeded, tellProgress, written } from './ending.js';
import { locate } from './place.js';
import type { Session } from './session.js';
import { openSession } from './session.js';

/** The daemon: watches, reconciles and repairs until it is asked to end; what it runs goes on. */
export async function run(version: string, request: RunRequest, hooks: RunHooks): Promise<void> {
  const location = await locate(request);
  const session = await openSession(
    location,
    { version, takeover: request.takeover, log: 'file', level: 'info' },
    'heliostat run',
  );
  const { engine } = session;
  const control = await serveControl(location.stateDir, (message, respond) =>
    converse(session, message, respond),
  );
  const branch = engine.tips.branch;
  const watcher = await createWatcher({
    repository: location.repository,
    ref: `refs/heads/${branch}`,
    onTip: () => engine.core.inbox.push({ kind: 'tip' }),
  });
  const follower = (record: Parameters<typeof eventView>[1]): void =>
    hooks.event(eventView(location.domain, record));
  engine.core.followers.add(follower);
  request.signal.addEventListener('abort', () => engine.core.inbox.push({ kind: 'shutdown' }), {
    once: true,
  });
  if (request.signal.aborted) engine.core.inbox.push({ kind: 'shutdown' });
  try {
    await engine.until(() => engine.isReady);
    if (!engine.isStopped)
      hooks.ready({
        domain: location.domain,
        branch,
        controller: session.wired.options.controller,
        dashboard: null,
      });
    await session.ended;
    if (engine.stoppedBecause !== null)
      throw new Failure(
        'engine.stopped',
        engine.stoppedBecause,
        'Look: heliostat status. Then start it again.',
      );
    await written(engine);
    hooks.ended(inOrderOfGoing(engine.core.state).length);
  } finally {
    await watcher.close();
    await control.close();
    await session.close();
  }
}

/** One caller of the control socket. */
function converse(session: Session, message: unknown, respond: Respond): void {
  const { engine, location } = session;
  const request = message as { verb?: unknown; revision?: unknown; timeoutMs?: number | null };
  const finish = (reply: unknown): void => {
    respond.send(reply);
    respond.end();
  };
  switch (request.verb) {
    case 'follow':
      void followTip(engine, request, respond);
      return;
    case 'watch':
      return watch(engine, respond);
    case 'counters':
      void durableCounters(session).then(finish);
      return;
    case 'events': {
      const follower = (record: Parameters<typeof eventView>[1]): void =>
        respond.send(eventView(location.domain, record));
      engine.core.followers.add(follower);
      respond.cancel.onCancel(() => engine.core.followers.delete(follower));
      return;
    }
    case 'status':
    case 'resume':
    case 'retry':
    case 'release':
    case 'detach':
    case 'down':
    case 'shutdown':
      engine.core.inbox.push({ kind: 'request', request: message as OperatorRequest, answer: finish });
      return;
    default:
      return finish({
        error: {
          code: 'control.unknown',
          message: `this daemon does not know ${String(request.verb)}`,
          fix: 'Use one version of Heliostat for both.',
        },
      });
  }
}

/** Answered once all that was decided before the question is durable, the answer included. */
async function durableCounters({ engine, wired }: Session): Promise<unknown> {
  const counters = { ...countersOf(engine), documentsParsed: wired.reader.counters().parsed };
  const { core } = engine;
  const appended = core.journal.append([], {
    epoch: core.branch.epoch,
    at: Math.round(core.now()),
    wallMs: core.ports.clock.wallMs(),
  });
  if (appended.ok) await appended.synced;
  return counters;
}

async function followTip(
  engine: Engine,
  { revision, timeoutMs }: { readonly revision?: unknown; readonly timeoutMs?: number | null },
  respond: Respond,
): Promise<void> {
  respond.send({ kind: 'following', controller: engine.core.options.controller });
  const untold = tellProgress(engine, (progress) => respond.send({ kind: 'progress', progress }));
  const before = rolloutsSucceeded(engine.core.state);
  const { down, tip } = engine.core.state.domain;
  engine.tips.look(down && tip === revision);
  const timer =
    timeoutMs == null
      ? null
      : new Promise<'timeout'>((resolve) => setTimeout(() => resolve('timeout'), timeoutMs).unref());
  const there = engine.until(() => isThere(engine)).then(() => 'verdict' as const);
  const ending = await (timer === null ? there : Promise.race([there, timer]));
  untold();
  // What is told is on the status branch as well, for whoever looks there next.
  if (ending === 'verdict') await written(engine);
  if (!engine.isStopped)
    respond.send({
      kind: 'ended',
      view: applyView(engine.core.state, engine.core.state.domain.tip ?? ('' as never), ending, before),
    });
  respond.end();
}

/** The present status, and again whenever something happened; at most a few times a second. */
function watch(engine: Engine, respond: Respond): void {
  let due = false;
  const send = (): void => {
    due = false;
    respond.send(currentStatus(engine));
  };
  const follower = (): void => {
    if (due) return;
    due = true;
    setTimeout(send, 100).unref();
  };
  send();
  engine.core.followers.add(follower);
  respond.cancel.onCancel(() => engine.core.followers.delete(follower));
}
