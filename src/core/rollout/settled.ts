import type { InstanceId } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import { findInstance } from './find.js';
import type { Seen } from './facts.js';
import type { Tables } from './tables.js';
import { elementAt } from './tables.js';
import { unseen } from './world.js';

/** Takes what the journal knows for what is seen: the basis of a simulation, which asks no provider. */
export function asSettled(tables: Tables): (id: InstanceId) => Seen {
  return (id) => {
    const parts = splitInstanceId(id);
    const element = parts === null ? null : elementAt(tables, parts.element);
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
