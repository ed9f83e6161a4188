import type { DesiredElement, Relationship } from '../base/desired.js';
import type { Diagnostic } from '../base/diagnostic.js';
import type { DomainName, ElementKey, ElementName, SolutionName } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import type { Range, Version } from '../base/version.js';
import { satisfies } from '../base/version.js';
import type { PlanInput } from './input.js';
import type { Hold, SolutionPlan } from './types.js';

export interface Coordination {
  /** The revision asks for it, whatever runs. */
  readonly diagnostics: readonly Diagnostic[];
  /** Only from what runs now there is no way. */
  readonly holds: readonly Hold[];
}

/** Pairs of which neither side can go first: the third row of the version table, refused until it is coordinated. */
export function coordination(solutions: readonly SolutionPlan[], input: PlanInput): Coordination {
  const diagnostics: Diagnostic[] = [];
  const stuck: string[] = [];
  for (const plan of solutions) {
    for (const change of plan.changes) {
      const { solution, element } = splitElementKey(change.element);
      const before = input.held(solution).get(element) ?? null;
      const after = plan.targets[element] ?? null;
      if (before === null || after === null) continue;
      for (const pair of pairs(before, after, input)) {
        if (isBlamed(pair, input)) diagnostics.push(refusal(pair));
        else stuck.push(messageOf(pair));
      }
    }
  }
  return { diagnostics, holds: stuck.length === 0 ? [] : [noPath(input.domain, stuck.join('; '))] };
}

/** From what runs now, and not from what was accepted before, no sequence of steps leads to the revision. */
export function noPath(domain: DomainName, reason: string): Hold {
  return {
    id: 'plan.noPath',
    code: 'plan.noPath',
    reason,
    releasedBy: 'a commit that leaves a way, or an operator',
    command: `heliostat approve plan.noPath --domain ${domain} --reason TEXT`,
  };
}

interface Pair {
  readonly after: DesiredElement;
  readonly provider: ElementKey;
  readonly oldRange: Range;
  readonly newRange: Range;
  readonly versionsBefore: readonly Version[];
  readonly versionsAfter: readonly Version[];
}

function pairs(before: DesiredElement, after: DesiredElement, input: PlanInput): Pair[] {
  return servicesOf(before).flatMap((old) => {
    const { provider } = old;
    const next = servicesOf(after).find(
      (candidate) => candidate.name === old.name && candidate.provider === provider,
    );
    if (next === undefined) return [];
    const versionsBefore = versionsOf(heldAt(provider, input));
    const versionsAfter = versionsOf(input.after(provider));
    const newServesOld = versionsAfter.some((version) => satisfies(version, old.range));
    const oldServesNew = versionsBefore.some((version) => satisfies(version, next.range));
    if (newServesOld || oldServesNew || versionsBefore.length === 0) return [];
    return [{ after, provider, oldRange: old.range, newRange: next.range, versionsBefore, versionsAfter }];
  });
}

/** A revision does not answer for solutions that were left behind by others before it. */
function isBlamed({ after, provider }: Pair, input: PlanInput): boolean {
  return [after.key, provider].every((key) => input.isAsAccepted(splitElementKey(key).solution));
}

function refusal(pair: Pair): Diagnostic {
  return {
    code: 'version.coordination',
    severity: 'error',
    message: messageOf(pair),
    ...pair.after.position,
    fix: `Go in two commits: first a release of either side that accepts both versions, then the other.`,
  };
}

function messageOf({ after, provider, oldRange, newRange, versionsBefore, versionsAfter }: Pair): string {
  return `${after.key} and ${provider} would have to change at one moment: ${provider} ${versionsAfter.join(', ')} does not serve what runs now (${oldRange}), and ${versionsBefore.join(', ')} does not serve the new ${after.key} (${newRange})`;
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
