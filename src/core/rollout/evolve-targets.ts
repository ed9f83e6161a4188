import type { DesiredElement } from '../base/desired.js';
import type { ClusterKey, ElementName, SolutionName } from '../base/names.js';
import { elementKey } from '../base/names.js';
import { dropEmptyClusters } from './clusters.js';
import { withoutPoint } from './evolve-point.js';
import { measuredAnew } from './evolve-step.js';
import type { Place } from './place.js';
import type { ClusterState, ElementState, SolutionState, Targets, Track } from './state.js';

/** On the way to other targets, with a new round of tries. */
export function setOut(solution: SolutionState, targets: Targets, place: Place): void {
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
export function formerTargets(solution: SolutionState, targets: Targets): Targets {
  const changed = Object.keys(targets).filter((name) => !(name in solution.former)) as ElementName[];
  if (changed.length === 0) return solution.former;
  const before = changed.map((name) => [name, solution.elements.get(name)?.target ?? null] as const);
  return { ...solution.former, ...Object.fromEntries(before) };
}

export function restartClocks(solution: SolutionState, { at }: Place): void {
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

export function endTracks(solution: SolutionState, keepsOpen = false): void {
  for (const element of solution.elements.values()) {
    if (element.track !== null && !(keepsOpen && !element.track.done))
      solution.elements.set(element.name, { ...element, track: null });
  }
}

export function setTargets(solution: SolutionState, targets: Targets): void {
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

export function changeElement(
  solution: SolutionState,
  name: ElementName,
  change: (element: ElementState) => ElementState,
): void {
  const element = solution.elements.get(name);
  if (element !== undefined) solution.elements.set(name, change(element));
}
