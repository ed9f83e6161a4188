import { promoteOf } from '../core/base/canary.js';
import { safe } from '../core/base/safe-text.js';
import type { Item } from '../core/journal/entry.js';
import { inSolution } from '../core/journal/entry.js';
import { abortEntry, goBackEntry } from '../core/rollout/fail.js';
import { decideBack } from '../core/rollout/go-back.js';
import { isOpen } from '../core/rollout/mode.js';
import { pauseOver, pauseTarget } from '../core/rollout/pause.js';
import { currentStep, isAwaited } from '../core/rollout/steps.js';
import type { ElementState, SolutionState } from '../core/rollout/state.js';
import type { Core } from './core.js';
import { aboutPause } from './pause-requests.js';
import { goingAlong, rolloutItems } from './rollout-items.js';
import type { Request, Steered, Target } from './steered.js';
import { acted, nothing } from './steered.js';

/** Gives up what is under way: a rollout, and restarts that a person asked for. */
export function abort(core: Core, request: Request<'abort'>, target: Target): Steered {
  const solution = core.state.tables.solutions.get(target.solution);
  if (solution === undefined) return nothing(`there is no ${target.solution} here`);
  const why = safe(`aborted by ${core.ports.redact(request.who)}: ${core.ports.redact(request.reason)}`);
  const restarts = elementsOf(solution, target)
    .filter(({ restart }) => restart != null)
    .map(({ name }) => inSolution(solution.name, { kind: 'restart.ended', element: name, reason: why }));
  const rollout = rolloutEnd(core, solution, { request, target, why });
  if (typeof rollout === 'string' && restarts.length === 0) return nothing(rollout);
  const items: Item[] = [acted(core, request, target), ...restarts];
  if (typeof rollout !== 'string') items.push(...rollout.items);
  const said = [
    ...(restarts.length > 0 ? [`no more of ${request.target} is restarted`] : []),
    ...(typeof rollout === 'string' ? [] : [rollout.message]),
  ];
  return { items, message: said.join('; '), done: true, again: false };
}

/** A text: why there is none. */
function rolloutEnd(
  core: Core,
  solution: SolutionState,
  {
    request: { revert },
    target: { element },
    why,
  }: { readonly request: Request<'abort'>; readonly target: Target; readonly why: ReturnType<typeof safe> },
): { readonly items: readonly Item[]; readonly message: string } | string {
  const { name } = solution;
  if (!isOpen(solution)) return `no rollout of ${name} is under way`;
  if (element !== null) return `a rollout is one of a whole solution: abort ${name}`;
  if (!revert)
    return {
      items: [inSolution(name, abortEntry(solution, why))],
      message: `the rollout of ${name} is given up: what runs stays until the next commit that changes it`,
    };
  if (solution.rollout?.phase === 'reverting') return `${name} is on its way back already`;
  const back = goBackEntry(solution, why);
  if (back === null) return `${name} has nothing to go back to; without --revert what runs stays as it is`;
  const decision = decideBack(solution, [back], core.facts);
  const along = goingAlong(decision);
  return {
    items: rolloutItems(name, decision),
    message: `${name} goes back to ${solution.lastStable?.revision.slice(0, 7) ?? 'what was stable'}${along.length === 0 ? '' : `, and ${along.join(', ')} with it`}`,
  };
}

/** What is on a step need not wait for a person any more; what waits goes on. */
export function promote(core: Core, request: Request<'promote'>, target: Target): Steered {
  const solution = core.state.tables.solutions.get(target.solution);
  if (solution === undefined) return nothing(`there is no ${target.solution} here`);
  const promotable = elementsOf(solution, target).filter(isPromotable);
  if (!isOpen(solution) || promotable.length === 0)
    return nothing(whyNothing(core, request, solution, target));
  const items: Item[] = [
    acted(core, request, target),
    ...promotable.map(({ name }) => inSolution(solution.name, { kind: 'step.promoted', element: name })),
  ];
  const { rollout } = solution;
  // What is paused for another reason waits for another word.
  const stands = rollout?.phase === 'paused' && !promotable.some(isAwaited);
  if (rollout?.phase === 'paused' && !stands)
    items.push(inSolution(solution.name, { kind: 'rollout.phase', phase: 'progressing', reason: null }));
  const name = promotable.map((element) => element.name).join(', ');
  const pause = pauseOver(core.state.domain.pauses ?? [], pauseTarget(target.solution, target.element));
  const rest = stands
    ? `; but its rollout is paused: ${rollout.reason ?? 'no reason given'}; heliostat resume ${core.domain}/${solution.name} --reason TEXT`
    : pause === null
      ? ''
      : `; but not before ${aboutPause({ domain: core.state.domain.name }, pause)}`;
  const what = promotable.every(isAwaited) ? 'goes on' : 'goes on without a person once its steps are passed';
  return { items, message: `${name} of ${solution.name} ${what}${rest}`, done: true, again: false };
}

/** On a step, and nobody has said yet that it may go on. */
function isPromotable(element: ElementState): boolean {
  const step = element.track?.step;
  if (step === undefined || currentStep(element) === null || step.promoted) return false;
  return promoteOf(step.final.rollout) === 'manual';
}

/** With what to do instead. */
function whyNothing(
  core: Core,
  request: Request<'promote'>,
  solution: SolutionState,
  target: Target,
): string {
  const about = `there is nothing to promote of ${request.target}`;
  const status = `heliostat status ${core.domain}/${solution.name}`;
  if (solution.rollout?.phase === 'reverting') return `${about}: it is on its way back; ${status}`;
  if (!isOpen(solution))
    return `${about}: no rollout of ${solution.name} is under way; a commit with another version begins one`;
  const elements = elementsOf(solution, target).filter((element) => currentStep(element) !== null);
  if (elements.some(({ track }) => track?.step?.promoted === true))
    return `${about}: it was promoted already, and goes on once its steps are passed; ${status}`;
  if (elements.length > 0) return `${about}: it goes on by itself (promote: auto); ${status}`;
  const others = [...solution.elements.values()].filter(isPromotable).map(({ name }) => name);
  if (others.length > 0)
    return `${about}: what can be promoted is ${others.map((name) => `${core.domain}/${solution.name}/${name}`).join(', ')}`;
  return `${about}: nothing of it is on a step of a canary or of blue and green; ${status}`;
}

/** Has every instance restarted, one at a time. */
export function restart(core: Core, request: Request<'restart'>, target: Target): Steered {
  const solution = core.state.tables.solutions.get(target.solution);
  if (solution === undefined) return nothing(`there is no ${target.solution} here`);
  if (solution.detached) return nothing(`${solution.name} is detached: nothing is done to it`);
  const wrong: string[] = [];
  const names = elementsOf(solution, target).flatMap((element) => {
    const why = notRestartable(core, element);
    if (why === null) return [element.name];
    wrong.push(`${element.name} ${why}`);
    return [];
  });
  if (names.length === 0) return nothing(wrong[0] ?? `nothing of ${request.target} runs`);
  const who = core.ports.redact(request.who);
  const reason = core.ports.redact(request.reason);
  const waits = isOpen(solution) ? ', once its rollout is over' : '';
  const rest = wrong.length > 0 ? `; but not: ${wrong.join(', ')}` : '';
  return {
    items: [
      acted(core, request, target),
      ...names.map((element) => inSolution(solution.name, { kind: 'restart.began', element, who, reason })),
    ],
    message: `${names.join(', ')} of ${solution.name}: each instance is restarted, one at a time${waits}${rest}`,
    done: true,
    again: false,
  };
}

function notRestartable({ state, facts }: Core, element: ElementState): string | null {
  const wanted = (element.target?.clusters ?? []).filter((cluster) => cluster.state === 'active');
  const running = wanted.flatMap(({ key }) =>
    [...(element.clusters.get(key)?.instances.values() ?? [])].filter(
      ({ lifecycle }) => lifecycle === 'active',
    ),
  );
  if (running.length === 0) return 'does not run';
  if (element.restart != null) return 'is being restarted already';
  const pause = pauseOver(state.domain.pauses ?? [], element.key);
  if (pause !== null) return `is paused: ${aboutPause({ domain: state.domain.name }, pause)}`;
  if (running.every(({ id }) => facts.dependents(id) > 0))
    return 'stays up: what other instances live on cannot be restarted under them';
  return null;
}

function elementsOf(solution: SolutionState, { element }: Target): ElementState[] {
  return [...solution.elements.values()]
    .filter(({ name }) => element === null || name === element)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
