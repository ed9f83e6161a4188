import type { DesiredElement } from '../base/desired.js';
import type { ElementKey } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { Change } from './types.js';

/** Providers before consumers, what goes after what stays; ties by name. The model has no cycles. */
export function orderOf(
  changes: readonly Change[],
  after: (key: ElementKey) => DesiredElement | null,
): ElementKey[] {
  const changed = new Set(changes.map((change) => change.element));
  const waitsFor = new Map<ElementKey, ElementKey[]>();
  for (const change of changes) {
    const ranges = (change.after ?? change.before)?.ranges ?? [];
    for (const { provider } of ranges) {
      if (!changed.has(provider)) continue;
      // What is retired goes in reverse order.
      const [first, second] =
        change.after === null && after(provider) === null
          ? [change.element, provider]
          : [provider, change.element];
      waitsFor.set(second, [...(waitsFor.get(second) ?? []), first]);
    }
  }
  return topological([...changed].sort(byCodeUnit), waitsFor);
}

/** Kahn's algorithm with a sorted frontier: the least name that waits for nobody comes first. */
function topological(
  keys: readonly ElementKey[],
  waitsFor: ReadonlyMap<ElementKey, readonly ElementKey[]>,
): ElementKey[] {
  const missing = new Map<ElementKey, number>();
  const unblocks = new Map<ElementKey, ElementKey[]>();
  for (const key of keys) {
    const needs = [...new Set(waitsFor.get(key) ?? [])];
    missing.set(key, needs.length);
    for (const need of needs) {
      const list = unblocks.get(need);
      if (list === undefined) unblocks.set(need, [key]);
      else list.push(key);
    }
  }
  const order: ElementKey[] = [];
  let frontier = keys.filter((key) => missing.get(key) === 0);
  while (frontier.length > 0) {
    const next: ElementKey[] = [];
    for (const key of frontier) {
      order.push(key);
      for (const unblocked of unblocks.get(key) ?? []) {
        const left = (missing.get(unblocked) ?? 0) - 1;
        missing.set(unblocked, left);
        if (left === 0) next.push(unblocked);
      }
    }
    frontier = next.sort(byCodeUnit);
  }
  return order.length === keys.length ? order : [...order, ...keys.filter((key) => !order.includes(key))];
}
