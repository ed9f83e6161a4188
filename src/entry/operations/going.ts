import type { ElementKey, InstanceId } from '../../core/base/names.js';
import type { State } from '../../core/journal/fold.js';
import type { ElementState } from '../../core/rollout/state.js';
import type { ActView } from '../cli/operations.js';

export function gone(domain: string, detached: readonly string[]): ActView {
  const rest = detached.length === 0 ? '' : `, but for what was detached: ${detached.join(', ')}`;
  return { done: true, message: `everything of ${domain} is gone${rest}` };
}

export function detachedIn(state: State): string[] {
  return [...state.tables.solutions.values()]
    .filter((solution) => solution.detached && solution.elements.size > 0)
    .map(({ name }) => name);
}

/** Elements that are still there; what was let go is none of ours. */
export function remaining(state: State): ElementState[] {
  return [...state.tables.solutions.values()]
    .filter(({ detached }) => !detached)
    .flatMap(({ elements }) => [...elements.values()]);
}

export function countElements(state: State): number {
  return remaining(state).length;
}

export function stillThere(count: number): string {
  return count === 1 ? '1 element is still there' : `${count} elements are still there`;
}

/** Instances that exist, each after all that use it or run on it. */
export function inOrderOfGoing(state: State): InstanceId[] {
  const elements = new Map(remaining(state).map((element) => [element.key, element]));
  const order: ElementKey[] = [];
  const visited = new Set<ElementKey>();
  const visit = (key: ElementKey): void => {
    if (visited.has(key) || !elements.has(key)) return;
    visited.add(key);
    for (const consumer of [...(state.tables.consumers.get(key) ?? [])].sort()) visit(consumer);
    order.push(key);
  };
  for (const key of [...elements.keys()].sort()) visit(key);
  return order.flatMap((key) =>
    [...(elements.get(key)?.clusters.values() ?? [])].flatMap((cluster) =>
      [...cluster.instances.values()]
        .filter(({ lifecycle, operation }) => lifecycle !== 'initial' || operation !== null)
        .map(({ id }) => id)
        .sort(),
    ),
  );
}
