import { standbyMsOf } from '../../core/base/canary.js';
import type { DesiredCluster } from '../../core/base/desired.js';
import { splitInstanceId } from '../../core/base/names.js';
import { findInstance } from '../../core/rollout/find.js';
import type { ElementState, InstanceState } from '../../core/rollout/state.js';
import { elementAt } from '../../core/rollout/tables.js';
import type { Engine } from '../../engine/engine.js';
import type { World } from '../world.js';

/** What the journal of a running engine knows of an instance. */
export function instanceIn(engine: Engine, id: string): InstanceState | null {
  const parts = splitInstanceId(id);
  const element = parts === null ? null : elementAt(engine.core.state.tables, parts.element);
  return element === null ? null : (findInstance(element, id as InstanceState['id'])?.instance ?? null);
}

/** Another has acted since: what this one notes for itself, before it hears of that, nobody hears. */
export function isOvertaken({ core }: Engine, { technology }: Pick<World, 'technology'>): boolean {
  return core.branch.epoch < technology.epoch;
}

/** What the target asks of the cluster of an instance within whose size it is; null: nothing. */
export function wantedCluster(engine: Engine, id: string): DesiredCluster | null {
  const parts = splitInstanceId(id);
  if (parts === null) return null;
  const target = elementAt(engine.core.state.tables, parts.element)?.target ?? null;
  const cluster = target?.clusters.find(({ key }) => key === parts.cluster) ?? null;
  return cluster !== null && parts.ordinal < cluster.size ? cluster : null;
}

/** It may be there, stopped, for the way back; nobody has to make it. By the words of the semantics, not by the guards. */
export function mayStandBy({ target, standby }: ElementState, id: string): boolean {
  if (standby == null || standby.isOver === true || target === null) return false;
  if (standbyMsOf(target.rollout) === 0) return false;
  const parts = splitInstanceId(id);
  return parts?.cluster === standby.cluster && parts.ordinal < standby.size;
}

/** The same, of an instance by its id: what is there, or not, by chance and time. */
export function standsBy(engine: Engine, id: string): boolean {
  const parts = splitInstanceId(id);
  const element = parts === null ? null : elementAt(engine.core.state.tables, parts.element);
  return element !== null && wantedCluster(engine, id) === null && mayStandBy(element, id);
}

/** Where listeners send to, without those that only what is kept for a way back is bound to. */
export function routingOf(world: World, { core }: Engine): string[] {
  const bound = new Set<string>();
  for (const { elements } of core.state.tables.solutions.values())
    for (const { target, clusters } of elements.values())
      for (const { key, instances, definition } of clusters.values()) {
        const runs = [...instances.values()].some(({ lifecycle }) => lifecycle === 'active');
        if (!runs && target?.clusters.some((desired) => desired.key === key) !== true) continue;
        for (const { provider, range } of definition.relationships) bound.add(`${provider}#${range}`);
      }
  return world.technology.routing().filter((line) => {
    const [binding = ''] = line.split(' → ');
    return binding.endsWith('#expose') || bound.has(binding);
  });
}

/** Whether the target wants it to exist; what was let go is nobody's business. */
export function isInTarget(engine: Engine, id: string): boolean {
  const solution = splitInstanceId(id)?.solution;
  if (solution !== undefined && engine.core.state.tables.solutions.get(solution)?.detached === true)
    return true;
  const parts = splitInstanceId(id);
  const element = parts === null ? null : elementAt(engine.core.state.tables, parts.element);
  if (element !== null && mayStandBy(element, id)) return true;
  return (wantedCluster(engine, id)?.state ?? 'initial') !== 'initial';
}
