import { splitInstanceId, type InstanceId } from '../../../core/base/names.js';
import type { Facts, Seen } from '../../../core/rollout/facts.js';
import type { Outcome } from '../../../ports/provider.js';
import { bendFacts, bendProviders, type Bug } from './bug.js';
import { crashing, growing, sickly } from './scripts.js';

/** Mistakes in what is taken for true when it is decided. */
export const factBugs: readonly Bug[] = [
  {
    name: 'ignore the floor',
    what: 'whatever runs counts as healthy when old instances are taken away',
    breaks: [6],
    script: sickly,
    plant: (stage) =>
      bendFacts(stage, (facts) => ({
        seen: (id) => (isUsed(id, facts) ? facts.seen(id) : well(facts.seen(id))),
      })),
  },
  {
    name: 'start a consumer early',
    what: 'a provider that runs counts as ready before it is well',
    breaks: [7],
    script: sickly,
    plant: (stage) =>
      bendFacts(stage, (facts) => ({
        seen: (id) => (isUsed(id, facts) ? well(facts.seen(id)) : facts.seen(id)),
      })),
  },
  {
    name: 'say applied too early',
    what: 'a start counts as done when it was sent, and what was started as well before anybody looked',
    breaks: [9],
    script: growing,
    plant(stage) {
      const started = new Set<InstanceId>();
      bendProviders(stage, (provider) => ({
        apply(transition, task, ctx) {
          started.delete(task.id);
          const outcome = provider.apply(transition, task, ctx);
          if (transition !== 'start') return outcome;
          started.add(task.id);
          return Promise.resolve<Outcome>({ kind: 'done', observation: null });
        },
      }));
      const active = { presence: 'present', state: 'active', health: 'good', goodSince: 0 } as const;
      bendFacts(stage, ({ seen }) => ({
        seen: (id) => (started.has(id) ? { ...seen(id), ...active } : seen(id)),
      }));
    },
  },
  {
    name: 'take the unknown for gone',
    what: 'after a start whatever was not looked at yet is made again',
    breaks: [18],
    script: crashing,
    plant: (stage) =>
      bendFacts(stage, (facts) => ({
        seen(id) {
          const seen = facts.seen(id);
          return seen.presence === 'unknown' ? { ...seen, presence: 'absent' } : seen;
        },
      })),
  },
];

function isUsed(id: InstanceId, facts: Facts): boolean {
  const element = splitInstanceId(id)?.element;
  return element !== undefined && facts.consumers(element).length > 0;
}

function well(seen: Seen): Seen {
  return seen.presence === 'present' && seen.state === 'active'
    ? { ...seen, health: 'good', goodSince: 0 }
    : seen;
}
