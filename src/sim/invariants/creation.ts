import type { InstanceId } from '../../core/base/names.js';
import { splitInstanceId } from '../../core/base/names.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';
import { instanceIn, isInTarget, isOvertaken } from './state.js';

/** 1. What lives is wanted, or the journal knows that it is on its way. */
export function noOrphan(stage: Stage): Watcher {
  const { world } = stage;
  const { technology } = world;
  const underWay = new Map<string, number>();
  // Since it was last made; and what somebody who died had made after it was taken away.
  const removed = new Set<string>();
  const late = new Set<string>();
  const count = (key: string, by: 1 | -1): void => {
    const left = (underWay.get(key) ?? 0) + by;
    if (left > 0) underWay.set(key, left);
    else underWay.delete(key);
  };
  return {
    begun: ({ key }) => count(key, 1),
    landed(mutation, how) {
      if (how !== 'refused') count(mutation.key, -1);
      const { by, key, verb } = mutation;
      if (how !== 'refused' && (verb === 'destroy' || verb === 'reset')) removed.add(key);
      if (how === 'changed' && verb === 'create') {
        if (removed.has(key) && by.dead) late.add(key);
        else late.delete(key);
        removed.delete(key);
      }
      if (verb !== 'create' || how !== 'changed' || by.dead || by.engine === null) return;
      if (instanceIn(by.engine, key) === null)
        world.violate(1, `${key} was created, and the journal knows nothing of it`);
      const { owner } = technology.resources.get(key as InstanceId) ?? {};
      if (owner !== undefined && owner.slice(owner.indexOf(':') + 1) !== key)
        world.violate(1, `${key} carries the owner key ${owner}`);
    },
    recorded(incarnation, { entry }) {
      const ended = entry as SolutionEntry;
      if (ended.kind !== 'operation.ended' || ended.outcome !== 'done' || incarnation.engine === null) return;
      if (isOvertaken(incarnation.engine, world)) return;
      const { instance } = ended;
      // Only what nobody else works on: an effect of somebody who died may still land, or has landed behind ours.
      if (!technology.resources.has(instance) || underWay.has(instance) || late.has(instance)) return;
      if (instanceIn(incarnation.engine, instance) === null)
        world.violate(1, `${instance} still exists, and the journal has forgotten it`);
    },
    ended() {
      const { engine } = stage;
      if (engine === null) return;
      for (const id of technology.resources.keys())
        if (!isInTarget(engine, id)) world.violate(1, `${id} exists, and nothing asks for it`);
    },
  };
}

/** 2. One thing for an identity, one thing for an operation. */
export function noDoubleCreate({ world }: Stage): Watcher {
  const { resources } = world.technology;
  const effective = new Map<string, string>();
  // By owner key, and by what the identity names whatever technology it lives in.
  const holders = new Map<string, string>();
  const hold = (name: string, key: string): void => {
    const twin = holders.get(name);
    if (twin !== undefined && twin !== key && resources.has(twin as InstanceId))
      world.violate(2, `${twin} and ${key} both live as ${name}`);
    holders.set(name, key);
  };
  return {
    landed({ operation, verb, key }, how) {
      if (verb !== 'create' || how !== 'changed') return;
      const made = operation === null ? undefined : effective.get(operation);
      if (made !== undefined) world.violate(2, `operation ${operation} has created ${made} and ${key}`);
      if (operation !== null) effective.set(operation, key);
      hold(resources.get(key as InstanceId)?.owner ?? key, key);
      const parts = splitInstanceId(key);
      if (parts !== null) hold(`${parts.element} ${parts.cluster} ${parts.ordinal}`, key);
    },
  };
}
