import type { ElementName, SolutionName } from '../core/base/names.js';
import { safe } from '../core/base/safe-text.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain, inSolution } from '../core/journal/entry.js';
import { releasedReturn } from '../core/rollout/held-back.js';
import { isOpen } from '../core/rollout/mode.js';
import { isAwaited } from '../core/rollout/steps.js';
import { pausedName, pauseOver, pauseTarget } from '../core/rollout/pause.js';
import { abort, promote, restart } from './interventions.js';
import type { Core } from './core.js';
import { aboutPause, pause, resumed } from './pause-requests.js';
import { goingAlong, rolloutItems } from './rollout-items.js';
import type { Request, Steered, Steering, Target, Targeted } from './steered.js';
import { acted, nothing } from './steered.js';

/** What a person's verb means for the state; journaled with who and why. */
export function steer(core: Core, request: Steering): Steered {
  switch (request.verb) {
    case 'release':
      return release(core, request);
    case 'down':
      return down(core, request);
    case 'pause':
      return pause(core, request);
    case 'abort':
      return inTarget(core, request, abort);
    case 'promote':
      return inTarget(core, request, promote);
    case 'restart':
      return inTarget(core, request, restart);
    case 'resume':
      return resumeAll(core, request);
    case 'retry':
      return inTarget(core, request, retry);
    case 'detach':
      return inTarget(core, request, detach);
  }
}

/** `domain`, `domain/solution` or `domain/solution/element`. */
function targets(core: Core, name: string): Target[] {
  const [, solution, element] = name.split('/');
  const { solutions } = core.state.tables;
  if (solution === undefined)
    return [...solutions.keys()].sort().map((key) => ({ solution: key, element: null }));
  const found = solutions.get(solution as SolutionName);
  if (found === undefined || (element !== undefined && !found.elements.has(element as ElementName)))
    return [];
  return [{ solution: solution as SolutionName, element: (element ?? null) as ElementName | null }];
}

function inTarget<R extends Targeted>(
  core: Core,
  request: R,
  act: (core: Core, request: R, target: Target) => Steered,
): Steered {
  const found = targets(core, request.target);
  if (found.length === 0) return nothing(`there is no ${request.target} here`);
  const all = found.map((target) => act(core, request, target));
  const useful = all.filter((steered) => steered.done);
  return {
    items: useful.flatMap((steered) => steered.items),
    message: (useful.length > 0 ? useful : all.slice(0, 1)).map((steered) => steered.message).join('; '),
    done: useful.length > 0,
    again: useful.some((steered) => steered.again),
  };
}

/** What people have paused there goes on, and with it whatever else waits for a person. */
function resumeAll(core: Core, request: Request<'resume'>): Steered {
  const ended = resumed(core, request);
  const more = inTarget(core, request, resume);
  if (!ended.done) return more;
  if (!more.done) return ended;
  return {
    // Both begin the clocks of a rollout anew.
    items: [...ended.items, ...more.items],
    message: `${ended.message}; ${more.message}`,
    done: true,
    again: more.again,
  };
}

/** A paused rollout goes on; drift that is only reported or held is repaired; what was let go is managed again. */
function resume(core: Core, request: Request<'resume'>, target: Target): Steered {
  const solution = core.state.tables.solutions.get(target.solution);
  if (solution === undefined) return nothing(`there is no ${target.solution} here`);
  if (solution.detached) return attach(core, request, target);
  const drifted = [...solution.elements.values()].filter(
    (element) => element.drift !== null && (target.element === null || element.name === target.element),
  );
  const isPaused = solution.rollout?.phase === 'paused';
  const awaited = [...solution.elements.values()].filter(isAwaited).map(({ name }) => name);
  if (isPaused && awaited.length > 0 && drifted.length === 0)
    return nothing(
      `${awaited.join(', ')} of ${solution.name} is not paused, it waits to be promoted: heliostat promote ${core.domain}/${solution.name} --reason TEXT`,
    );
  if (!isPaused && drifted.length === 0) {
    const wider = pauseOver(core.state.domain.pauses ?? [], pauseTarget(target.solution, target.element));
    return nothing(
      wider === null
        ? `${request.target} is neither paused nor drifted`
        : `${request.target} is paused with all of ${pausedName(core.domain, wider.target)}: resume that`,
    );
  }
  const items: Item[] = [acted(core, request, target)];
  if (isPaused)
    items.push(inSolution(solution.name, { kind: 'rollout.phase', phase: 'progressing', reason: null }));
  for (const element of drifted)
    items.push(inSolution(solution.name, { kind: 'repair.released', element: element.name }));
  const what = isPaused
    ? `the rollout of ${solution.name} goes on`
    : `${drifted.map((element) => element.name).join(', ')} will be repaired`;
  return { items, message: what, done: true, again: false };
}

function attach(core: Core, request: Request<'resume'>, target: Target): Steered {
  const who = core.ports.redact(request.who);
  const reason = core.ports.redact(request.reason);
  return {
    items: [
      acted(core, request, target),
      inSolution(target.solution, { kind: 'solution.attached', who, reason }),
    ],
    message: `${target.solution} is managed again`,
    done: true,
    again: true,
  };
}

/** The tip arrives again: what failed is tried once more. */
function retry(core: Core, request: Request<'retry'>, target: Target): Steered {
  if (core.state.domain.tip === null) return nothing('there is no revision yet');
  return {
    items: [acted(core, request, target), ...released(core, request, target)],
    message: `${core.state.domain.tip.slice(0, 7)} is tried again`,
    done: true,
    again: true,
  };
}

/** What stayed out is tried again with everything else, and with it what was taken along. */
function released(core: Core, request: Request<'retry'>, { solution, element }: Target): Item[] {
  const along = [...core.state.tables.solutions.values()]
    .filter(({ quarantine }) => quarantine?.cause?.solution === solution)
    .map(({ name }) => ({ solution: name, element: null }));
  return [{ solution, element }, ...along].flatMap((target) => releasedOf(core, request, target));
}

function releasedOf(core: Core, request: Request<'retry'>, { solution, element }: Target): Item[] {
  const quarantine = core.state.tables.solutions.get(solution)?.quarantine ?? null;
  const clusters = (quarantine?.clusters ?? []).filter((one) => element === null || one.element === element);
  if (quarantine === null || (clusters.length === 0 && element !== null)) return [];
  const reason = core.ports.redact(`${request.who}: ${request.reason}`);
  return [inSolution(solution, { kind: 'quarantine.ended', clusters, reason })];
}

function detach(core: Core, request: Request<'detach'>, target: Target): Steered {
  if (target.element !== null) return nothing('only a whole solution can be detached');
  if (core.state.tables.solutions.get(target.solution)?.detached === true)
    return nothing(`${target.solution} is detached already`);
  const items = [
    acted(core, request, target),
    inSolution(target.solution, {
      kind: 'solution.detached',
      who: core.ports.redact(request.who),
      reason: core.ports.redact(request.reason),
    }),
  ];
  return {
    items,
    message: `${target.solution} is let go: it runs on, and nothing is done to it`,
    done: true,
    again: false,
  };
}

function release(core: Core, request: Request<'release'>): Steered {
  const held = core.state.domain.holds.get(request.hold);
  if (held === undefined) {
    const known = [...core.state.domain.holds.keys()].sort();
    return nothing(
      `there is no hold ${request.hold}${known.length > 0 ? `; there is ${known.join(', ')}` : ''}`,
    );
  }
  const item = inDomain({
    kind: 'hold.ended',
    id: request.hold,
    released: true,
    who: core.ports.redact(request.who),
    reason: core.ports.redact(request.reason),
  });
  const { tables } = core.state;
  const back = releasedReturn(request.hold, tables.solutions, core.facts);
  if (back === null)
    return { items: [item], message: `${request.hold} is released`, done: true, again: true };
  return {
    items: [item, ...rolloutItems(back.solution, back)],
    message: `${[back.solution, ...goingAlong(back)].join(', ')}: back to what was stable`,
    done: true,
    again: false,
  };
}

/** Everything goes, in reverse order: every element's target is nothing. */
function down(core: Core, request: Request<'down'>): Steered {
  const pause = core.state.domain.pauses?.[0];
  if (pause !== undefined) return nothing(`nothing is taken down: ${aboutPause(core, pause)}`);
  const items: Item[] = [
    inDomain({
      kind: 'domain.down',
      who: core.ports.redact(request.who),
      reason: core.ports.redact(request.reason),
    }),
  ];
  const { tip } = core.state.domain;
  let elements = 0;
  for (const solution of [...core.state.tables.solutions.values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (solution.elements.size === 0 || solution.detached) continue;
    elements += solution.elements.size;
    if (isOpen(solution))
      items.push(inSolution(solution.name, { kind: 'rollout.superseded', reason: safe('taken down') }));
    items.push(
      inSolution(solution.name, {
        kind: 'solution.down',
        targets: Object.fromEntries([...solution.elements.keys()].map((name) => [name, null])),
      }),
    );
  }
  const message =
    elements === 0 ? `nothing of ${core.domain} runs` : `${elements} elements go, consumers first`;
  return { items: tip === null && elements === 0 ? [] : items, message, done: true, again: false };
}
