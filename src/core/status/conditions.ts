import { byCodeUnit } from '../base/order.js';
import type { DomainName } from '../base/names.js';
import { isoTime } from '../base/time.js';
import type { State } from '../journal/fold.js';
import type { Facts } from '../rollout/facts.js';
import type { Pause } from '../rollout/pause.js';
import { contains, pausedName } from '../rollout/pause.js';
import type { ElementState, SolutionState } from '../rollout/state.js';
import { currentStep, isAwaited } from '../rollout/steps.js';
import { returnCommand } from '../rollout/held-back.js';
import { neighbourhoodIn, stillToEnd } from '../rollout/together.js';
import { revertConditions } from './quarantined.js';
import type { ConditionView } from './view.js';

/** What is not as it should be in a solution, for people, each with the command that mends it. */
export function conditionsOf(state: State, solution: SolutionState, facts: Facts): ConditionView[] {
  const target = `${state.domain.name}/${solution.name}`;
  const conditions: ConditionView[] = [];
  if (solution.detached)
    conditions.push({
      type: 'detached',
      reason: 'detached',
      message: 'let go by an operator: it runs on, nothing is done to it',
      sinceMs: solution.detachedSinceWallMs ?? 0,
      command: `heliostat resume ${target} --reason TEXT`,
    });
  for (const pause of state.domain.pauses ?? [])
    if (pause.target !== '*' && contains(solution.name, pause.target))
      conditions.push(pauseCondition(state.domain.name, pause));
  for (const stale of state.domain.stale) {
    if (stale.solution !== solution.name) continue;
    conditions.push({
      type: 'stale',
      reason: stale.code,
      message: `stale since ${stale.since.slice(0, 7)}: ${stale.code}; its last accepted model goes on`,
      sinceMs: state.domain.revisions.get(stale.since)?.seenWallMs ?? 0,
      command: 'heliostat validate',
    });
  }
  const { rollout } = solution;
  if (rollout?.phase === 'paused' || rollout?.phase === 'failed') {
    conditions.push({
      type: rollout.phase,
      reason: rollout.phase,
      message: `${rollout.revision.slice(0, 7)}: ${rollout.reason ?? rollout.phase}`,
      sinceMs: rollout.startedWallMs,
      command:
        rollout.phase === 'paused'
          ? wayOn(solution, state.domain.name)
          : `heliostat retry ${target} --reason TEXT`,
    });
  }
  conditions.push(...revertConditions(state, solution), ...waitConditions(state, solution));
  for (const element of [...solution.elements.values()].sort((a, b) => byCodeUnit(a.name, b.name)))
    conditions.push(...elementConditions(element, target, facts));
  return conditions;
}

/** What lets a rollout go on that waits for a person. */
export function wayOn(solution: SolutionState, domain: DomainName): string {
  const { name, rollout } = solution;
  if (rollout?.heldBack !== undefined) return returnCommand(domain, name);
  return `heliostat ${isToPromote(solution) ? 'promote' : 'resume'} ${domain}/${name} --reason TEXT`;
}

/** Nothing of its own is left to be done. */
function waitConditions({ domain, tables }: State, solution: SolutionState): ConditionView[] {
  const [first] = stillToEnd(solution, neighbourhoodIn(tables));
  if (first === undefined || solution.rollout === null) return [];
  const { name } = first;
  return [
    {
      type: 'waiting',
      reason: 'together',
      message: `done, and applied only together with ${name}: should that go back, this goes back with it`,
      sinceMs: solution.rollout.startedWallMs,
      command: `heliostat status ${domain.name}/${name}`,
    },
  ];
}

/** Nothing else than a promotion lets it go on. */
function isToPromote({ elements }: SolutionState): boolean {
  const states = [...elements.values()].flatMap((element) => {
    const step = currentStep(element) === null ? undefined : element.track?.step;
    return Object.values(step?.gates ?? {}).map(({ state }) => state);
  });
  return (
    [...elements.values()].some(isAwaited) && !states.includes('unmeasurable') && !states.includes('failed')
  );
}

/** What a person has stopped, until when, and how it goes on before that. */
export function pauseCondition(domain: DomainName, pause: Pause): ConditionView {
  const { target, who, reason, sinceWallMs, untilWallMs } = pause;
  const until = untilWallMs === null ? 'until somebody resumes it' : `until ${isoTime(untilWallMs)}`;
  const name = pausedName(domain, target);
  return {
    type: 'paused',
    reason: 'operator',
    message: `${name} is paused by ${who} ${until}: ${reason}; nothing is rolled out or repaired`,
    sinceMs: sinceWallMs,
    untilMs: untilWallMs,
    command: `heliostat resume ${name} --reason TEXT`,
  };
}

function restartCondition({ name, restart, target, clusters }: ElementState, where: string): ConditionView[] {
  if (restart == null) return [];
  const wanted = new Map((target?.clusters ?? []).map(({ key, size }) => [key, size]));
  const left = [...clusters.values()].flatMap(({ key, instances }) =>
    [...instances.values()].filter(
      ({ ordinal, lifecycle, activeSince }) =>
        lifecycle === 'active' && ordinal < (wanted.get(key) ?? 0) && (activeSince ?? 0) < restart.at,
    ),
  ).length;
  return [
    {
      type: 'restarting',
      reason: 'operator',
      message: `${name}: restarted one instance at a time by ${restart.who}: ${restart.reason}; ${left} to go`,
      sinceMs: restart.sinceWallMs,
      command: `heliostat abort ${where}/${name} --reason TEXT`,
    },
  ];
}

function elementConditions(element: ElementState, target: string, facts: Facts): ConditionView[] {
  const conditions: ConditionView[] = restartCondition(element, target);
  if (element.drift !== null) {
    conditions.push({
      type: 'drift',
      reason: 'drift',
      message: `${element.name}: ${element.drift}`,
      sinceMs: element.driftSinceWallMs ?? 0,
      command: `heliostat resume ${target}/${element.name} --reason TEXT`,
    });
  }
  for (const listener of element.listeners.values()) {
    if (listener.failure === null) continue;
    conditions.push({
      type: 'unroutable',
      reason: 'gateway',
      message: `${element.name}, port ${listener.port}: ${listener.failure}`,
      sinceMs: listener.failingSinceWallMs ?? 0,
      command: null,
    });
  }
  for (const cluster of element.clusters.values()) {
    for (const instance of cluster.instances.values()) {
      const where = `${element.name} ${cluster.definition.version} #${instance.ordinal}`;
      const foreign = facts.seen(instance.id).foreignHome;
      if (foreign !== null) {
        conditions.push({
          type: 'held',
          reason: 'resource.foreignHome',
          message: `${where} belongs to ${foreign}`,
          sinceMs: instance.foreignSinceWallMs ?? 0,
          command: 'heliostat apply --takeover',
        });
      }
      if (instance.trouble !== null) {
        const { transition, failures, reason, exhausted, sinceWallMs } = instance.trouble;
        conditions.push({
          type: exhausted ? 'failing' : 'retrying',
          reason: transition,
          message: `${where}: ${transition} failed ${failures === 1 ? 'once' : `${failures} times`}: ${reason}`,
          sinceMs: sinceWallMs ?? 0,
          command: `heliostat logs ${target}/${element.name}`,
        });
      }
    }
  }
  return conditions;
}
