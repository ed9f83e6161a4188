import type { DesiredCluster, DesiredElement, DesiredSolution } from '../base/desired.js';
import type { ClusterKey, ElementKey, ElementName, SolutionName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { Version } from '../base/version.js';
import { satisfies } from '../base/version.js';
import type { StayingElement } from '../plan/types.js';
import type { Quarantined, SolutionState } from './state.js';

/** What an element stays at although the model asks for another thing. */
export interface Staying {
  readonly element: ElementName;
  readonly cluster: Quarantined['cluster'];
}

/** What a solution is to become while a cluster of it is quarantined. */
export interface Effective {
  readonly desired: DesiredSolution | null;
  readonly staying: readonly Staying[];
}

/**
 * As long as the model asks for what failed, all stays as it is; once it asks for something else, only the failed
 * clusters stay out, and with them what accepts no version that remains.
 */
export function withoutQuarantined(
  desired: DesiredSolution | null,
  solution: SolutionState | undefined,
  /** What an element of another solution will be. */
  after: (key: ElementKey) => DesiredElement | null,
): Effective {
  const quarantine = solution?.quarantine ?? null;
  if (desired === null || solution === undefined || quarantine === null) return { desired, staying: [] };
  const asked = (element: DesiredElement): boolean => asksFor(element, quarantine.clusters);
  if (desired.digest === quarantine.desiredDigest)
    return {
      desired: { ...desired, elements: heldElements(solution) },
      staying: stayingOf(desired, new Set(desired.elements.keys()), asked),
    };
  const out = new Set([...desired.elements.values()].filter(asked).map(({ name }) => name));
  if (out.size === 0) return { desired, staying: [] };
  spread(desired, solution, out, after);
  const elements = new Map(desired.elements);
  for (const name of out) {
    const held = solution.elements.get(name)?.target ?? null;
    if (held === null) elements.delete(name);
    else elements.set(name, held);
  }
  return { desired: { ...desired, elements }, staying: stayingOf(desired, out, () => true) };
}

/** It was taken along by another solution, which asks for what failed there no more: nothing keeps it back. */
export function isCauseGone(
  solution: SolutionState | undefined,
  desired: ReadonlyMap<SolutionName, DesiredSolution>,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): boolean {
  const cause = solution?.quarantine?.cause;
  if (cause === undefined) return false;
  const other = solutions.get(cause.solution);
  if (other?.rollout == null) return true;
  if (other.quarantine === null)
    return other.rollout.revision !== cause.revision || other.rollout.arrival !== cause.arrival;
  const model = desired.get(cause.solution) ?? null;
  return (
    model?.digest !== other.quarantine.desiredDigest &&
    noLongerAsked(model, other).length === other.quarantine.clusters.length
  );
}

/** For a plan: what stays, where it stays, and what failed. */
export function stayingElements(
  staying: readonly Staying[],
  solution: SolutionState | undefined,
): readonly StayingElement[] {
  const quarantine = solution?.quarantine ?? null;
  if (solution === undefined || quarantine === null) return [];
  const { revision, reason } = quarantine;
  return staying.map(({ element, cluster }) => {
    const own = quarantine.clusters.filter((one) => one.element === element && one.cluster === cluster);
    return {
      element: `${solution.name}/${element}` as ElementKey,
      version: versionOf(cluster),
      at: (solution.elements.get(element)?.target?.clusters ?? []).map(({ key }) => versionOf(key)),
      failed: (own.length > 0 ? own : quarantine.clusters).map((one) => ({
        element: `${solution.name}/${one.element}` as ElementKey,
        version: versionOf(one.cluster),
      })),
      revision,
      reason,
    };
  });
}

function versionOf(cluster: ClusterKey): Version {
  return cluster.slice(0, cluster.indexOf('~')) as Version;
}

/** Of what was quarantined, what the model does not ask for any more. */
export function noLongerAsked(
  desired: DesiredSolution | null,
  solution: SolutionState,
): readonly Quarantined[] {
  return (solution.quarantine?.clusters ?? []).filter(({ element, cluster }) => {
    const asked = desired?.elements.get(element)?.clusters ?? [];
    return !asked.some(({ key }) => key === cluster);
  });
}

function asksFor({ name, clusters }: DesiredElement, quarantined: readonly Quarantined[]): boolean {
  return quarantined.some(
    ({ element, cluster }) => element === name && clusters.some(({ key }) => key === cluster),
  );
}

/** Repeated until nothing more stays out. */
function spread(
  desired: DesiredSolution,
  solution: SolutionState,
  out: Set<ElementName>,
  after: (key: ElementKey) => DesiredElement | null,
): void {
  const remaining = (key: ElementKey): readonly DesiredCluster[] => {
    const own = [...desired.elements.values()].find((element) => element.key === key);
    if (own === undefined) return after(key)?.clusters ?? [];
    return (out.has(own.name) ? solution.elements.get(own.name)?.target : own)?.clusters ?? [];
  };
  const isServed = ({ clusters }: DesiredElement): boolean =>
    clusters.every(({ state, definition }) =>
      definition.relationships.every(
        ({ provider, range }) =>
          state !== 'active' ||
          remaining(provider).some(
            (one) => one.state === 'active' && satisfies(one.definition.version, range),
          ),
      ),
    );
  for (let before = -1; before !== out.size;) {
    before = out.size;
    for (const element of desired.elements.values())
      if (!out.has(element.name) && !isServed(element)) out.add(element.name);
  }
}

function heldElements(solution: SolutionState): Map<ElementName, DesiredElement> {
  const held = [...solution.elements.values()].flatMap(({ name, target }) =>
    target === null ? [] : [[name, target] as const],
  );
  return new Map(held.sort(([a], [b]) => byCodeUnit(a, b)));
}

function stayingOf(
  desired: DesiredSolution,
  names: ReadonlySet<ElementName>,
  isTold: (element: DesiredElement) => boolean,
): Staying[] {
  return [...desired.elements.values()]
    .filter((element) => names.has(element.name) && isTold(element))
    .flatMap(({ name, clusters }) => clusters.map(({ key }) => ({ element: name, cluster: key })));
}
