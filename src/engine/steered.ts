import type { ElementName, SolutionName } from '../core/base/names.js';
import type { Item } from '../core/journal/entry.js';
import { inSolution } from '../core/journal/entry.js';
import type { OperatorRequest } from '../ports/operator.js';
import type { Core } from './core.js';

export type Request<Verb extends OperatorRequest['verb']> = Extract<OperatorRequest, { verb: Verb }>;

/** Verbs with a target that is there. */
export type Targeted = Request<'abort' | 'promote' | 'restart' | 'resume' | 'retry' | 'detach'>;

/** Verbs that change what is done. */
export type Steering = Targeted | Request<'pause' | 'release' | 'down'>;

export interface Steered {
  readonly items: readonly Item[];
  /** For people. */
  readonly message: string;
  readonly done: boolean;
  /** The tip is to be looked at again, though it is the same. */
  readonly again: boolean;
}

export interface Target {
  readonly solution: SolutionName;
  readonly element: ElementName | null;
}

export function nothing(message: string): Steered {
  return { items: [], message, done: false, again: false };
}

/** Who asked, and why, as the history keeps it. */
export function acted(core: Core, request: Targeted, target: Target): Item {
  return inSolution(target.solution, {
    kind: 'operator.acted',
    verb: request.verb,
    target: (target.element === null ? target.solution : `${target.solution}/${target.element}`) as never,
    who: core.ports.redact(request.who),
    reason: core.ports.redact(request.reason),
  });
}
