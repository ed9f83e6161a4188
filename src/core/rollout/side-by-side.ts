import type { Range, Version } from '../base/version.js';
import { satisfies } from '../base/version.js';
import type { Facts } from './facts.js';
import type { ClusterState, ElementState } from './state.js';
import { finalOf } from './steps.js';
import { isLiveCluster } from './view.js';

/**
 * Neither side of a pair can go first: what runs of its consumers accepts nothing of what it is to become, and what they
 * are to become accepts nothing of what runs of it. Then both stand side by side, each in full, until the last of the
 * former consumers is gone. The same holds for each of a circle of such pairs.
 */
export function standsTwice(element: ElementState, facts: Facts): boolean {
  const wanted = (finalOf(element)?.clusters ?? []).filter(
    ({ state, size }) => state === 'active' && size > 0,
  );
  const former = [...element.clusters.values()].filter(
    (cluster) => isLiveCluster(cluster) && !wanted.some(({ key }) => key === cluster.key),
  );
  if (wanted.length === 0 || former.length === 0) return false;
  const next = wanted.map(({ definition }) => definition.version);
  const running = former.map(({ definition }) => definition.version);
  const uses = [...usesOf(element, facts)];
  return (
    uses.some(({ range, isFormer }) => isFormer && !acceptsAny(range, next)) &&
    uses.some(({ range, isFormer }) => !isFormer && !acceptsAny(range, running))
  );
}

interface Use {
  readonly range: Range;
  /** Of a consumer that runs and is to go; else of one that is to run. */
  readonly isFormer: boolean;
}

function* usesOf({ key }: ElementState, facts: Facts): Generator<Use> {
  for (const name of facts.consumers(key)) {
    const consumer = facts.element(name);
    for (const cluster of consumer?.clusters.values() ?? []) {
      const isWanted = isWantedIn(consumer, cluster);
      if (!isWanted && !isLiveCluster(cluster)) continue;
      for (const { provider, type, range } of cluster.definition.relationships)
        if (provider === key && type === 'service') yield { range, isFormer: !isWanted };
    }
  }
}

function isWantedIn(consumer: ElementState | null, { key }: ClusterState): boolean {
  return ((consumer === null ? null : finalOf(consumer))?.clusters ?? []).some(
    (desired) => desired.key === key && desired.state === 'active' && desired.size > 0,
  );
}

function acceptsAny(range: Range, versions: readonly Version[]): boolean {
  return versions.some((version) => satisfies(version, range));
}
