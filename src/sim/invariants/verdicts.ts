import type { DomainEntry, RevisionState } from '../../core/rollout/domain.js';
import { readMemory } from '../../core/status/emit.js';
import type { Life } from '../life.js';
import { statusRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

/**
 * 10. One final verdict for each solution of an arrival of a revision; once given it stands. What a former controller
 * notes for itself, before it hears that another has taken over, nobody hears.
 */
export function oneVerdict({ world }: Stage): Watcher {
  // What the journal of a life says, and what everybody may have read.
  const given = new Map<Life, Map<string, string>>();
  const published = new Map<string, string>();
  const wrong = (key: string, was: string, is: string): void =>
    world.violate(10, `${key} has the verdict ${was}, and now ${is}`);
  return {
    booted(incarnation) {
      const known = new Map<string, string>();
      for (const state of incarnation.engine?.core.state.domain.revisions.values() ?? [])
        for (const [key, verdict] of verdictsOf(state)) known.set(key, verdict);
      given.set(incarnation, known);
    },
    died: (incarnation) => void given.delete(incarnation),
    recorded(incarnation, { entry }) {
      const { kind, ...verdict } = entry as DomainEntry;
      if (kind !== 'verdict.given') return;
      const entryOf = verdict as Extract<DomainEntry, { kind: 'verdict.given' }>;
      const key = `${entryOf.revision.slice(0, 8)} (arrival ${entryOf.arrival}) ${entryOf.solution}`;
      const known = given.get(incarnation);
      const before = known?.get(key);
      if (before !== undefined) wrong(key, before, `${entryOf.verdict}, given again`);
      known?.set(key, entryOf.verdict);
    },
    swapped(ref, from, to, by) {
      if (ref !== statusRef || to === null || by === null) return;
      for (const [path, content] of world.repository.changes(from, to)) {
        if (content === null || !path.includes('/revisions/')) continue;
        const state = readMemory(content) as RevisionState | null;
        if (state === null) continue;
        for (const [key, verdict] of verdictsOf(state)) {
          const before = published.get(key);
          if (before !== undefined && before !== verdict) wrong(key, before, verdict);
          published.set(key, verdict);
        }
      }
    },
  };
}

function* verdictsOf(state: RevisionState): Generator<readonly [key: string, verdict: string]> {
  for (const [scoped, { verdict }] of Object.entries(state.verdicts))
    yield [`${state.revision.slice(0, 8)} (arrival ${state.arrival}) ${scoped}`, verdict];
}
