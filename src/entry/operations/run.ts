import { isMap, type Json } from '../../core/base/data.js';
import { quoted } from '../../core/model/quote.js';
import { serveControl } from '../../adapters/control/server.js';
import type { Respond } from '../../adapters/control/server.js';
import { currentStatus } from '../../engine/answer.js';
import { countersOf } from '../../engine/counters.js';
import { eventView } from '../../core/status/event.js';
import type { Engine } from '../../engine/engine.js';
import { Keeper } from '../../engine/keeper.js';
import type { Revision } from '../../core/base/names.js';
import type { RunHooks, RunRequest } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { heardRequest } from '../../engine/heard-request.js';
import { inOrderOfGoing } from './going.js';
import { healthAddress, serveHealth } from './health.js';
import { healthOf } from './readiness.js';
import { applyView, isThere, rolloutsSucceeded, tellProgress, written } from './ending.js';
import { readSource } from '../../adapters/secrets/sources.js';
import type { Watcher } from '../../adapters/watch/index.js';
import type { Location } from './place.js';
import { locate } from './place.js';
import type { Ground } from './session.js';
import { stopOnBug, takeGround } from './session.js';
import { watchTip } from './watch-tip.js';
import { serveWebhook, type WebhookServer } from './webhook.js';

/** The daemon: watches, reconciles and repairs until it is asked to end; what it runs goes on. */
export async function run(version: string, request: RunRequest, hooks: RunHooks): Promise<void> {
  const at = request.healthListen === null ? null : healthAddress(request.healthListen);
  const location = await locate(request);
  // Before anything can fail: a supervisor that asks is told what is missing.
  const daemon: { keeper: Keeper | null } = { keeper: null };
  const health = at === null ? null : await serveHealth(at, (path) => healthOf(path, daemon.keeper));
  if (health !== null) hooks.listening(health.url);
  try {
    const ground = await takeGround(
      location,
      { version, takeover: request.takeover, log: 'file', level: 'info' },
      'heliostat run',
    );
    try {
      await keep(ground, request, hooks, (keeper) => (daemon.keeper = keeper));
    } finally {
      await ground.leave();
    }
  } finally {
    await health?.close();
  }
}

/** One daemon, however many incarnations of its controller follow each other. */
async function keep(
  ground: Ground,
  request: RunRequest,
  hooks: RunHooks,
  begun: (keeper: Keeper) => void,
): Promise<void> {
  const { location, wired } = ground;
  const { branch } = ground.engine.tips;
  let wasReady = false;
  const ready = (): void => {
    if (wasReady) return hooks.goesOn();
    wasReady = true;
    const { controller } = wired.options;
    hooks.ready({ domain: location.domain, branch, controller, dashboard: null });
  };
  const keeper = new Keeper(ground.engine, {
    clock: wired.ports.clock,
    boot: (accept) => ground.again(accept),
    began: (engine) => {
      engine.core.followers.add((record) => hooks.event(eventView(location.domain, record)));
      void engine.until(() => engine.isReady).then(() => (engine.isStopped ? undefined : ready()));
    },
    waits: (stopped) => {
      const [condition] = currentStatus(keeper.engine).conditions;
      hooks.waits({ message: stopped.message, command: condition?.command ?? null });
    },
  });
  begun(keeper);
  const { commonDir, workTree } = location.repository;
  const control = await serveControl(
    location.stateDir,
    (message, respond) => converse({ keeper, ground }, message, respond),
    { repository: workTree?.root ?? commonDir, domain: location.domain },
  );
  const watcher = await watchTip(location, `refs/heads/${branch}`, () => keeper.push({ kind: 'tip' }));
  const webhook = await hear(location, watcher, hooks);
  request.signal.addEventListener('abort', () => keeper.push({ kind: 'shutdown' }), { once: true });
  if (request.signal.aborted) keeper.push({ kind: 'shutdown' });
  const ended = keeper.run();
  stopOnBug(ended, () => keeper.engine);
  try {
    await ended;
    const { engine } = keeper;
    if (engine.stopped !== null && !keeper.isEnding)
      throw new Failure(
        'engine.stopped',
        engine.stopped.message,
        'Look: heliostat status. Then start it again.',
      );
    if (engine.stopped === null) await written(engine);
    hooks.ended(inOrderOfGoing(engine.core.state).length);
  } finally {
    await webhook?.close();
    await watcher.close();
    await control.close();
    keeper.engine.stop(null);
    await keeper.engine.close();
  }
}

/** Null: nobody is to tell us anything. */
async function hear({ config }: Location, watcher: Watcher, hooks: RunHooks): Promise<WebhookServer | null> {
  if (config.webhook === null) return null;
  const { host, port, secret: from } = config.webhook;
  const secret = readSource(from, process.env);
  if (secret.kind === 'problem')
    throw new Failure(secret.code, `webhook.secret: ${secret.message}`, secret.fix);
  const server = await serveWebhook({
    host,
    port,
    secret: secret.value,
    hint: () => watcher.hint(),
    now: () => performance.now(),
  });
  hooks.hearing(server.url);
  return server;
}

interface Daemon {
  readonly keeper: Keeper;
  readonly ground: Ground;
}

/** One caller of the control socket. */
function converse(daemon: Daemon, message: unknown, respond: Respond): void {
  const { keeper, ground } = daemon;
  const { engine } = keeper;
  const request: { verb?: unknown; revision?: unknown; timeoutMs?: unknown } = isMap(message as Json)
    ? (message as object)
    : {};
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
      void durableCounters(daemon).then(finish);
      return;
    case 'events': {
      const follower = (record: Parameters<typeof eventView>[1]): void =>
        respond.send(eventView(ground.location.domain, record));
      engine.core.followers.add(follower);
      respond.cancel.onCancel(() => engine.core.followers.delete(follower));
      // The next incarnation is asked anew.
      void engine.until(() => false).then(() => respond.end());
      return;
    }
    case 'status':
    case 'pause':
    case 'abort':
    case 'promote':
    case 'restart':
    case 'resume':
    case 'retry':
    case 'release':
    case 'detach':
    case 'down':
    case 'shutdown': {
      const heard = heardRequest(message);
      if (heard !== null && 'verb' in heard) {
        keeper.push({ kind: 'request', request: heard, answer: finish });
        return;
      }
      return finish({
        error: {
          code: 'control.malformed',
          message: `this daemon does not understand that: ${heard?.wrong ?? 'a verb is missing'}`,
          fix: 'Use one version of Heliostat for both.',
        },
      });
    }
    default:
      return finish({
        error: {
          code: 'control.unknown',
          message: `this daemon does not know ${quoted(JSON.stringify(request.verb) ?? 'nothing')}`,
          fix: 'Use one version of Heliostat for both.',
        },
      });
  }
}

/** Answered once all that was decided before the question is durable, the answer included. */
async function durableCounters({ keeper, ground }: Daemon): Promise<unknown> {
  const { engine } = keeper;
  const counters = { ...countersOf(engine), documentsParsed: ground.wired.reader.counters().parsed };
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
  { revision, timeoutMs: wished }: { readonly revision?: unknown; readonly timeoutMs?: unknown },
  respond: Respond,
): Promise<void> {
  // A timer takes no more; whoever asks for longer, or for no number at all, waits for the end.
  const timeoutMs = typeof wished === 'number' && wished >= 0 && wished < 2 ** 31 ? wished : null;
  respond.send({ kind: 'following', controller: engine.core.options.controller });
  const untold = tellProgress(engine, (progress) => respond.send({ kind: 'progress', progress }));
  const before = rolloutsSucceeded(engine.core.state);
  const { down, tip } = engine.core.state.domain;
  const asked = (typeof revision === 'string' ? revision : (tip ?? '')) as Revision;
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
      view: applyView(engine.core.state, asked, ending, before),
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
  void engine
    .until(() => false)
    .then(() => {
      send();
      respond.end();
    });
  engine.core.followers.add(follower);
  respond.cancel.onCancel(() => engine.core.followers.delete(follower));
}
