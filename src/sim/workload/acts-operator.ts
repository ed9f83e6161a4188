import type { OperatorRequest } from '../../ports/operator.js';
import type { Random } from '../random.js';
import type { Stage } from '../stage.js';
import type { ActKind } from './script.js';

const who = { who: 'ada', reason: 'by hand' };

/** A person asks the controller for something. */
export function operate(stage: Stage, kind: ActKind, random: Random): void {
  const { current } = stage.active;
  const engine = current === null || current.dead ? null : current.engine;
  if (engine === null) return;
  const request = requestFor(stage, kind, random);
  if (request === null) return;
  engine.core.inbox.push({
    kind: 'request',
    request,
    answer: (reply) => stage.world.note(`answer ${JSON.stringify(reply)}`),
  });
}

function requestFor(stage: Stage, kind: ActKind, random: Random): OperatorRequest | null {
  const state = stage.active.current?.engine?.core.state;
  if (state === undefined) return null;
  const solutions = [...state.tables.solutions.keys()].sort();
  const target = solutions.length === 0 ? 'prod' : `prod/${random.pick(solutions)}`;
  switch (kind) {
    case 'operator.resume':
      return { verb: 'resume', target: random.chance(0.5) ? 'prod' : target, ...who };
    case 'operator.retry':
      return { verb: 'retry', target: random.chance(0.5) ? 'prod' : target, ...who };
    case 'operator.detach':
      return solutions.length === 0 ? null : { verb: 'detach', target, ...who };
    case 'operator.release': {
      // Nobody asks for what the plan says is impossible.
      const holds = [...state.domain.holds.keys()].sort().filter((id) => id !== 'plan.noPath');
      return holds.length === 0 ? null : { verb: 'release', hold: random.pick(holds), ...who };
    }
    default:
      return null;
  }
}
