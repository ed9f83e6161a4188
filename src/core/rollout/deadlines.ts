import type { Relationship, RolloutPolicy } from '../base/desired.js';
import type { ElementKey } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import { safe } from '../base/safe-text.js';
import { satisfies } from '../base/version.js';
import { readyCountOf } from './amounts.js';
import type { Draft } from './draft.js';
import { wake } from './draft.js';
import type { Facts } from './facts.js';
import type { Failure } from './fail.js';
import { unreadyService } from './needs.js';
import { providersOf, waitsFor, waitsForPaused } from './halted.js';
import type { ElementState, EngineMs } from './state.js';
import { isHeld } from './steps.js';
import { isForgivable } from './trouble.js';
import { concerns } from './up.js';
import type { ElementView, InstanceView } from './view.js';
import { viewElement } from './view.js';

/** Why the rollout of this element cannot succeed; null while it still may. */
export function failureOf(view: ElementView, facts: Facts, draft: Draft): Failure | null {
  for (const instance of view.instances) {
    const trouble = instance.state.trouble;
    const isOver = instance.healthy && isForgivable(trouble);
    if (trouble?.exhausted === true && concerns(trouble, instance) && !isOver)
      return failure(
        view,
        instance,
        `${named(instance, view)}: ${trouble.transition} failed ${trouble.failures} times: ${trouble.reason}`,
      );
    const late = unhealthyTooLong(instance, view, facts, draft);
    if (late !== null) return failure(view, instance, late);
  }
  const stands = draft.waiting ? null : stalled(view.element, facts, draft);
  return stands === null ? null : failure(view, null, stands);
}

function failure({ element }: ElementView, instance: InstanceView | null, reason: string): Failure {
  return {
    element: element.name,
    cluster: instance?.cluster.key ?? null,
    instance: instance?.state.id ?? null,
    reason: safe(reason),
  };
}

function named({ cluster, state }: InstanceView, { element }: ElementView): string {
  return `${element.name} ${cluster.definition.version} #${state.ordinal}`;
}

/** The clock of one instance runs while it turns healthy, and stands still while its providers are not ready. */
function unhealthyTooLong(
  instance: InstanceView,
  view: ElementView,
  facts: Facts,
  draft: Draft,
): SafeText | null {
  const { state, cluster } = instance;
  const policy = view.element.target?.rollout;
  if (!instance.isNew || policy === undefined || state.activeSince === null) return null;
  if (instance.healthyAt !== null || state.draining !== null) return null;
  if (unreadyService(cluster, facts) !== null) {
    draft.waiting = true;
    return null;
  }
  const since = Math.max(state.activeSince, view.element.track?.startedAt ?? 0, facts.begunAt);
  let deadline = since + policy.healthyDeadlineMs;
  if (facts.now >= deadline)
    deadline =
      Math.max(since, readySince(cluster.definition.relationships, facts)) + policy.healthyDeadlineMs;
  if (facts.now < deadline) {
    wake(draft, deadline);
    return null;
  }
  const failedRoute = [...view.element.listeners.values()].find((listener) => listener.failure !== null);
  const why = instance.seen.detail ?? failedRoute?.failure ?? 'no answer yet';
  return safe(`${named(instance, view)} was not healthy within ${seconds(policy.healthyDeadlineMs)}: ${why}`);
}

function stalled(element: ElementState, facts: Facts, draft: Draft): SafeText | null {
  const { track } = element;
  const policy = policyOf(element);
  if (track === null || track.done || policy === null) return null;
  let deadline = Math.max(track.progressAt, facts.begunAt) + policy.progressDeadlineMs;
  // Who waited for others begins to count when they are there.
  if (facts.now >= deadline) deadline = othersMovedAt(element, facts) + policy.progressDeadlineMs;
  if (facts.now >= deadline && (waitsForPaused(element, facts) || waitsFor(element, facts, isHeld)))
    deadline = facts.now + policy.progressDeadlineMs;
  if (facts.now >= deadline)
    return safe(`${element.name} made no progress for ${seconds(policy.progressDeadlineMs)}`);
  wake(draft, deadline);
  return null;
}

function policyOf(element: ElementState): RolloutPolicy | null {
  const former = [...element.clusters.values()].at(-1)?.policy ?? null;
  return element.target?.rollout ?? former;
}

/** When an element last moved, or what it waits for: providers that came up, and whoever is on a way of its own. */
function othersMovedAt(element: ElementState, facts: Facts): EngineMs {
  const relationships = (element.target?.clusters ?? []).flatMap(
    (cluster) => element.clusters.get(cluster.key)?.definition.relationships ?? [],
  );
  let latest = Math.max(element.track?.progressAt ?? 0, readySince(relationships, facts));
  const seen = new Set<ElementKey>([element.key]);
  const queue = [...facts.consumers(element.key), ...providersOf(element)];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const other = facts.element(key);
    const track = other?.track ?? null;
    if (seen.has(key) || other === null || track === null || track.done) continue;
    seen.add(key);
    latest = Math.max(latest, track.progressAt);
    queue.push(...facts.consumers(key), ...providersOf(other));
  }
  return latest;
}

/** Since when all of these providers are ready, as far as it can be seen; 0 where one is not. */
function readySince(relationships: readonly Relationship[], facts: Facts): EngineMs {
  return Math.max(0, ...relationships.map((relationship) => oneReadySince(relationship, facts)));
}

function oneReadySince({ provider, range, type }: Relationship, facts: Facts): EngineMs {
  const element = facts.element(provider);
  if (element === null) return 0;
  const times = viewElement(element, facts).instances.flatMap((instance) =>
    instance.healthy && satisfies(instance.cluster.definition.version, range)
      ? [instance.healthyAt ?? 0]
      : [],
  );
  const needed = type === 'context' ? 1 : readyCountOf(element);
  return times.sort((a, b) => a - b)[needed - 1] ?? 0;
}

function seconds(ms: number): string {
  return ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}
