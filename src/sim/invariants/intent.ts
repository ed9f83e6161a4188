import { listenerOf } from '../../core/base/names.js';
import type { Stage } from '../stage.js';
import type { Mutation, Watcher } from '../watcher.js';
import type { Intent } from '../durable-journal.js';

/** 3. Whoever asks for an effect has written down before, safe from a loss of power, that he is going to. */
export function intentFirst({ world }: Stage): Watcher {
  return {
    sent(mutation) {
      const { journal } = mutation.by.machine;
      journal.refresh();
      const intent = mutation.operation === null ? undefined : journal.intents.get(mutation.operation);
      const what = `${mutation.verb} of ${mutation.key} (operation ${mutation.operation ?? 'none'})`;
      if (intent === undefined) world.violate(3, `${what} was sent before its intent was durable`);
      else if (!isFor(intent, mutation)) world.violate(3, `${what} was sent for another intent`);
    },
  };
}

function isFor({ kind, about, transition }: Intent, { verb, key }: Mutation): boolean {
  switch (kind) {
    case 'operation.begun':
      return about === key && transition === verb;
    case 'orphan.begun':
      return about === key && (verb === 'reset' || verb === 'destroy');
    case 'route.begun':
      return verb === 'route' && about === listenerOf(key);
    case 'listener.gone':
    case 'orphan.unrouted':
      return verb === 'unroute' && about === listenerOf(key);
    default:
      return false;
  }
}
