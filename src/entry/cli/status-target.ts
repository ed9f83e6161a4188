import type { SolutionView, StatusView } from '../../core/status/view.js';
import type { Phase } from '../../core/rollout/state.js';
import type { TargetName } from './operations.js';
import { resolveTarget } from './targets.js';

/** The part of a status that a target names; it is as healthy as that part. */
export function selectTarget(view: StatusView, text: string): StatusView {
  const found = resolveTarget(text, namesIn(view), ['solution', 'element', 'instance']);
  const [, solutionName = '', elementName] = found.name.split('/');
  const solutions = view.solutions
    .filter((solution) => solution.name === solutionName)
    .map((solution) => (elementName === undefined ? solution : onlyElement(solution, elementName, found)));
  return { ...view, solutions, healthy: solutions.every((solution) => solution.healthy) };
}

function onlyElement(solution: SolutionView, name: string, target: TargetName): SolutionView {
  const elements = solution.elements
    .filter((element) => element.name === name)
    .map((element) =>
      target.kind === 'instance' ? { ...element, clusters: onlyInstance(element.clusters, target) } : element,
    );
  const quarantined = solution.quarantined.filter((each) => each.element === name);
  return { ...solution, elements, quarantined, healthy: elements.every((element) => element.healthy) };
}

function onlyInstance(
  clusters: SolutionView['elements'][number]['clusters'],
  target: TargetName,
): SolutionView['elements'][number]['clusters'] {
  return clusters
    .map((cluster) => ({ ...cluster, instances: cluster.instances.filter(({ id }) => id === target.name) }))
    .filter((cluster) => cluster.instances.length > 0);
}

function namesIn(view: StatusView): TargetName[] {
  return view.solutions.flatMap((solution) => [
    { kind: 'solution' as const, name: `${view.domain}/${solution.name}` },
    ...solution.elements.map((element) => ({
      kind: 'element' as const,
      name: `${view.domain}/${solution.name}/${element.name}`,
    })),
    ...solution.elements
      .flatMap((element) => element.clusters.flatMap((cluster) => cluster.instances))
      .map(({ id }) => ({ kind: 'instance' as const, name: id })),
  ]);
}

/** Phases in which the last rollout asks for nothing more. */
const settled: readonly (Phase | null)[] = [null, 'succeeded', 'reverted', 'superseded'];

/** Actual is desired, as `status` answers it by its exit code. */
export function isThere(view: StatusView): boolean {
  return (
    view.healthy &&
    view.solutions.every(
      (solution) =>
        settled.includes(solution.phase) &&
        solution.quarantined.length === 0 &&
        // Healthy, and yet not what Git asks for.
        !solution.conditions.some(({ type }) => type === 'drift'),
    )
  );
}
