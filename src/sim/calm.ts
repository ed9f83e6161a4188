import type { OperatorRequest } from '../ports/operator.js';
import type { Engine } from '../engine/engine.js';
import type { Stage } from './stage.js';
import { Violation } from './watcher.js';

/** Rounds of help by people, and of events, after which nothing more is hoped for. */
const rounds = 8;
const patience = 60_000;

/** No fault and no act any more. People do what a condition tells them to; then everything must be at rest and stay so. */
export async function calm(stage: Stage): Promise<void> {
  const { world } = stage;
  world.faults.isCalm = true;
  for (const incarnation of world.incarnations) incarnation.pausedUntil = 0;
  world.technology.badReleases.clear();
  for (const resource of world.technology.resources.values()) resource.sick = false;
  if (stage.installations.every(({ isOff }) => isOff)) stage.active.on(true);
  world.tell((watcher) => watcher.calmed?.());
  for (let round = 0; round < rounds; round++) {
    await rest(stage);
    if (!help(stage)) return;
  }
  throw new Violation(
    14,
    `still needs help after ${rounds} rounds: ${needs(stage).map(describe).join('; ')}`,
  );
}

/** Until nothing has changed for as long as two polls, and the engine says that it is at rest. */
async function rest(stage: Stage): Promise<void> {
  const { world, script } = stage;
  let steps = world.steps;
  let since = world.now;
  for (let events = 0; events < patience; events++) {
    if (!(await world.step())) throw new Violation(14, 'nobody is there any more');
    if (world.steps !== steps) {
      steps = world.steps;
      since = world.now;
    }
    if (world.now - since >= 2 * script.pollMs + 1_000 && isQuiet(stage)) return;
  }
  throw new Violation(14, `no rest within ${patience} events: ${stateOf(stage)}`);
}

function isQuiet(stage: Stage): boolean {
  const engine = engineOf(stage);
  return engine !== null && engine.isSettled && engine.status.isIdle;
}

export function engineOf(stage: Stage): Engine | null {
  const { current } = stage.active;
  return current === null || current.dead ? null : current.engine;
}

/** What a condition asks people to do. */
export function needs(stage: Stage): OperatorRequest[] {
  const engine = engineOf(stage);
  if (engine === null) return [];
  const who = { who: 'ada', reason: 'mended' };
  const { state } = engine.core;
  const requests: OperatorRequest[] = [];
  for (const hold of state.domain.holds.values())
    requests.push({ verb: 'release', hold: hold.hold.id, ...who });
  for (const solution of state.tables.solutions.values()) {
    const phase = solution.rollout?.phase;
    const target = `prod/${solution.name}`;
    if (phase === 'paused' || solution.detached) requests.push({ verb: 'resume', target, ...who });
    else if (phase === 'failed') requests.push({ verb: 'retry', target, ...who });
    for (const element of solution.elements.values())
      if (element.drift !== null) requests.push({ verb: 'resume', target: `prod/${element.key}`, ...who });
  }
  return requests;
}

/** False: nobody needs help. */
function help(stage: Stage): boolean {
  const engine = engineOf(stage);
  const requests = needs(stage);
  for (const request of requests)
    engine?.core.inbox.push({
      kind: 'request',
      request,
      answer: (reply) => stage.world.note(JSON.stringify(reply)),
    });
  return requests.length > 0;
}

function describe(request: OperatorRequest): string {
  return `${request.verb} ${'target' in request ? request.target : 'hold' in request ? request.hold : ''}`;
}

function stateOf(stage: Stage): string {
  const engine = engineOf(stage);
  const { lastRefusal } = stage.active;
  if (engine === null) return `no engine (${lastRefusal ?? 'not started'})`;
  return `settled ${engine.isSettled}, idle ${engine.status.isIdle}, ready ${engine.isReady}`;
}
