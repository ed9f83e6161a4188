import type { Item } from '../core/journal/entry.js';
import { inDomain, inSolution } from '../core/journal/entry.js';
import { isWritten } from '../core/journal/unwritten.js';
import { decideSolution } from '../core/rollout/solution.js';
import type { RevisionState } from '../core/rollout/domain.js';
import { decideReturnHolds } from '../core/rollout/held-back.js';
import { decideReverts } from '../core/rollout/revert.js';
import { decideVerdicts } from '../core/rollout/verdicts.js';
import { cancelSource } from '../ports/clock.js';
import type { Engine } from './engine.js';
import {
  interruptedItems,
  measuredItems,
  noteObserved,
  noteOutcome,
  noteProbed,
  outcomeItems,
  routedItems,
} from './events.js';
import type { EngineEvent } from './inbox.js';
import { judge } from './judge.js';
import { overdue } from './pauses.js';
import { rolloutItems } from './rollout-items.js';
import { answerRequest, answerWritten, currentStatus } from './answer.js';

/**
 * The whole flow. What happens — a commit, an outcome, an observation, a deadline, a person — enters by
 * the inbox; pure functions decide; what was decided is journaled, evolved and then performed; the
 * performing answers by the inbox. Everything else in this folder is a detail of one of these lines.
 */
export async function reconcile(engine: Engine): Promise<void> {
  // It has lost, or never got, the domain while it booted.
  if (engine.isStopped) return;
  // What was under way when the last incarnation ended: nobody knows how it ended.
  if (!(await record(engine, interruptedItems(engine.core)))) return;
  // What the last incarnation did not come to write, a verdict perhaps, is a reason to act.
  if (!isWritten(engine.core.state.unwritten) && !(await engine.claim())) return;
  engine.start();
  while (!engine.isStopped) {
    for (const event of await engine.core.inbox.take()) {
      if (engine.isStopped) refuse(engine, event);
      else await handle(engine, event);
    }
    await settle(engine);
    await engine.takeBack();
    engine.pauses.wake();
    engine.observer.flush();
    engine.tellTroubles();
    engine.status.schedule();
    engine.reporter?.schedule();
    engine.turned();
  }
  for (const event of engine.core.inbox.rest()) refuse(engine, event);
}

/** Who has stopped does nothing more, least of all when another has taken over; but nobody is left waiting. */
function refuse(engine: Engine, event: EngineEvent): void {
  engine.noteWritten(event);
  if (event.kind !== 'request') return;
  if (event.request.verb === 'status') return event.answer(currentStatus(engine));
  event.answer({ done: false, message: engine.stoppedBecause ?? 'the controller has ended' });
}

/** What one event means: facts noted, entries recorded. */
async function handle(engine: Engine, event: EngineEvent): Promise<void> {
  const { core, observer, tips, status } = engine;
  switch (event.kind) {
    case 'tip':
      return tips.look();
    case 'judged':
      await record(engine, judge(core, tips, event.judged));
      return engine.judged(event.judged);
    case 'outcome':
      if (await record(engine, outcomeItems(core, event))) noteOutcome(core, observer, event);
      return;
    case 'routed':
      await record(engine, routedItems(core, event));
      return;
    case 'observed':
      return noteObserved(core, observer, event);
    case 'probed':
      return noteProbed(core, observer, event);
    case 'changed':
      for (const id of event.instances) observer.ask(id);
      return;
    case 'alarm':
      return engine.rang(event.key);
    case 'request':
      return answerRequest(engine, event, (items) => record(engine, items));
    case 'measured':
      await record(engine, measuredItems(core, event));
      return;
    case 'evidence':
      await record(engine, [inSolution(event.solution, { kind: 'evidence.found', lines: event.lines })]);
      return;
    case 'reverted':
      if (event.end !== null)
        await record(engine, [inDomain({ ...event.end, ...named(event), kind: 'revert.ended' })]);
      engine.reverter.answered(event.revision);
      return event.end === null ? undefined : tips.look();
    case 'written':
      if (event.commit !== null) engine.recorder.record([status.writtenItem(event.commit)]);
      return status.answered();
    case 'told':
      return engine.reporter?.answered(event.told);
    case 'orphans':
      await record(engine, engine.orphans.noted(event.orphans, event.unanswered));
      return;
    case 'routes':
      await record(engine, engine.listeners.items(event));
      return;
    case 'unrouted':
      return engine.listeners.released(event.key, event.outcome.kind === 'done');
    case 'orphanEnded': {
      const reason = event.outcome.kind === 'done' ? null : core.ports.redact(event.outcome.message);
      await record(engine, [
        inDomain({ kind: 'orphan.ended', instance: event.instance, outcome: event.outcome.kind, reason }),
      ]);
      return void engine.orphans.look();
    }
    case 'said':
      return answerWritten(engine, event.found, (items) => record(engine, items));
    case 'claimSeen':
      return engine.claimSeen(event.problem, event.away);
    case 'fenced':
      return engine.stop(event.reason, event.cause);
    case 'shutdown':
      return engine.stop(null);
  }
}

/** After so many elements whatever else waits has its turn, so that no commit is noticed later than by some 10 ms. */
const decidedAtATime = 100;
const unhurried = cancelSource().cancel;

/** Decides whatever is dirty until nothing more follows. */
async function settle(engine: Engine): Promise<void> {
  const { core } = engine;
  const { clock } = core.ports;
  await record(engine, overdue(core.state, clock.wallMs()));
  let decided = 0;
  while (!core.dirty.isEmpty && !engine.isStopped) {
    for (const { solution, elements } of core.dirty.take()) {
      const state = core.state.tables.solutions.get(solution);
      if (state === undefined) continue;
      const decision = decideSolution(core.domain, state, elements, core.facts);
      for (const wake of decision.wakes)
        core.alarms.setEarlier(`element:${wake.element}`, core.monoAt(wake.at));
      // Before the next solution is decided: ports and places on contexts are shared by all.
      if (!(await record(engine, rolloutItems(solution, decision)))) return;
      decided += elements.size;
      if (decided < decidedAtATime) continue;
      decided = 0;
      await clock.sleepUntil(clock.monoMs(), unhurried);
    }
    const { domain, tables } = core.state;
    await record(engine, decideVerdicts(domain, tables.solutions).map(inDomain));
    await record(engine, decideReturnHolds(core.state.domain, tables.solutions).map(inDomain));
    await record(engine, decideReverts(core.state.domain, tables.solutions).map(inDomain));
  }
}

function named({ revision, arrival }: Pick<RevisionState, 'revision' | 'arrival'>) {
  return { revision, arrival };
}

/** The first thing that an incarnation has to record is preceded by its claim. False: it may not act. */
async function record(engine: Engine, items: readonly Item[]): Promise<boolean> {
  if (items.length === 0) return true;
  if (!(await engine.claim())) return false;
  engine.recorder.record(items);
  if (items.some((item) => item.entry.kind === 'verdict.given')) engine.status.hurry();
  return true;
}
