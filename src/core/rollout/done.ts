import type { Facts } from './facts.js';
import { routesSettled } from './routes.js';
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
      instance.isStandby ? isAtRest(instance) : isAsWanted(instance, facts),
    )
  );
}

function isAtRest({ state, wanted }: InstanceView): boolean {
  return state.operation === null && state.lifecycle === wanted;
}

function isAsWanted(instance: InstanceView, facts: Facts): boolean {
  const { state, seen, wanted, cluster } = instance;
  return (
    isAtRest(instance) &&
    seen.presence === 'present' &&
    (wanted === 'active' || state.ready) &&
    !isEdited(instance) &&
    state.configured === facts.configurationDigest(state, cluster)
  );
}
