import type { Revision } from '../core/base/names.js';
import { pausedName } from '../core/rollout/pause.js';
import { standbyUntil } from '../core/rollout/standby.js';
import { isAwaited } from '../core/rollout/steps.js';
import { viewElement } from '../core/rollout/view.js';
import type { Engine } from '../engine/engine.js';
import { lookIntervalMs } from '../engine/orphans.js';
import { isAtRest } from '../engine/rest.js';
import type { OperatorRequest } from '../ports/operator.js';
import { unlikeAsked } from './invariants/rest.js';
import type { Stage } from './stage.js';
import { Violation } from './watcher.js';
import { publish } from './workload/acts.js';
import { ask } from './workload/acts-operator.js';

/** Rounds of help by people, and of events, after which nothing more is hoped for. */
const rounds = 8;
const patience = 60_000;
/** After so long the next round of tries has begun, whatever was tried before. */
const nextRoundMs = 20 * 60_000;

/** No fault and no act any more. People do what a condition tells them to; then everything must be at rest and stay so. */
export async function calm(stage: Stage): Promise<void> {
  const { world } = stage;
  world.faults.isCalm = true;
  world.remote?.comeBack();
  for (const incarnation of world.incarnations) world.resume(incarnation);
  world.technology.badReleases.clear();
  world.technology.uselessReleases.clear();
  for (const resource of world.technology.resources.values()) resource.sick = false;
  if (stage.installations.every(({ isOff }) => isOff)) stage.active.on(true);
  world.tell((watcher) => watcher.calmed?.());
  for (let round = 0; round < rounds; round++) {
    await rest(stage);
    if (!help(stage)) return again(stage);
  }
  throw new Violation(14, `still needs help after ${rounds} rounds: ${stateOf(stage)}`);
}

/** At rest a controller that looks again, or starts anew, finds nothing to do. */
async function again(stage: Stage): Promise<void> {
  const { world, script, active } = stage;
  world.tell((watcher) => watcher.again?.());
  if (script.seed % 2 === 0) active.kill('process', 0);
  else engineOf(stage)?.core.inbox.push({ kind: 'tip' });
  await rest(stage, 0);
}

/** Until nothing has changed for as long as two polls, or until all that is ours was listed again, and the engine is at rest or says what it needs. */
async function rest(stage: Stage, listedMs = lookIntervalMs + 2_000): Promise<void> {
  const { world, script } = stage;
  let steps = world.steps;
  let since = world.now;
  for (let events = 0; events < patience; events++) {
    if (!(await world.step())) throw new Violation(14, 'nobody is there any more');
    if (world.steps !== steps) {
      steps = world.steps;
      since = world.now;
    }
    if (world.now - since < Math.max(2 * script.pollMs + 1_000, listedMs)) continue;
    // What was tried in vain is tried again after a while.
    if (isQuiet(stage) && unlikeAsked(stage) !== null && world.now - since < nextRoundMs) continue;
    if (needs(stage).length > 0 || isTurnedAway(stage)) return;
    // The end of a standby is a change that nobody has to ask for.
    if (isQuiet(stage) && !endsSoon(stage)) return;
  }
  throw new Violation(14, `no rest within ${patience} events: ${stateOf(stage)}`);
}

function isQuiet(stage: Stage): boolean {
  const engine = engineOf(stage);
  return engine !== null && engine.isSettled && engine.status.isIdle && isTold(engine);
}

/** What the forge did not take is tried again after a while; what it refuses is not. */
function isTold({ reporter, core }: Engine): boolean {
  if (reporter === null) return true;
  return reporter.isIdle && !core.troubles.conditions().some(({ reason }) => reason === 'forge.away');
}

/** Soon: whose clock was set back keeps it for longer than anybody looks. */
function endsSoon(stage: Stage): boolean {
  const core = engineOf(stage)?.core;
  const soon = (core?.ports.clock.wallMs() ?? 0) + nextRoundMs;
  return [...(core?.state.tables.solutions.values() ?? [])].some(({ elements }) =>
    [...elements.values()].some((element) => (standbyUntil(element) ?? Infinity) < soon),
  );
}

export function engineOf(stage: Stage): Engine | null {
  return stage.engine;
}

const noPath = 'plan.noPath';

/** What a condition asks people to do, other than to commit. */
export function needs(stage: Stage): OperatorRequest[] {
  const engine = engineOf(stage);
  if (engine === null) return [];
  const who = { who: 'ada', reason: 'mended' };
  const { state } = engine.core;
  const requests: OperatorRequest[] = [];
  for (const hold of state.domain.holds.keys())
    if (hold !== noPath) requests.push({ verb: 'release', hold, ...who });
  for (const pause of state.domain.pauses ?? [])
    requests.push({ verb: 'resume', target: pausedName('prod', pause.target), ...who });
  for (const solution of state.tables.solutions.values()) {
    const phase = solution.rollout?.phase;
    const target = `prod/${solution.name}`;
    if (phase === 'paused' && [...solution.elements.values()].some(isAwaited))
      requests.push({ verb: 'promote', target, ...who });
    else if (phase === 'paused' || solution.detached) requests.push({ verb: 'resume', target, ...who });
    else if (phase === 'failed' || phase === 'blocked' || solution.quarantine !== null)
      requests.push({ verb: 'retry', target, ...who });
    for (const element of solution.elements.values())
      if (element.drift !== null) requests.push({ verb: 'resume', target: `prod/${element.key}`, ...who });
  }
  return requests;
}

/** The tip was rejected, or no step leads to it: only another commit helps. */
function isTurnedAway(stage: Stage): boolean {
  const domain = engineOf(stage)?.core.state.domain;
  if (domain === undefined || domain.tip === null) return false;
  return domain.holds.has(noPath) || domain.revisions.get(domain.tip)?.state === 'rejected';
}

/** False: nobody needs help. */
function help(stage: Stage): boolean {
  const engine = engineOf(stage);
  const requests = needs(stage);
  for (const request of requests) ask(stage, request);
  // A forced branch is let go on first: a commit on top of it would have to be let go on anew.
  const isForced = engine?.core.state.domain.holds.has('branch.forced') === true;
  if (isForced || !isTurnedAway(stage)) return requests.length > 0;
  mend(stage);
  publish(stage, 'mend');
  return true;
}

/** What is accepted is asked for again; where no step leads to that either, what stands in its way is cleared. */
function mend({ author, engine }: Stage): void {
  const state = engine?.core.state;
  const accepted = state?.domain.accepted ?? null;
  const known = accepted === null ? null : author.expectations.of(accepted);
  const isTried = known !== null && author.mistake === null && author.model === known.model;
  if (!isTried || state?.domain.holds.has(noPath) !== true) return author.mend(known);
  const behind = [...state.tables.solutions.values()].filter(
    ({ desiredDigest, rollout }) => desiredDigest === null || rollout?.phase !== 'succeeded',
  );
  author.clear(new Set(behind.map(({ name }) => name)));
}

function stateOf(stage: Stage): string {
  const engine = engineOf(stage);
  const { lastRefusal } = stage.active;
  if (engine === null) return `no engine (${lastRefusal ?? 'not started'})`;
  const { core, stoppedBecause } = engine;
  const { domain, tables } = core.state;
  const solutions = [...tables.solutions.values()].map(
    ({ name, rollout, detached }) =>
      `${name} ${detached ? 'detached' : ''} ${rollout?.phase ?? '-'} ${rollout?.reason ?? ''}`,
  );
  return [
    `settled ${engine.isSettled}, idle ${engine.status.isIdle}, ready ${engine.isReady}`,
    `stopped ${stoppedBecause ?? 'no'}, holds ${[...domain.holds.keys()].join(' ')}`,
    `tip ${domain.tip ?? '-'} ${domain.revisions.get(domain.tip as Revision)?.state ?? ''}`,
    `unlike what is asked: ${unlikeAsked(stage) ?? 'nothing'}`,
    `under way ${engine.executor.underWay}, dirty ${!core.dirty.isEmpty}`,
    ...solutions,
    ...restless(engine),
  ].join('; ');
}

/** Elements that are not at rest, and their instances. */
function restless({ core }: Engine): string[] {
  return [...core.state.tables.solutions.values()].flatMap((solution) =>
    [...solution.elements.values()]
      .filter((element) => !isAtRest(element, core.facts))
      .map((element) => {
        const { instances, whole } = viewElement(element, core.facts);
        const all = instances.map(
          ({ state, wanted, healthy, seen }) =>
            `${state.id} ${state.lifecycle} → ${wanted} ${healthy ? 'healthy' : 'not healthy'} seen ${seen.presence}/${seen.state}/${seen.health} ${state.operation?.transition ?? ''}`,
        );
        return `${element.key} whole ${whole} [${all.join(', ')}]`;
      }),
  );
}
