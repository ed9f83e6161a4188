import type { DomainEntry } from '../../core/rollout/domain.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import type { Life } from '../life.js';
import type { Stage } from '../stage.js';
import type { Mutation, Watcher } from '../watcher.js';

/** What one incarnation has seen with its own eyes. */
interface Eyes {
  /** Seen, or made by it where nothing was, since its last outcome that nobody knew. */
  readonly seen: Set<string>;
  /** Something was done to it in this life whose outcome was not known, and it was not looked at since. */
  readonly unknown: Set<string>;
  hasListed: boolean;
}

/** 18. What nobody knows is looked at before anything is done about it, least of all undone. */
export function lookFirst({ world }: Stage): Watcher {
  const eyes = new Map<Life, Eyes>();
  const of = (incarnation: Life): Eyes => {
    const known = eyes.get(incarnation) ?? { seen: new Set(), unknown: new Set(), hasListed: false };
    eyes.set(incarnation, known);
    return known;
  };
  return {
    answered(incarnation, { port, verb, key }) {
      if (port !== 'provider') return;
      if (verb === 'list') of(incarnation).hasListed = true;
      if (verb !== 'observe') return;
      const { seen, unknown } = of(incarnation);
      for (const id of key.split(' ')) {
        seen.add(id);
        unknown.delete(id);
      }
    },
    recorded(incarnation, { entry }) {
      const known = entry as SolutionEntry | DomainEntry;
      if (known.kind === 'instance.assigned') of(incarnation).seen.add(known.instance);
      if (known.kind !== 'operation.ended' || known.outcome !== 'unknown') return;
      const { seen, unknown } = of(incarnation);
      seen.delete(known.instance);
      unknown.add(known.instance);
    },
    sent(mutation) {
      const { by, key, owner } = mutation;
      if (owner === null) return;
      const { seen, unknown, hasListed } = of(by);
      if (isOrphan(mutation) ? !hasListed : !seen.has(key))
        world.violate(
          18,
          `${mutation.verb} of ${key} was sent by ${by.number}, who ` +
            (unknown.has(key) ? 'did not look after an unknown outcome' : 'has never seen it'),
        );
    },
    died: (incarnation) => void eyes.delete(incarnation),
  };
}

function isOrphan({ by, operation }: Mutation): boolean {
  return operation !== null && by.machine.journal.intents.get(operation)?.kind === 'orphan.begun';
}
