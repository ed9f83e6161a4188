import type { ElementName, SolutionName } from '../core/base/names.js';
import { isoTime } from '../core/base/time.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain } from '../core/journal/entry.js';
import type { Pause, PauseTarget } from '../core/rollout/pause.js';
import { contains, pausedName, pauseTarget } from '../core/rollout/pause.js';
import type { Core } from './core.js';
import { pauseEnded } from './pauses.js';
import type { Request, Steered } from './steered.js';
import { nothing } from './steered.js';

/** Stops rollouts and repair of what is there: the domain, a solution, an element. */
export function pause(core: Core, request: Request<'pause'>): Steered {
  const target = pausable(core, request.target);
  if (target === null) return nothing(`there is no ${request.target} here`);
  const solution = core.state.tables.solutions.get(target.split('/')[0] as SolutionName);
  if (solution?.detached === true)
    return nothing(`${request.target} is detached: nothing is done to it anyway`);
  const untilWallMs = request.forMs === null ? null : core.ports.clock.wallMs() + request.forMs;
  const who = core.ports.redact(request.who);
  const reason = core.ports.redact(request.reason);
  const name = pausedName(core.domain, target);
  const until = untilWallMs === null ? '' : ` until ${isoTime(untilWallMs)}`;
  return {
    items: [inDomain({ kind: 'pause.began', target, who, reason, untilWallMs })],
    message: `${name} is paused${until}: what is under way ends, nothing more begins; go on with heliostat resume ${name} --reason TEXT`,
    done: true,
    again: false,
  };
}

/** Null: there is no such thing. */
function pausable(core: Core, name: string): PauseTarget | null {
  const [domain, solution, element, ...more] = name.split('/');
  if (domain !== core.domain || more.length > 0) return null;
  const target = pauseTarget(
    (solution ?? null) as SolutionName | null,
    (element ?? null) as ElementName | null,
  );
  if (solution === undefined) return target;
  const found = core.state.tables.solutions.get(solution as SolutionName);
  if (found === undefined) return null;
  return element === undefined || found.elements.has(element as ElementName) ? target : null;
}

/** What people have paused there, or in it, ends. */
export function resumed(core: Core, request: Request<'resume'>): Steered {
  const [domain, solution, element] = request.target.split('/');
  const target = pauseTarget(
    (solution ?? null) as SolutionName | null,
    (element ?? null) as ElementName | null,
  );
  const found = (core.state.domain.pauses ?? []).filter((one) => contains(target, one.target));
  if (domain !== core.domain || found.length === 0) return nothing(`${request.target} is not paused`);
  const by = { who: core.ports.redact(request.who), reason: core.ports.redact(request.reason) };
  const items: Item[] = found.flatMap((one) => pauseEnded(core.state, one, by));
  const names = found.map((one) => pausedName(core.domain, one.target));
  return { items, message: `${names.join(', ')} goes on`, done: true, again: false };
}

/** Why nothing is done, and how it is ended. */
export function aboutPause(core: Pick<Core, 'domain'>, { target, who, reason, untilWallMs }: Pause): string {
  const name = pausedName(core.domain, target);
  const until = untilWallMs === null ? '' : ` until ${isoTime(untilWallMs)}`;
  return `${name} is paused by ${who}${until} (${reason}); end that first: heliostat resume ${name} --reason TEXT`;
}
