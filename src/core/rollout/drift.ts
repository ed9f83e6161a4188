import type { Facts } from './facts.js';
import type { ElementState } from './state.js';
import { isEdited } from './up.js';
import type { InstanceView } from './view.js';
import { viewElement } from './view.js';

/** How what was seen of an element differs from what it is held to, for people; null: not at all, or not known. */
export function seenDrift(element: ElementState, facts: Facts): string | null {
  if (element.target === null || (element.track !== null && !element.track.done)) return null;
  const found = viewElement(element, facts).instances.flatMap((instance) => {
    const what = driftOfInstance(instance);
    return what === null ? [] : [`${instance.cluster.definition.version} #${instance.state.ordinal} ${what}`];
  });
  return found.length === 0 ? null : found.join(', ');
}

function driftOfInstance(instance: InstanceView): string | null {
  const { seen, state, wanted, isStandby } = instance;
  if (seen.presence === 'unknown' || seen.foreignHome !== null || state.operation !== null) return null;
  // What is kept for the way back is not made anew, and looked at when it is wanted.
  if (isStandby && seen.state !== 'active') return null;
  if (seen.presence === 'absent') return wanted === 'initial' ? null : 'is gone';
  if (seen.state === 'failure') return `has failed${seen.detail === null ? '' : ` (${seen.detail})`}`;
  if (seen.state !== wanted) return `is ${seen.state ?? 'unknown'}, should be ${wanted}`;
  if (isEdited(instance)) return 'was changed by hand';
  return wanted === 'active' && seen.health === 'bad'
    ? `is not healthy${seen.detail === null ? '' : ` (${seen.detail})`}`
    : null;
}
