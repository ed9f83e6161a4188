import type { State } from '../../core/journal/fold.js';
import type { OperatorRequest } from '../../ports/operator.js';
import type { Random } from '../random.js';
import type { Stage } from '../stage.js';
import type { ActKind } from './script.js';

const who = { who: 'ada', reason: 'by hand' };

/** A person asks the controller for something. */
export function operate(stage: Stage, kind: ActKind, random: Random): void {
  const request = requestFor(stage, kind, random);
  if (request !== null) ask(stage, request);
}

/** Whoever runs the domain now hears it, and answers into the trace. */
export function ask(stage: Stage, request: OperatorRequest): void {
  const { engine, world } = stage;
  if (engine === null) return;
  world.tell((watcher) => watcher.asked?.(request));
  engine.core.inbox.push({
    kind: 'request',
    request,
    answer: (reply) => world.note(`answer ${JSON.stringify(reply)}`),
  });
}

function requestFor({ engine }: Stage, kind: ActKind, random: Random): OperatorRequest | null {
  if (engine === null) return null;
  const { state } = engine.core;
  const solutions = [...state.tables.solutions.keys()].sort();
  const solution = solutions.length === 0 ? 'prod' : `prod/${random.pick(solutions)}`;
  const anything = random.chance(0.5) ? 'prod' : solution;
  switch (kind) {
    case 'operator.resume':
      return { verb: 'resume', target: anything, ...who };
    case 'operator.retry':
      return { verb: 'retry', target: anything, ...who };
    case 'operator.detach':
      return solutions.length === 0 ? null : { verb: 'detach', target: solution, ...who };
    case 'operator.release': {
      // Nobody asks for what the plan says is impossible.
      const holds = [...state.domain.holds.keys()].sort().filter((id) => id !== 'plan.noPath');
      return holds.length === 0 ? null : { verb: 'release', hold: random.pick(holds), ...who };
    }
    case 'operator.promote':
      return { verb: 'promote', target: anything, ...who };
    case 'operator.abort':
    case 'operator.abortRevert':
      return { verb: 'abort', target: solution, revert: kind === 'operator.abortRevert', ...who };
    case 'operator.restart':
      return { verb: 'restart', target: elementIn(state, random) ?? solution, ...who };
    case 'operator.pause':
    case 'operator.pauseFor': {
      const forMs = kind === 'operator.pause' ? null : random.pick([1_000, 30_000, 300_000]);
      return { verb: 'pause', target: elementIn(state, random) ?? anything, forMs, ...who };
    }
    default:
      return null;
  }
}

/** Half of the time, if there is one. */
function elementIn({ tables }: State, random: Random): string | null {
  const keys = [...tables.solutions.values()].flatMap(({ elements }) =>
    [...elements.values()].map(({ key }) => key),
  );
  return keys.length === 0 || random.chance(0.5) ? null : `prod/${random.pick(keys.sort())}`;
}
