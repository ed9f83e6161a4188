import type { InstanceId } from '../../core/base/names.js';
import type { State } from '../../core/journal/fold.js';
import type { Seen } from '../../core/rollout/facts.js';
import { findInstance } from '../../core/rollout/evolve.js';
import { splitInstanceId } from '../../core/base/names.js';
import { elementAt } from '../../core/rollout/tables.js';
import { unseen } from '../../core/rollout/world.js';

/** Takes what the journal knows for what is seen: the basis of a plan that asks no provider. */
export function asSettled(state: State): (id: InstanceId) => Seen {
  return (id) => {
    const parts = splitInstanceId(id);
    const element = parts === null ? null : elementAt(state.tables, parts.element);
    const instance = element === null ? undefined : findInstance(element, id)?.instance;
    if (instance === undefined) return unseen;
    if (instance.lifecycle === 'initial') return { ...unseen, presence: 'absent' };
    const active = instance.lifecycle === 'active';
    return {
      ...unseen,
      presence: 'present',
      state: instance.lifecycle,
      health: active ? 'good' : 'unknown',
      goodSince: active ? (instance.activeSince ?? 0) : null,
    };
  };
}
