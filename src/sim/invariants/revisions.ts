import { solutionStream } from '../../core/journal/entry.js';
import type { DomainEntry } from '../../core/rollout/domain.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import type { Life } from '../life.js';
import { shownRef } from '../remote.js';
import { mainRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

type Of<Kind extends DomainEntry['kind']> = Extract<DomainEntry, { kind: Kind }>;

/** 11. What is done is done for a revision that was sound and could be reached; what is sound is not turned away. */
export function nothingRejected(stage: Stage): Watcher {
  const { world, author } = stage;
  const { repository } = world;
  const tips = new Map<Life, string | null>();
  const accepted = new Set<string>();
  // What its forerunner had already is that one's fault; whom it touches keeps its model.
  const unsound = ({ revision, stale }: Of<'revision.accepted'>, forerunner: string | null): string | null =>
    stale.length > 0 || (forerunner !== null && author.expectations.isInherited(revision, forerunner))
      ? null
      : (author.expectations.of(revision)?.mistake ?? null);
  const unreachable = (revision: string, tip: string | null): string | null =>
    tip !== null && repository.isAncestor(revision, tip)
      ? null
      : `cannot be reached from ${tip ?? 'nothing'}`;
  const isSound = (revision: string): boolean => author.expectations.of(revision)?.mistake === null;
  return {
    booted(incarnation) {
      const known = incarnation.engine?.core.state.domain.accepted ?? null;
      if (known === null) return;
      if (!accepted.has(known))
        world.violate(11, `${known} is held for accepted, and nobody has accepted it`);
    },
    answered(incarnation, { port, verb, key }) {
      if (port === 'refs' && verb === 'read' && key === mainRef)
        tips.set(incarnation, shownRef(world, incarnation, mainRef));
    },
    recorded(incarnation, { entry }) {
      const known = entry as DomainEntry;
      if (known.kind === 'revision.accepted') {
        accepted.add(known.revision);
        const problem =
          unsound(known, judgedBefore(incarnation, known.revision)) ??
          unreachable(known.revision, tips.get(incarnation) ?? null);
        if (problem !== null) world.violate(11, `${known.revision} was accepted, and ${problem}`);
      } else if (known.kind === 'revision.rejected') {
        if (isSound(known.revision))
          world.violate(
            11,
            `${known.revision} is sound, and was rejected: ${JSON.stringify(known.diagnostics[0])}`,
          );
      }
    },
    sent({ revision, verb, key }) {
      if (revision !== null && !accepted.has(revision))
        world.violate(11, `${verb} of ${key} is for ${revision}, which was not accepted`);
    },
    died: (incarnation) => void tips.delete(incarnation),
  };
}

/** The tip that was judged last before this one. */
function judgedBefore({ engine }: Life, revision: string): string | null {
  const judged = [...(engine?.core.state.domain.revisions.values() ?? [])].filter(
    (one) => one.revision !== revision && (one.state === 'accepted' || one.state === 'rejected'),
  );
  return judged.at(-1)?.revision ?? null;
}

interface Planned {
  readonly revision: string;
  readonly arrival: number;
}

/** 12. Rollouts of a solution come in the order of the branch, and none comes back without arriving anew. */
export function inOrder({ world }: Stage): Watcher {
  const { repository } = world;
  const seen = new Map<Life, Map<string, number>>();
  // A memory that was lost begins anew.
  const planned = new Map<Life, Map<string, Planned>>();
  let isForced = false;
  let number = 0;
  const problemOf = (incarnation: Life, before: Planned, now: Planned): string | null => {
    if (before.revision === now.revision) return now.arrival < before.arrival ? 'came before' : null;
    const arrivals = seen.get(incarnation);
    const [then, since] = [before, now].map((one) => arrivals?.get(`${one.revision} ${one.arrival}`) ?? 0);
    if (then !== 0 && since !== 0 && (since as number) < (then as number)) return 'was seen before it';
    if (now.arrival > 1 || isForced) return null;
    const follows = [...repository.firstParents(now.revision)].some(({ oid }) => oid === before.revision);
    return follows ? null : 'does not follow it';
  };
  return {
    booted(incarnation) {
      const known = new Map<string, Planned>();
      for (const { name, rollout } of incarnation.engine?.core.state.tables.solutions.values() ?? [])
        if (rollout !== null) known.set(solutionStream(name), rollout);
      planned.set(incarnation, known);
    },
    swapped(ref, from, to, by) {
      if (ref === mainRef && by === null && from !== null)
        isForced ||= to === null || !repository.isAncestor(from, to);
    },
    recorded(incarnation, { entry, stream }) {
      const known = entry as DomainEntry | SolutionEntry;
      if (known.kind === 'tip.seen') {
        const arrivals = seen.get(incarnation) ?? new Map<string, number>();
        seen.set(incarnation, arrivals.set(`${known.revision} ${known.arrival}`, ++number));
      }
      if (known.kind !== 'rollout.planned') return;
      const { revision, arrival } = known;
      const before = planned.get(incarnation)?.get(stream);
      planned.get(incarnation)?.set(stream, { revision, arrival });
      const problem = before === undefined ? null : problemOf(incarnation, before, known);
      if (problem !== null)
        world.violate(
          12,
          `${stream}: after ${before?.revision} came ${revision} (arrival ${arrival}), which ${problem}`,
        );
    },
    died(incarnation) {
      seen.delete(incarnation);
      planned.delete(incarnation);
    },
  };
}
