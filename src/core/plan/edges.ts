import type { ElementKey } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import type { Range } from '../base/version.js';
import { satisfies } from '../base/version.js';
import type { Change, ElementShape, OrderEdge } from './types.js';

/** A change of what was there and stays. */
interface Upgrade {
  readonly element: ElementKey;
  readonly before: ElementShape;
  readonly after: ElementShape;
}

/**
 * Upgrades that their version ranges put in order, in the order of the changes. Where each of both serves the other's
 * old and new version, nothing has to wait.
 */
export function edgesOf(changes: readonly Change[]): OrderEdge[] {
  const upgrades = new Map<ElementKey, Upgrade>();
  for (const { element, before, after } of changes)
    if (before !== null && after !== null) upgrades.set(element, { element, before, after });
  const edges: OrderEdge[] = [];
  for (const consumer of upgrades.values()) {
    for (const key of providersOf(consumer)) {
      const provider = upgrades.get(key);
      const edge = provider === undefined ? null : edgeBetween(consumer, provider);
      if (edge !== null) edges.push(edge);
    }
  }
  return edges;
}

function providersOf({ before, after }: Upgrade): Set<ElementKey> {
  return new Set([...before.ranges, ...after.ranges].map((range) => range.provider));
}

/** The version table of two elements that change in one revision. */
function edgeBetween(consumer: Upgrade, provider: Upgrade): OrderEdge | null {
  const notOld = unserved(provider.after, consumer.before, provider.element);
  const notNew = unserved(provider.before, consumer.after, provider.element);
  const oldIsLeft = `${sentence(provider, 'after', consumer, 'before')} (${notOld.join(', ')})`;
  const newHasToWait = `${sentence(provider, 'before', consumer, 'after')} (${notNew.join(', ')})`;
  const [providerFirst, consumerFirst] = [
    { first: provider.element, then: consumer.element },
    { first: consumer.element, then: provider.element },
  ];
  if (notOld.length > 0 && notNew.length > 0)
    return { ...providerFirst, sideBySide: true, reason: `${oldIsLeft}, and ${newHasToWait}` };
  if (notOld.length > 0) return { ...consumerFirst, sideBySide: false, reason: oldIsLeft };
  if (notNew.length > 0) return { ...providerFirst, sideBySide: false, reason: newHasToWait };
  return null;
}

/** Ranges of a consumer in which no version of the provider is. */
function unserved(provider: ElementShape, consumer: ElementShape, key: ElementKey): Range[] {
  const active = provider.clusters.filter(({ state }) => state === 'active');
  return consumer.ranges
    .filter((one) => one.provider === key)
    .map(({ range }) => range)
    .filter((range) => !active.some(({ version }) => satisfies(version, range)));
}

type Side = 'before' | 'after';

/** `api 2.0.0 does not serve web 1.0.0`; with the solution where there are two. */
function sentence(provider: Upgrade, of: Side, consumer: Upgrade, to: Side): string {
  const [inOne, inOther] = [provider, consumer].map(({ element }) => splitElementKey(element));
  const isOne = inOne?.solution === inOther?.solution;
  const name = ({ element }: Upgrade): string => (isOne ? splitElementKey(element).element : element);
  return `${name(provider)} ${versions(provider[of])} does not serve ${name(consumer)} ${versions(consumer[to])}`;
}

function versions({ clusters }: ElementShape): string {
  return [...new Set(clusters.map(({ version }) => version))].join(' and ');
}
