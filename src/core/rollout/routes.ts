import { byCodeUnit } from '../base/order.js';
import type { BindingKey } from '../base/names.js';
import { exposeBinding } from '../base/names.js';
import { usesAddress, type Template } from '../base/template.js';
import type { Draft } from './draft.js';
import { wake } from './draft.js';
import type { Facts } from './facts.js';
import { bindingEndpoint, endpointOf, schemeOf } from './endpoints.js';
import type { ElementState, Listener, RoutedBackend, RouteScheme } from './state.js';
import { isHandedOver, sharesByWeight } from './steps.js';
import type { ElementView, InstanceView } from './view.js';
import { bindingAccepts } from './view.js';

const routeRetryMs = 1_000;
/** Whoever has the port may have it for long: then it is asked for at growing distances, up to this. */
const longestRetryMs = 120_000;

/** Keeps the listeners in front of an element: which there are, and whom they send to. */
export function decideRoutes(view: ElementView, facts: Facts, draft: Draft): void {
  const { element } = view;
  const needed = neededBindings(view, facts);
  let taken = 0;
  for (const binding of needed) {
    if (element.listeners.has(binding)) continue;
    const port = fixedPort(element, binding) ?? facts.freePort('gateway', taken++);
    if (port !== null)
      draft.entries.push({ kind: 'listener.assigned', element: element.name, binding, port });
  }
  for (const listener of [...element.listeners.values()].sort((a, b) => byCodeUnit(a.binding, b.binding))) {
    const fixed = fixedPort(element, listener.binding);
    const misplaced = fixed !== null && fixed !== listener.port;
    if (listener.pending !== null) continue;
    if (misplaced || !needed.includes(listener.binding)) {
      draft.entries.push({ kind: 'listener.gone', element: element.name, binding: listener.binding });
    } else decideBackends(view, listener, facts, draft);
  }
}

function fixedPort(element: ElementState, binding: BindingKey): number | null {
  const port = element.target?.expose?.port;
  return binding === exposeBinding && typeof port === 'number' ? port : null;
}

/** One for each range that a consumer asks for, and one for the outside; none where no address stands in the endpoint. */
export function neededBindings(view: ElementView, facts: Facts): BindingKey[] {
  const { element } = view;
  const addressed = [...element.clusters.values()].some((cluster) =>
    usesAddress(cluster.definition.endpoint),
  );
  if (!addressed || (element.target === null && view.instances.length === 0)) return [];
  const needed = new Set<BindingKey>();
  if (element.target === null ? element.listeners.has(exposeBinding) : element.target.expose !== null)
    needed.add(exposeBinding);
  for (const key of facts.consumers(element.key)) {
    for (const cluster of facts.element(key)?.clusters.values() ?? []) {
      for (const relationship of cluster.definition.relationships) {
        if (relationship.provider === element.key && relationship.type === 'service') {
          needed.add(relationship.range as string as BindingKey);
        }
      }
    }
  }
  return [...needed].sort(byCodeUnit);
}

function decideBackends(view: ElementView, listener: Listener, facts: Facts, draft: Draft): void {
  const backends = wantedBackends(view, listener);
  const scheme = wantedScheme(view, listener, backends);
  const isRight = listener.backends !== null && sameBackends(backends, listener.backends);
  if (isRight && scheme === listener.scheme && listener.failure === null) return;
  const retryAt = retryAtOf(listener);
  if (facts.now < retryAt) {
    wake(draft, retryAt);
    return;
  }
  draft.entries.push({
    kind: 'route.begun',
    element: view.element.name,
    binding: listener.binding,
    backends,
    scheme,
  });
}

/** When an order that failed may be given again; 0: now. */
function retryAtOf({ failedAt, takenAt }: Listener): number {
  if (failedAt === null) return 0;
  const lasted = takenAt == null ? 0 : failedAt - takenAt;
  return failedAt + Math.max(routeRetryMs, Math.min(longestRetryMs, lasted));
}

/** HTTP only where all that it sends to speak it: bytes that are handed on as they are do for everybody. */
function wantedScheme(
  view: ElementView,
  listener: Listener,
  backends: readonly RoutedBackend[],
): RouteScheme {
  const endpoints = new Set(
    view.instances
      .filter(({ state }) => backends.some(({ instance }) => instance === state.id))
      .map(({ cluster }) => cluster.definition.endpoint),
  );
  if (endpoints.size === 0)
    return listener.scheme ?? schemeOf(bindingEndpoint(view.element, listener.binding));
  const speaksHttp = (template: Template | null): boolean =>
    template !== null && schemeOf(endpointOf(template, anywhere, 0, '')) === 'http';
  return [...endpoints].every(speaksHttp) ? 'http' : 'tcp';
}

const anywhere = { address: 'anywhere', port: 1 } as const;

function wantedBackends(view: ElementView, listener: Listener): RoutedBackend[] {
  const candidates = view.instances.filter(
    (instance) => canServe(instance) && bindingAccepts(listener.binding, instance.cluster.definition.version),
  );
  // What is not known (again) stays where it was; only what is known to be bad leaves.
  const isRouted = (instance: InstanceView): boolean =>
    listener.backends?.some((b) => b.instance === instance.state.id) === true;
  const usable = candidates.filter(
    (instance) =>
      instance.seen.health === 'good' || (instance.seen.health === 'unknown' && isRouted(instance)),
  );
  // With none that is well, whoever was in rotation stays: a wrong probe must not take the last one away.
  const serving = usable.length > 0 ? usable : candidates.filter(isRouted);
  return serving
    .map((instance) => ({ instance: instance.state.id, weight: weightOf(instance, serving, view.element) }))
    .sort((a, b) => byCodeUnit(a.instance, b.instance));
}

function canServe({ state }: InstanceView): boolean {
  return state.lifecycle === 'active' && state.draining === null && state.operation?.transition !== 'stop';
}

const fullWeight = 1_000;

/** A cluster's weight is its share of the traffic, whatever its number of instances; the rest is shared by size. */
function weightOf(instance: InstanceView, serving: readonly InstanceView[], element: ElementState): number {
  const own = explicitWeight(instance, serving, element);
  const inCluster = (key: string) => serving.filter((other) => other.cluster.key === key).length;
  const shares = new Map<string, number>();
  for (const other of serving) {
    const weight = explicitWeight(other, serving, element);
    if (weight !== null) shares.set(other.cluster.key, weight);
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  const unweighted = serving.filter((other) => !shares.has(other.cluster.key)).length;
  if (shares.size === 0 || (total === 0 && unweighted === 0)) return fullWeight;
  if (own !== null)
    return own === 0 ? 0 : Math.max(1, Math.round((fullWeight * own) / inCluster(instance.cluster.key)));
  return Math.max(1, Math.round((fullWeight * Math.max(0, 100 - total)) / unweighted));
}

function explicitWeight(
  instance: InstanceView,
  serving: readonly InstanceView[],
  element: ElementState,
): number | null {
  const desired = element.target?.clusters.find((cluster) => cluster.key === instance.cluster.key);
  if (desired !== undefined) return desired.weight;
  return isHandedOver(element) || isLeftBehind(instance, serving, element) ? 0 : null;
}

/** It stood beside what serves for a share alone: nobody asks for that any more, and all that served is still there. */
function isLeftBehind(
  { cluster }: InstanceView,
  serving: readonly InstanceView[],
  element: ElementState,
): boolean {
  if (cluster.everStable || !sharesByWeight(element.track?.step?.final ?? null)) return false;
  return serving.filter((other) => other.cluster.everStable).length >= element.wholeSize;
}

function sameBackends(a: readonly RoutedBackend[], b: readonly RoutedBackend[]): boolean {
  return (
    a.length === b.length &&
    a.every((backend, i) => backend.instance === b[i]?.instance && backend.weight === b[i].weight)
  );
}

/** Every listener sends exactly where it should. */
export function routesSettled(view: ElementView, facts: Facts): boolean {
  const needed = neededBindings(view, facts);
  if (needed.length !== view.element.listeners.size) return false;
  for (const listener of view.element.listeners.values()) {
    if (listener.pending !== null || listener.backends === null || listener.failure !== null) return false;
    const backends = wantedBackends(view, listener);
    if (!sameBackends(backends, listener.backends)) return false;
    if (wantedScheme(view, listener, backends) !== listener.scheme) return false;
  }
  return true;
}
