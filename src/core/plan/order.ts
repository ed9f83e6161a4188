import type { DesiredElement } from '../base/desired.js';
import type { ElementKey } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { Range } from '../base/version.js';
import { satisfies } from '../base/version.js';
import type { Change, ElementShape } from './types.js';

/**
 * Providers before consumers, unless the consumer has to let go of the old provider first; what goes
 * after what stays; ties by name. The model has no cycles.
 */
export function orderOf(
  changes: readonly Change[],
  after: (key: ElementKey) => DesiredElement | null,
): ElementKey[] {
  const changed = new Map(changes.map((change) => [change.element, change]));
  const waitsFor = new Map<ElementKey, ElementKey[]>();
  for (const consumer of changes) {
    for (const key of providersOf(consumer)) {
      const provider = changed.get(key);
      if (provider === undefined) continue;
      const consumerFirst = after(key) === null || mustLetGo(consumer, provider);
      const [first, second] = consumerFirst ? [consumer.element, key] : [key, consumer.element];
      const needs = waitsFor.get(second);
      if (needs === undefined) waitsFor.set(second, [first]);
      else needs.push(first);
    }
  }
  return topological([...changed.keys()].sort(byCodeUnit), waitsFor);
}

function providersOf({ before, after }: Change): Set<ElementKey> {
  return new Set([...(before?.ranges ?? []), ...(after?.ranges ?? [])].map((range) => range.provider));
}

/** The second row of the version table: the new provider does not serve the old consumer, the old one serves the new. */
function mustLetGo(consumer: Change, provider: Change): boolean {
  const old = rangesTo(provider.element, consumer.before);
  const next = rangesTo(provider.element, consumer.after);
  return !serves(provider.after, old) && serves(provider.before, next);
}

function rangesTo(provider: ElementKey, shape: ElementShape | null): Range[] {
  return (shape?.ranges ?? []).filter((range) => range.provider === provider).map((range) => range.range);
}

function serves(shape: ElementShape | null, ranges: readonly Range[]): boolean {
  const active = (shape?.clusters ?? []).filter((cluster) => cluster.state === 'active');
  return ranges.every((range) => active.some((cluster) => satisfies(cluster.version, range)));
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
