import type { Relationship } from '../base/desired.js';
import { activeSize } from '../base/desired.js';
import { satisfies } from '../base/version.js';
import type { Facts } from './facts.js';
import { isReady } from './needs.js';
import { routesSettled } from './routes.js';
import type { ElementState } from './state.js';
import { isKeptForStep } from './steps.js';
import { isStuck } from './tally.js';
import { isEdited } from './up.js';
import type { ElementView, InstanceView } from './view.js';

/** A = T for this element: everything wanted is there and well, everything else is gone, every listener knows. */
export function isDone(view: ElementView, facts: Facts): boolean {
  return view.whole && isAsTargeted(view, view.instances, facts);
}

/** A = T but for what another rollout left behind and those who use it keep: often only the full size lets it go. */
export function standsInStep(view: ElementView, facts: Facts): boolean {
  const counted = view.instances.filter((instance) => !isStuck(instance, view, facts));
  return isWholeButForStranded(view, facts) && isAsTargeted(view, counted, facts);
}

function isAsTargeted(view: ElementView, instances: readonly InstanceView[], facts: Facts): boolean {
  if (!routesSettled(view, facts)) return false;
  const wantedCount = (view.element.target?.clusters ?? []).reduce(
    (sum, desired) => sum + (desired.state === 'initial' ? 0 : desired.size),
    0,
  );
  return (
    instances.filter(({ isStandby }) => !isStandby).length === wantedCount &&
    instances.every((instance) =>
      instance.isStandby
        ? isAtRest(instance)
        : isAsWanted(instance, view.element, facts) || isStranded(instance, view.element, facts),
    )
  );
}

/** A step does not wait for what it keeps where that can never come back. */
export function isWholeButForStranded(view: ElementView, facts: Facts): boolean {
  if (view.whole) return true;
  const lacking = view.instances.filter(({ isNew, healthy }) => isNew && !healthy);
  const wanted = activeSize(view.element.target);
  const there = view.instances.filter(({ isNew }) => isNew).length;
  return there === wanted && lacking.every((instance) => isStranded(instance, view.element, facts));
}

/** It is down, and of a provider that it needs everything that it accepts has gone, as downtime was allowed to. */
function isStranded({ cluster, live, state }: InstanceView, element: ElementState, facts: Facts): boolean {
  if (live || state.operation !== null || !isKeptForStep(element, cluster.key)) return false;
  return cluster.definition.relationships.some(
    (relationship) =>
      relationship.type === 'service' && !isReady(relationship, facts) && !isToCome(relationship, facts),
  );
}

function isToCome({ provider, range }: Relationship, facts: Facts): boolean {
  return (facts.element(provider)?.target?.clusters ?? []).some(
    ({ state, size, definition }) => state === 'active' && size > 0 && satisfies(definition.version, range),
  );
}

/** What nobody knows the outcome of has to be looked at first. */
function isAtRest({ state, seen, wanted }: InstanceView): boolean {
  return state.operation === null && seen.presence !== 'unknown' && state.lifecycle === wanted;
}

function isAsWanted(instance: InstanceView, element: ElementState, facts: Facts): boolean {
  const { state, seen, wanted, cluster } = instance;
  const digest = facts.configurationDigest(state, cluster);
  // What only stays for a step is taken as it is when nothing can be given to it any more.
  const isPastCare = digest === null && isKeptForStep(element, cluster.key);
  return (
    isAtRest(instance) &&
    seen.presence === 'present' &&
    (wanted === 'active' || state.ready) &&
    (isPastCare || (state.configured === digest && !isEdited(instance)))
  );
}
