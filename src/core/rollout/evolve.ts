import { unreachable } from '../base/assert.js';
import type { SolutionName } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import { decodeSolution } from './encode.js';
import type { SolutionEntry } from './entries.js';
import { heldBack, keptBack, reverting, withoutClusters, withRollout } from './evolve-back.js';
import { elementAfter } from './evolve-element.js';
import { changeInstance } from './evolve-instance.js';
import { withPoint } from './evolve-point.js';
import { routed } from './evolve-route.js';
import { stepped } from './evolve-step.js';
import {
  changeElement,
  endTracks,
  formerTargets,
  restartClocks,
  setOut,
  setTargets,
} from './evolve-targets.js';
import type { Place } from './place.js';
import { sinceOf } from './since.js';
import type { RolloutState, SolutionState } from './state.js';
import { touchedBy } from './touched.js';

export function emptySolution(name: SolutionName): SolutionState {
  return {
    name,
    elements: new Map(),
    rollout: null,
    desiredDigest: null,
    revision: null,
    lastStable: null,
    former: {},
    quarantine: null,
    detached: false,
  };
}

/**
 * The only way in which a solution's state changes: total, no decisions. Replaces records in the
 * solution's tables and returns its head.
 */
export function evolve(solution: SolutionState, entry: SolutionEntry, place: Place): SolutionState {
  switch (entry.kind) {
    case 'rollout.planned':
      return planned(solution, entry, place);
    case 'rollout.phase':
      return phase(solution, entry, place);
    case 'rollout.ended':
      // What did not get where it should goes on trying; there is nobody else who would bring it there.
      endTracks(solution, entry.phase === 'failed' || entry.phase === 'blocked');
      return withRollout(entry.phase === 'reverted' ? { ...solution, former: {} } : solution, {
        phase: entry.phase,
        reason: entry.reason,
      });
    case 'rollout.superseded':
      return withRollout(solution, { phase: 'superseded', reason: entry.reason });
    case 'rollout.aborted':
      setTargets(solution, entry.targets);
      endTracks(solution);
      return withRollout(solution, { phase: 'failed', reason: entry.reason });
    case 'rollout.reverting':
      return reverting(solution, entry, place);
    case 'rollout.heldBack':
      return heldBack(solution, entry, place);
    case 'evidence.found':
      return solution.quarantine === null
        ? solution
        : { ...solution, quarantine: { ...solution.quarantine, evidence: entry.lines } };
    case 'quarantine.began':
      return keptBack(solution, entry, place);
    case 'quarantine.ended':
      // What was kept out was not planned: it is as soon as anything is, whatever stands in the way of the next plan.
      return {
        ...solution,
        quarantine: withoutClusters(solution.quarantine, entry.clusters),
        desiredDigest: null,
      };
    case 'solution.stable':
      return {
        ...solution,
        lastStable: { revision: entry.revision, desiredDigest: entry.desiredDigest },
        former: {},
      };
    case 'solution.restored':
      return decodeSolution(entry.state);
    case 'solution.down': {
      const former = formerTargets(solution, entry.targets);
      setTargets(solution, entry.targets);
      endTracks(solution);
      return { ...solution, desiredDigest: null, former };
    }
    case 'solution.detached':
      return {
        ...solution,
        detached: true,
        detachedSinceWallMs: sinceOf(solution.detachedSinceWallMs, place.wallMs),
      };
    case 'solution.attached':
      // What it should be by now is not known: whatever was wanted meanwhile was not planned. No clock ran meanwhile.
      restartClocks(solution, place);
      return { ...solution, detached: false, detachedSinceWallMs: null, desiredDigest: null };
    case 'operator.acted':
      return solution;
    case 'element.gone':
      solution.elements.delete(entry.element);
      return solution;
    case 'track.done':
    case 'element.whole':
    case 'element.drift':
    case 'repair.released':
    case 'repair.ended':
    case 'restart.began':
    case 'restart.ended':
    case 'standby.began':
    case 'standby.ended':
      changeElement(solution, entry.element, (element) => elementAfter(element, entry, place));
      return solution;
    case 'step.begun':
      setTargets(solution, { [entry.element]: entry.target });
      changeElement(solution, entry.element, (element) => stepped(element, entry, place));
      return solution;
    case 'step.ready':
    case 'step.awaits':
    case 'step.promoted':
    case 'gate.begun':
    case 'gate.ended':
      changeElement(solution, entry.element, (element) => stepped(element, entry, place));
      return solution;
    case 'listener.assigned':
    case 'listener.gone':
    case 'route.begun':
    case 'route.ended':
      changeElement(solution, entry.element, (element) => routed(element, entry, place));
      return solution;
    case 'operation.begun':
      changeInstance(solution, entry, place);
      if (entry.transition === 'start')
        for (const key of touchedBy(solution.name, entry))
          changeElement(solution, splitElementKey(key).element, (element) =>
            withPoint(element, entry.instance),
          );
      return solution;
    case 'instance.assigned':
    case 'instance.healthy':
    case 'instance.draining':
    case 'instance.kept':
    case 'instance.observed':
    case 'instance.trouble':
    case 'instance.foreign':
    case 'operation.ended':
      changeInstance(solution, entry, place);
      return solution;
    default:
      return unreachable(entry);
  }
}

type Of<Kind extends SolutionEntry['kind']> = Extract<SolutionEntry, { kind: Kind }>;

function planned(solution: SolutionState, entry: Of<'rollout.planned'>, place: Place): SolutionState {
  const former = formerTargets(solution, entry.targets);
  setOut(solution, entry.targets, place);
  const rollout: RolloutState = {
    id: entry.rollout,
    revision: entry.revision,
    arrival: entry.arrival,
    phase: 'progressing',
    reason: null,
    planDigest: entry.planDigest,
    desiredDigest: entry.desiredDigest,
    startedAt: place.at,
    startedWallMs: place.wallMs,
    changes: Object.fromEntries(
      entry.changes.map((change) => [change.element.slice(solution.name.length + 1), change.action]),
    ),
  };
  return { ...solution, rollout, desiredDigest: entry.desiredDigest, revision: entry.revision, former };
}

/** Leaving a pause, on the way there or back, starts the clocks and the rounds of retries anew. */
function phase(solution: SolutionState, entry: Of<'rollout.phase'>, place: Place): SolutionState {
  if (entry.phase === 'progressing' || entry.phase === 'reverting') restartClocks(solution, place);
  return withRollout(solution, { phase: entry.phase, reason: entry.reason });
}
