import type { Json } from '../base/data.js';
import type { DomainName } from '../base/names.js';
import { exposeBinding } from '../base/names.js';
import { activeSize } from '../base/desired.js';
import { compareVersions } from '../base/version.js';
import { byCodeUnit } from '../base/order.js';
import type { State } from '../journal/fold.js';
import { bindingEndpoint, endpointOf } from '../rollout/endpoints.js';
import type { Facts } from '../rollout/facts.js';
import type { ClusterState, ElementState, InstanceState, SolutionState } from '../rollout/state.js';
import { standbyUntil } from '../rollout/standby.js';
import type { InstanceView as RolloutInstance } from '../rollout/view.js';
import { viewElement } from '../rollout/view.js';
import { conditionsOf, pauseCondition } from './conditions.js';
import { quarantineOf } from './quarantined.js';
import { stepView } from './step.js';
import type {
  ClusterView,
  ConditionView,
  ControllerView,
  ElementView,
  InstanceView,
  SolutionView,
  StatusView,
} from './view.js';

/** What runs, from the state and from what was last seen. */
export function statusView(
  state: State,
  facts: Facts,
  extra: {
    readonly controller: ControllerView | null;
    readonly observedAtMs: number | null;
    readonly conditions: readonly ConditionView[];
  },
): StatusView {
  const solutions = [...state.tables.solutions.values()]
    .filter((solution) => solution.elements.size > 0 || (!state.domain.down && isAwaited(solution)))
    .sort((a, b) => byCodeUnit(a.name, b.name))
    .map((solution) => solutionView(state, solution, facts));
  const conditions = [...extra.conditions, ...domainConditions(state)];
  return {
    domain: state.domain.name,
    revision: state.domain.accepted,
    controller: extra.controller,
    observedAtMs: extra.observedAtMs,
    // What a person has paused may be well all the same.
    healthy:
      solutions.every((solution) => solution.healthy) && conditions.every(({ type }) => type === 'paused'),
    conditions,
    solutions,
  };
}

/** Nothing of it is there, and its rollout did not end well. */
function isAwaited({ rollout }: SolutionState): boolean {
  return rollout !== null && rollout.phase !== 'succeeded' && rollout.phase !== 'superseded';
}

/** What concerns the domain as a whole: holds, a tip that was refused, and that it was taken down. */
function domainConditions(state: State): ConditionView[] {
  const conditions: ConditionView[] = (state.domain.pauses ?? [])
    .filter(({ target }) => target === '*')
    .map((pause) => pauseCondition(state.domain.name, pause));
  for (const { hold, sinceWallMs } of state.domain.holds.values())
    conditions.push({
      type: 'held',
      reason: hold.code,
      message: hold.reason,
      sinceMs: sinceWallMs,
      command: hold.command,
    });
  const tip = state.domain.tip === null ? undefined : state.domain.revisions.get(state.domain.tip);
  if (tip?.state === 'rejected') {
    const first = tip.diagnostics[0];
    conditions.push({
      type: 'rejected',
      reason: first?.code ?? 'rejected',
      message: `${tip.revision.slice(0, 7)} was rejected with ${tip.count} error${tip.count === 1 ? '' : 's'}; ${state.domain.accepted?.slice(0, 7) ?? 'nothing'} goes on`,
      sinceMs: tip.seenWallMs,
      command: `heliostat validate ${tip.revision.slice(0, 12)} --domain ${state.domain.name}`,
    });
  }
  if (state.domain.down) {
    conditions.push({
      type: 'down',
      reason: 'down',
      message: 'everything was taken down by hand; the next commit, or heliostat apply, brings it back',
      sinceMs: state.domain.downSinceWallMs ?? 0,
      command: 'heliostat apply',
    });
  }
  return conditions;
}

export function solutionView(state: State, solution: SolutionState, facts: Facts): SolutionView {
  return {
    ...solutionHeadline(state, solution, facts),
    elements: [...solution.elements.values()]
      .sort((a, b) => byCodeUnit(a.name, b.name))
      .map((element) => elementView(element, facts, state.domain.name)),
  };
}

export function solutionHeadline(
  state: State,
  solution: SolutionState,
  facts: Facts,
): Omit<SolutionView, 'elements'> {
  const elements = [...solution.elements.values()];
  const phase = solution.rollout?.phase ?? null;
  return {
    name: solution.name,
    revision: solution.revision,
    lastStable: solution.lastStable?.revision ?? null,
    // Who let it go wants to hear no more of it.
    healthy:
      solution.detached ||
      (elements.every((element) => isHealthy(element, facts)) && (phase === null || phase === 'succeeded')),
    phase,
    quarantined: quarantineOf(state, solution),
    conditions: conditionsOf(state, solution, facts),
  };
}

export function isHealthy(element: ElementState, facts: Facts): boolean {
  const view = viewElement(element, facts);
  return (
    element.target !== null &&
    view.whole &&
    view.instances.every((instance) => instance.state.lifecycle === instance.wanted)
  );
}

export function elementView(element: ElementState, facts: Facts, domain: DomainName): ElementView {
  const step = stepView(element, domain);
  const view = viewElement(element, facts);
  const clusters = [...element.clusters.values()].sort(
    (a, b) => compareVersions(b.definition.version, a.definition.version) || byCodeUnit(a.key, b.key),
  );
  const wanted = [...(element.target?.clusters ?? [])].sort((a, b) =>
    compareVersions(b.definition.version, a.definition.version),
  );
  const highest = wanted[0];
  return {
    name: element.name,
    component:
      element.target?.component ?? clusters[0]?.definition.component ?? ('' as ElementView['component']),
    healthy: isHealthy(element, facts),
    endpoint: publicEndpoint(element),
    desired:
      highest === undefined
        ? null
        : { version: highest.definition.version, size: activeSize(element.target) },
    clusters: clusters.map((cluster) => clusterView(cluster, element, view.instances)),
    ...(step === null ? {} : { step }),
  };
}

/** What the outside uses, else what consumers use. */
function publicEndpoint(element: ElementState): string | null {
  const binding = element.listeners.has(exposeBinding)
    ? exposeBinding
    : [...element.listeners.keys()].sort()[0];
  return binding === undefined ? null : urlOf(bindingEndpoint(element, binding));
}

function urlOf(endpoint: Json | undefined): string | null {
  if (typeof endpoint !== 'object' || endpoint === null || Array.isArray(endpoint)) return null;
  const fields = endpoint as { readonly [key: string]: Json };
  const shown = fields['url'] ?? fields['path'] ?? Object.values(fields)[0];
  return shown === undefined || typeof shown === 'object' ? null : String(shown);
}

function clusterView(
  cluster: ClusterState,
  element: ElementState,
  views: readonly RolloutInstance[],
): ClusterView {
  const desired = element.target?.clusters.find((candidate) => candidate.key === cluster.key);
  const instances = views.filter((view) => view.cluster.key === cluster.key);
  const active = instances.filter((view) => view.state.lifecycle === 'active').length;
  const kept = instances.filter(({ isStandby }) => isStandby).length;
  const isStandby = desired === undefined && kept > 0;
  return {
    version: cluster.definition.version,
    generation: cluster.definition.generation,
    state: desired?.state ?? (active > 0 ? 'active' : isStandby ? 'inactive' : 'initial'),
    size: desired?.size ?? (isStandby ? kept : 0),
    active,
    ...(isStandby ? { standbyUntilMs: standbyUntil(element) } : {}),
    instances: instances.map((view) => instanceView(view.state, cluster, view)),
  };
}

function instanceView(instance: InstanceState, cluster: ClusterState, view: RolloutInstance): InstanceView {
  const at = { address: instance.runtime?.address, port: instance.runtime?.port };
  const endpoint =
    cluster.definition.endpoint === null
      ? undefined
      : endpointOf(cluster.definition.endpoint, at, instance.ordinal, instance.id);
  return {
    id: instance.id,
    state: instance.lifecycle,
    health: view.seen.presence === 'present' ? view.seen.health : 'unknown',
    endpoint: urlOf(endpoint),
    resource: view.seen.resource,
  };
}
