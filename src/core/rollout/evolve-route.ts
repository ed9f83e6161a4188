import type { InstanceId } from '../base/names.js';
import type { SolutionEntry } from './entries.js';
import type { Place } from './place.js';
import { sinceOf } from './since.js';
import type { ElementState, EngineMs, Listener } from './state.js';

type Of<Kind extends SolutionEntry['kind']> = Extract<SolutionEntry, { kind: Kind }>;

export function routed(
  element: ElementState,
  entry: Of<'listener.assigned' | 'listener.gone' | 'route.begun' | 'route.ended'>,
  place: Place,
): ElementState {
  const { at } = place;
  const listener = element.listeners.get(entry.binding);
  switch (entry.kind) {
    case 'listener.assigned':
      element.listeners.set(entry.binding, {
        binding: entry.binding,
        port: entry.port,
        backends: null,
        pending: null,
        scheme: null,
        changedAt: at,
        failure: null,
        failedAt: null,
      });
      return element;
    case 'listener.gone':
      element.listeners.delete(entry.binding);
      noteDrained(element, at);
      return element;
    case 'route.begun':
      if (listener !== undefined)
        element.listeners.set(entry.binding, {
          ...listener,
          pending: entry.backends,
          scheme: entry.scheme ?? null,
        });
      return element;
    case 'route.ended':
      if (listener !== undefined) routeEnded(element, listener, entry, place);
      // A gateway that always fails would push the deadline for ever.
      return entry.failure === null ? progressed(element, at) : element;
  }
}

function routeEnded(
  element: ElementState,
  listener: Listener,
  entry: Of<'route.ended'>,
  { at, wallMs }: Place,
): void {
  if (entry.failure !== null) {
    element.listeners.set(entry.binding, {
      ...listener,
      pending: null,
      failure: entry.failure,
      failedAt: at,
      failingSinceWallMs: sinceOf(listener.failingSinceWallMs, wallMs),
      takenAt: entry.isTaken === true ? (listener.takenAt ?? at) : null,
    });
    noteDrained(element, at);
    return;
  }
  element.listeners.set(entry.binding, {
    ...listener,
    backends: listener.pending,
    pending: null,
    changedAt: at,
    failure: null,
    failedAt: null,
    failingSinceWallMs: null,
    takenAt: null,
  });
  noteDrained(element, at);
}

/** Whoever drains and gets nothing new any more, by whatever listener that was. */
function noteDrained(element: ElementState, at: EngineMs): void {
  for (const { instances } of element.clusters.values())
    for (const instance of instances.values())
      if (instance.draining !== null && instance.offSince === null && !isRouted(element, instance.id))
        instances.set(instance.ordinal, { ...instance, offSince: at });
}

/** True while some listener still sends it something new. */
export function isRouted(element: ElementState, id: InstanceId): boolean {
  for (const listener of element.listeners.values()) {
    if (listener.backends?.some((backend) => backend.instance === id && backend.weight > 0)) return true;
    if (listener.pending?.some((backend) => backend.instance === id && backend.weight > 0)) return true;
  }
  return false;
}

export function progressed(element: ElementState, at: EngineMs): ElementState {
  return element.track === null || element.track.done
    ? element
    : { ...element, track: { ...element.track, progressAt: at } };
}
