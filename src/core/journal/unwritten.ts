import type { ElementKey, Revision, RolloutId, SolutionName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';

/** What the status branch does not say yet. */
export interface Unwritten {
  readonly elements: Set<ElementKey>;
  readonly solutions: Set<SolutionName>;
  readonly revisions: Set<Revision>;
  readonly rollouts: Set<RolloutId>;
  readonly components: Set<string>;
  memory: boolean;
}

export interface EncodedUnwritten {
  readonly elements: readonly ElementKey[];
  readonly solutions: readonly SolutionName[];
  readonly revisions: readonly Revision[];
  readonly rollouts: readonly RolloutId[];
  readonly components: readonly string[];
  readonly memory: boolean;
}

export function emptyUnwritten(): Unwritten {
  return {
    elements: new Set(),
    solutions: new Set(),
    revisions: new Set(),
    rollouts: new Set(),
    components: new Set(),
    memory: false,
  };
}

export function isWritten(unwritten: Unwritten): boolean {
  const { elements, solutions, revisions, rollouts, components, memory } = unwritten;
  return !memory && elements.size + solutions.size + revisions.size + rollouts.size + components.size === 0;
}

export function clearUnwritten(unwritten: Unwritten): void {
  unwritten.elements.clear();
  unwritten.solutions.clear();
  unwritten.revisions.clear();
  unwritten.rollouts.clear();
  unwritten.components.clear();
  unwritten.memory = false;
}

export function encodeUnwritten(unwritten: Unwritten): EncodedUnwritten {
  return {
    elements: [...unwritten.elements].sort(byCodeUnit),
    solutions: [...unwritten.solutions].sort(byCodeUnit),
    revisions: [...unwritten.revisions].sort(byCodeUnit),
    rollouts: [...unwritten.rollouts].sort(byCodeUnit),
    components: [...unwritten.components].sort(byCodeUnit),
    memory: unwritten.memory,
  };
}

export function addUnwritten(into: Unwritten, from: EncodedUnwritten): void {
  for (const key of from.elements) into.elements.add(key);
  for (const name of from.solutions) into.solutions.add(name);
  for (const revision of from.revisions) into.revisions.add(revision);
  for (const rollout of from.rollouts) into.rollouts.add(rollout);
  for (const component of from.components) into.components.add(component);
  if (from.memory) into.memory = true;
}

export function leavesNothing({ memory, ...lists }: EncodedUnwritten): boolean {
  return !memory && Object.values(lists).every((list) => list.length === 0);
}
