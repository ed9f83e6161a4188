import type { DesiredElement, Relationship } from '../base/desired.js';
import type { Diagnostic } from '../base/diagnostic.js';
import type { ElementKey, ElementName, SolutionName } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import type { Version } from '../base/version.js';
import { satisfies } from '../base/version.js';
import type { PlanInput } from './input.js';
import type { SolutionPlan } from './types.js';

/** Pairs of which neither side can go first: the third row of the version table, refused until it is coordinated. */
export function coordination(solutions: readonly SolutionPlan[], input: PlanInput): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const plan of solutions) {
    for (const change of plan.changes) {
      const { solution, element } = splitElementKey(change.element);
      const before = input.held(solution).get(element) ?? null;
      const after = plan.targets[element] ?? null;
      if (before !== null && after !== null) diagnostics.push(...pairs(before, after, input));
    }
  }
  return diagnostics;
}

function pairs(before: DesiredElement, after: DesiredElement, input: PlanInput): Diagnostic[] {
  return servicesOf(before).flatMap((old) => {
    const next = servicesOf(after).find(
      (candidate) => candidate.name === old.name && candidate.provider === old.provider,
    );
    if (next === undefined) return [];
    const providerBefore = versionsOf(heldAt(old.provider, input));
    const providerAfter = versionsOf(input.after(old.provider));
    const newServesOld = providerAfter.some((version) => satisfies(version, old.range));
    const oldServesNew = providerBefore.some((version) => satisfies(version, next.range));
    if (newServesOld || oldServesNew || providerBefore.length === 0) return [];
    return [
      {
        code: 'version.coordination',
        severity: 'error' as const,
        message: `${after.key} and ${old.provider} would have to change at one moment: ${old.provider} ${providerAfter.join(', ')} does not serve what runs now (${old.range}), and ${providerBefore.join(', ')} does not serve the new ${after.key} (${next.range})`,
        ...after.position,
        fix: `Go in two commits: first a release of either side that accepts both versions, then the other.`,
      },
    ];
  });
}

function servicesOf(element: DesiredElement): Relationship[] {
  return element.clusters
    .filter((cluster) => cluster.state === 'active')
    .flatMap((cluster) => cluster.definition.relationships.filter((r) => r.type === 'service'));
}

function heldAt(key: ElementKey, input: PlanInput): DesiredElement | null {
  const { solution, element }: { solution: SolutionName; element: ElementName } = splitElementKey(key);
  return input.held(solution).get(element) ?? null;
}

function versionsOf(element: DesiredElement | null): Version[] {
  return (element?.clusters ?? [])
    .filter((cluster) => cluster.state === 'active')
    .map((cluster) => cluster.definition.version);
}
