import type { Item } from '../core/journal/entry.js';
import { statusView } from '../core/status/summary.js';
import type { ConditionView, StatusView } from '../core/status/view.js';
import type { Engine } from './engine.js';
import type { EngineEvent } from './inbox.js';
import type { FoundRequest } from './found-request.js';
import { unaccounted } from './orphans.js';
import { steer } from './requests.js';
import type { Steered, Steering } from './steered.js';
import { nothing } from './steered.js';
import { answeredItem, heardOnBranch } from './written-requests.js';
import { statusRewritten } from './status-branch.js';
import type { StopCause } from './stopped.js';
import { codeOfStop } from './stopped.js';

/** Answers a person who asks, or does what is asked and says what follows. */
export async function answerRequest(
  engine: Engine,
  event: Extract<EngineEvent, { kind: 'request' }>,
  record: (items: readonly Item[]) => Promise<boolean>,
): Promise<void> {
  const { request, answer } = event;
  switch (request.verb) {
    case 'status':
      return answer(currentStatus(engine));
    case 'follow':
      return answer({ tip: engine.core.state.domain.tip, accepted: engine.core.state.domain.accepted });
    case 'shutdown':
      answer({ done: true, message: 'the controller ends; everything that it runs goes on' });
      return engine.stop(null);
    case 'pause':
    case 'abort':
    case 'promote':
    case 'restart':
    case 'resume':
    case 'retry':
    case 'release':
    case 'detach':
    case 'down': {
      const steered = steeredBy(engine, request);
      const recorded = await record(steered.items);
      if (steered.again) engine.tips.look(true);
      return answer({
        done: steered.done && recorded,
        message: recorded ? steered.message : (engine.stoppedBecause ?? 'not possible now'),
      });
    }
  }
}

function steeredBy(engine: Engine, request: Steering): Steered {
  const steered = steer(engine.core, request);
  const isOrphans = request.verb === 'release' && request.hold === unaccounted && steered.done;
  return isOrphans ? { ...steered, items: [...steered.items, ...engine.orphans.release()] } : steered;
}

/** Takes up what people have written on the status branch: each is done, or refused with a reason, once. */
export async function answerWritten(
  engine: Engine,
  found: readonly FoundRequest[],
  record: (items: readonly Item[]) => Promise<boolean>,
): Promise<void> {
  const { core } = engine;
  for (const one of found) {
    const heard = heardOnBranch(core, one);
    if (heard === null) continue;
    const steered = 'refused' in heard ? nothing(heard.refused) : steeredBy(engine, heard.request);
    if (!(await record([...steered.items, answeredItem(core, one, steered)]))) return;
    if (steered.again) engine.tips.look(true);
  }
  engine.requests.handled();
}

export function currentStatus(engine: Engine): StatusView {
  const { core } = engine;
  const { domain } = core.state;
  return statusView(core.state, core.facts, {
    controller: {
      name: domain.controller ?? core.options.controller,
      epoch: domain.epoch,
      sinceMs: domain.epoch === 0 ? null : domain.claimedSince,
      running: true,
    },
    observedAtMs: core.ports.clock.wallMs(),
    conditions: [...stopConditions(engine), ...core.troubles.conditions()],
  });
}

/** A controller that has stopped by itself does nothing more, whatever else it could say. */
function stopConditions({ core, stopped }: Engine): ConditionView[] {
  if (stopped === null) return [];
  const { cause, message, sinceWallMs } = stopped;
  return [
    {
      type: 'stopped',
      reason: codeOfStop(cause),
      message: `nothing is done, and what runs goes on: ${message}`,
      sinceMs: sinceWallMs,
      command: wayOut(cause, core.domain),
    },
  ];
}

function wayOut(cause: StopCause, domain: string): string {
  switch (cause) {
    case 'journal':
    case 'claim':
      return 'heliostat doctor';
    case 'rewritten':
      return `heliostat approve ${statusRewritten} --domain ${domain} --reason TEXT`;
    case 'taken':
      return `heliostat run --takeover --domain ${domain}`;
    case 'bug':
      return 'heliostat run';
  }
}
