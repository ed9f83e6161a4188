import type { Relationship } from '../base/desired.js';
import type { ElementKey } from '../base/names.js';
import type { Version } from '../base/version.js';
import { satisfies } from '../base/version.js';
import type { Facts } from './facts.js';
import type { ElementState, InstanceState } from './state.js';
import { isKeptForStep } from './steps.js';

/**
 * The services by which a consumer, in whatever solution, reserves a version of a provider: what it is bound to may leave
 * only as far as the floor of the binding is kept. A reservation is no entry of its own. It begins with the entry by which
 * an instance of the consumer's cluster begins to start, which is in the journal before the effect, and ends with the
 * entry by which the last one has stopped; never by time, and not because nobody has looked yet. What a step keeps beside
 * its successor reserves until the step lets it go: while it moves or is mended it is down for a while, and what it has to
 * come back on may be on its own way out.
 */
export function reservations(
  consumer: ElementState,
  provider: ElementKey,
  version: Version,
  facts: Facts,
): readonly Relationship[] {
  return [...consumer.clusters.values()].flatMap((cluster) => {
    const bound = cluster.definition.relationships.filter(
      (relationship) =>
        relationship.provider === provider &&
        relationship.type === 'service' &&
        satisfies(version, relationship.range),
    );
    if (bound.length === 0 || isKeptForStep(consumer, cluster.key)) return bound;
    return [...cluster.instances.values()].some((instance) => mayRun(instance, facts)) ? bound : [];
  });
}

/** It runs, is about to, or may: whether a start that was interrupted has come to its end is known when it is observed. */
function mayRun({ id, lifecycle, ready, operation }: InstanceState, facts: Facts): boolean {
  if (lifecycle === 'active' || operation?.transition === 'start') return true;
  if (facts.starting?.has(id) === true) return true;
  const seen = facts.seen(id);
  // Seen, and not in the journal yet: that is written in the same turn.
  if (seen.presence === 'present' && seen.state === 'active') return true;
  return lifecycle === 'inactive' && ready && seen.presence === 'unknown';
}
