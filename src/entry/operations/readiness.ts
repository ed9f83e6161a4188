import type { Keeper } from '../../engine/keeper.js';
import type { Engine } from '../../engine/engine.js';
import { codeOfStop } from '../../engine/stopped.js';
import type { Health, HealthPath } from './health.js';

/** A loop that has not come round for so long is stuck; when it is idle it does every second. */
const longestTurnMs = 60_000;

type Reason = Health['reasons'][number];

/** What a supervisor may be told of the daemon; null: it is starting. */
export function healthOf(path: HealthPath, keeper: Keeper | null): Health {
  if (keeper === null)
    return path === '/healthz'
      ? { ok: true, state: 'starting', reasons: [] }
      : { ok: false, state: 'starting', reasons: [{ code: 'engine.starting', message: 'it is starting' }] };
  return path === '/healthz' ? liveness(keeper) : readiness(keeper);
}

/** Whether to start it again would help: not while it waits for what has to pass. */
function liveness(keeper: Keeper): Health {
  if (keeper.isWaiting) return { ok: true, state: 'waiting', reasons: [] };
  const { engine } = keeper;
  const idleMs = engine.core.ports.clock.monoMs() - engine.turnedAt;
  if (idleMs <= longestTurnMs) return { ok: true, state: 'running', reasons: [] };
  const message = `its loop has not come round for ${Math.round(idleMs / 1000)} s`;
  return { ok: false, state: 'stuck', reasons: [{ code: 'engine.stuck', message }] };
}

function readiness(keeper: Keeper): Health {
  const reasons = reasonsOf(keeper.engine);
  const ok = reasons.length === 0;
  return { ok, state: ok ? 'ready' : keeper.isWaiting ? 'waiting' : 'notReady', reasons };
}

function reasonsOf(engine: Engine): Reason[] {
  const { core, stopped } = engine;
  if (stopped !== null) return [{ code: codeOfStop(stopped.cause), message: stopped.message }];
  if (engine.isStopped) return [{ code: 'engine.stopped', message: 'it was asked to end' }];
  const reasons: Reason[] = [];
  const { failure } = core.journal;
  if (failure !== null) reasons.push({ code: 'journal.disk', message: 'the journal cannot be written' });
  if (!engine.hasLooked) reasons.push({ code: 'tip.unseen', message: 'the tip was not looked at yet' });
  for (const { type, reason, message } of core.troubles.conditions())
    if (type === 'unreachable') reasons.push({ code: reason, message });
  if (!engine.wasReady && reasons.length === 0)
    reasons.push({ code: 'instances.unseen', message: 'not every instance was observed yet' });
  return reasons;
}
