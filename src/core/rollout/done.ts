import type { Facts } from './facts.js';
import { routesSettled } from './routes.js';
import { isEdited } from './up.js';
import type { ElementView } from './view.js';

/** A = T for this element: everything wanted is there and well, everything else is gone, every listener knows. */
export function isDone(view: ElementView, facts: Facts): boolean {
  if (!view.whole || !routesSettled(view, facts)) return false;
  const wantedCount = (view.element.target?.clusters ?? []).reduce(
    (sum, desired) => sum + (desired.state === 'initial' ? 0 : desired.size),
    0,
  );
  return (
    view.instances.length === wantedCount &&
    view.instances.every(
      (instance) =>
        instance.state.operation === null &&
        instance.seen.presence === 'present' &&
        instance.state.lifecycle === instance.wanted &&
        (instance.wanted === 'active' || instance.state.ready) &&
        !isEdited(instance) &&
        instance.state.configured === facts.configurationDigest(instance.state, instance.cluster),
    )
  );
}
