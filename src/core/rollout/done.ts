import type { Facts } from './facts.js';
import { routesSettled } from './routes.js';
import type { ElementState } from './state.js';
import { isKeptForStep } from './steps.js';
import { isEdited } from './up.js';
import type { ElementView, InstanceView } from './view.js';

/** A = T for this element: everything wanted is there and well, everything else is gone, every listener knows. */
export function isDone(view: ElementView, facts: Facts): boolean {
  if (!view.whole || !routesSettled(view, facts)) return false;
  const wantedCount = (view.element.target?.clusters ?? []).reduce(
    (sum, desired) => sum + (desired.state === 'initial' ? 0 : desired.size),
    0,
  );
  return (
    view.instances.filter(({ isStandby }) => !isStandby).length === wantedCount &&
    view.instances.every((instance) =>
      instance.isStandby ? isAtRest(instance) : isAsWanted(instance, view.element, facts),
    )
  );
}

function isAtRest({ state, wanted }: InstanceView): boolean {
  return state.operation === null && state.lifecycle === wanted;
}

function isAsWanted(instance: InstanceView, element: ElementState, facts: Facts): boolean {
  const { state, seen, wanted, cluster } = instance;
  const digest = facts.configurationDigest(state, cluster);
  // What only stays for a step is as it was when nothing can be given to it any more.
  const isAsGiven = state.configured === digest || (digest === null && isKeptForStep(element, cluster.key));
  return (
    isAtRest(instance) &&
    seen.presence === 'present' &&
    (wanted === 'active' || state.ready) &&
    !isEdited(instance) &&
    isAsGiven
  );
}
