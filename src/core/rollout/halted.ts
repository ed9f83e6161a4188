import type { ElementKey } from '../base/names.js';
import type { Facts } from './facts.js';
import type { Pause } from './pause.js';
import { pauseOver } from './pause.js';
import type { ElementState } from './state.js';

export function pauseOf(key: ElementKey, facts: Facts): Pause | null {
  return pauseOver(facts.pauses?.() ?? [], key);
}

/** Whether it cannot go on because of what stands still: what it uses or lives on, or what uses it, however far away. */
export function waitsForPaused(element: ElementState, facts: Facts): boolean {
  if ((facts.pauses?.() ?? []).length === 0) return false;
  return waitsFor(element, facts, ({ key }) => pauseOf(key, facts) !== null);
}

/** Whether what it uses or lives on, or what uses it, is such a one, however far away; or it is one itself. */
export function waitsFor(
  element: ElementState,
  facts: Facts,
  isSuch: (other: ElementState) => boolean,
): boolean {
  const seen = new Set<ElementKey>();
  const queue = [element.key];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    const found = facts.element(key);
    if (found === null) continue;
    if (isSuch(found)) return true;
    queue.push(...facts.consumers(key), ...providersOf(found));
  }
  return false;
}

export function providersOf({ clusters }: ElementState): ElementKey[] {
  return [...clusters.values()].flatMap(({ definition }) =>
    definition.relationships.map(({ provider }) => provider),
  );
}
