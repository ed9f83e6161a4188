import { unreachable } from '../base/assert.js';
import type { DesiredElement } from '../base/desired.js';
import type { ClusterKey, ElementName, InstanceId, SolutionName } from '../base/names.js';
import { elementKey, splitElementKey, splitInstanceId } from '../base/names.js';
import { safe } from '../base/safe-text.js';
import { compareVersions } from '../base/version.js';
import { wayDown } from '../plan/irreversible.js';
import { dropEmptyClusters } from './clusters.js';
import { decodeSolution } from './encode.js';
import type { SolutionEntry } from './entries.js';
import { elementAfter } from './evolve-element.js';
import { changeInstance } from './evolve-instance.js';
import { routed } from './evolve-route.js';
import { measuredAnew, stepped } from './evolve-step.js';
import type { Place } from './place.js';
import { sinceOf } from './since.js';
import type {
  ClusterState,
  ElementState,
  Quarantine,
  Quarantined,
  RolloutState,
  SolutionState,
  Targets,
  Track,
} from './state.js';

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
      return { ...solution, quarantine: withoutClusters(solution.quarantine, entry.clusters) };
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
      if (entry.transition === 'start') started(solution, entry.instance);
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

/** On the way to other targets, with a new round of tries. */
function setOut(solution: SolutionState, targets: Targets, place: Place): void {
  setTargets(solution, targets);
  for (const name of Object.keys(targets) as ElementName[])
    changeElement(solution, name, (element) => ({
      ...withoutPoint(withoutTroubles(element)),
      // Whoever was on a step stays on it where the way is the same.
      track: measuredAnew({
        ...steppedBefore(element),
        startedAt: place.at,
        progressAt: place.at,
        done: false,
      }),
    }));
}

function steppedBefore({ track }: ElementState): Pick<Track, 'step'> {
  return track?.step === undefined ? {} : { step: track.step };
}

/** Who changes for the first time since the solution was stable is remembered as it was there. */
function formerTargets(solution: SolutionState, targets: Targets): Targets {
  const changed = Object.keys(targets).filter((name) => !(name in solution.former)) as ElementName[];
  if (changed.length === 0) return solution.former;
  const before = changed.map((name) => [name, solution.elements.get(name)?.target ?? null] as const);
  return { ...solution.former, ...Object.fromEntries(before) };
}

function reverting(solution: SolutionState, entry: Of<'rollout.reverting'>, place: Place): SolutionState {
  const { rollout } = solution;
  setOut(solution, entry.targets, place);
  if (rollout === null) return solution;
  const quarantine: Quarantine = {
    revision: rollout.revision,
    arrival: rollout.arrival,
    reason: entry.reason,
    desiredDigest: rollout.desiredDigest,
    // Who failed before and is still asked for stays out as well.
    clusters: [...(withoutClusters(solution.quarantine, entry.clusters)?.clusters ?? []), ...entry.clusters],
    evidence: entry.evidence ?? [],
    sinceWallMs: place.wallMs,
    ...(entry.cause === undefined ? {} : { cause: entry.cause }),
  };
  return withRollout({ ...solution, quarantine }, { phase: 'reverting', reason: entry.reason });
}

/** What failed of its own is worse, and stays the reason. */
function keptBack(solution: SolutionState, entry: Of<'quarantine.began'>, place: Place): SolutionState {
  const { rollout } = solution;
  if (rollout === null || solution.quarantine !== null) return solution;
  const { revision, arrival, desiredDigest } = rollout;
  const { cause, reason } = entry;
  const { wallMs: sinceWallMs } = place;
  return {
    ...solution,
    quarantine: { revision, arrival, reason, desiredDigest, clusters: [], evidence: [], sinceWallMs, cause },
  };
}

/** Null: none is left, and nothing else is kept out either. */
function withoutClusters(quarantine: Quarantine | null, gone: readonly Quarantined[]): Quarantine | null {
  if (quarantine === null) return null;
  const clusters = quarantine.clusters.filter(
    (kept) => !gone.some(({ element, cluster }) => element === kept.element && cluster === kept.cluster),
  );
  return clusters.length === 0 ? null : { ...quarantine, clusters };
}

/** Leaving a pause, on the way there or back, starts the clocks and the rounds of retries anew. */
function phase(solution: SolutionState, entry: Of<'rollout.phase'>, place: Place): SolutionState {
  if (entry.phase === 'progressing' || entry.phase === 'reverting') restartClocks(solution, place);
  return withRollout(solution, { phase: entry.phase, reason: entry.reason });
}

function restartClocks(solution: SolutionState, { at }: Place): void {
  for (const element of solution.elements.values()) {
    if (element.track === null) continue;
    const track = { ...measuredAnew(element.track), startedAt: at, progressAt: at };
    solution.elements.set(element.name, { ...element, track });
    withoutTroubles(element);
  }
}

/** The rounds of retries begin anew. */
function withoutTroubles(element: ElementState): ElementState {
  for (const { instances } of element.clusters.values())
    for (const instance of instances.values())
      if (instance.trouble !== null) instances.set(instance.ordinal, { ...instance, trouble: null });
  return element;
}

/** Whatever becomes of it, nobody waits any more to be told whether it may go back. */
function withRollout(
  solution: SolutionState,
  change: Pick<RolloutState, 'phase' | 'reason' | 'heldBack'>,
): SolutionState {
  if (solution.rollout === null) return solution;
  const { heldBack: _heldBack, ...rollout } = solution.rollout;
  return { ...solution, rollout: { ...rollout, ...change } };
}

function heldBack(solution: SolutionState, entry: Of<'rollout.heldBack'>, place: Place): SolutionState {
  const { kind: _kind, ...held } = entry;
  return withRollout(solution, {
    phase: 'paused',
    reason: safe(`${entry.reason}; going back waits for a person: ${entry.ways}`),
    heldBack: { ...held, sinceWallMs: place.wallMs },
  });
}

/** From here on no way leads below its version without a person, if it says so. */
function started(solution: SolutionState, instance: InstanceId): void {
  const parts = splitInstanceId(instance);
  if (parts === null) return;
  changeElement(solution, splitElementKey(parts.element).element, (element) => {
    const definition = element.clusters.get(parts.cluster)?.definition;
    if (definition?.revertible !== false) return element;
    const { component, version } = definition;
    const known = element.pointOfNoReturn;
    const isBelow = known?.component === component && compareVersions(known.version, version) >= 0;
    return isBelow ? element : { ...element, pointOfNoReturn: { component, version } };
  });
}

/** A person has let it go down: that was decided, once. */
function withoutPoint(element: ElementState): ElementState {
  if (wayDown(element.target, element.pointOfNoReturn) === null) return element;
  const { pointOfNoReturn: _point, ...rest } = element;
  return rest;
}

function endTracks(solution: SolutionState, keepsOpen = false): void {
  for (const element of solution.elements.values()) {
    if (element.track !== null && !(keepsOpen && !element.track.done))
      solution.elements.set(element.name, { ...element, track: null });
  }
}

function setTargets(solution: SolutionState, targets: Targets): void {
  for (const [name, target] of Object.entries(targets) as [ElementName, DesiredElement | null][]) {
    const element = solution.elements.get(name) ?? emptyElement(solution.name, name);
    if (target !== null)
      for (const cluster of target.clusters) {
        const known = element.clusters.get(cluster.key);
        element.clusters.set(
          cluster.key,
          known
            ? { ...known, definition: cluster.definition, policy: target.rollout }
            : emptyCluster(cluster.key, cluster.definition, target.rollout),
        );
      }
    solution.elements.set(name, { ...element, target, drift: null, driftSinceWallMs: null });
    dropEmptyClusters(solution.elements.get(name) as ElementState);
  }
}

function emptyElement(solution: SolutionName, name: ElementName): ElementState {
  return {
    key: elementKey(solution, name),
    name,
    target: null,
    wholeSize: 0,
    clusters: new Map(),
    listeners: new Map(),
    track: null,
    drift: null,
  };
}

function emptyCluster(
  key: ClusterKey,
  definition: ClusterState['definition'],
  policy: ClusterState['policy'],
): ClusterState {
  return { key, definition, policy, everStable: false, instances: new Map() };
}

function changeElement(
  solution: SolutionState,
  name: ElementName,
  change: (element: ElementState) => ElementState,
): void {
  const element = solution.elements.get(name);
  if (element !== undefined) solution.elements.set(name, change(element));
}
