import type { DesiredElement, DesiredSolution } from '../base/desired.js';
import type { ElementKey, ElementName, SolutionName } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import { satisfies } from '../base/version.js';
import type { StayingElement } from '../plan/types.js';
import type { Effective } from './quarantine.js';
import { stayingElements } from './quarantine.js';
import type { SolutionState } from './state.js';

/** What stays where it is because a provider in another solution does, which failed: element → that provider. */
export type KeptWith = ReadonlyMap<SolutionName, ReadonlyMap<ElementName, ElementKey>>;

interface Models {
  /** Solutions to look at. */
  readonly scope: readonly SolutionName[];
  /** What one is to become as far as its own quarantine says. */
  effective(solution: SolutionName): Effective;
  standing(solution: SolutionName): SolutionState | undefined;
}

/** Elements that accept no version which remains of a provider that stays out; repeated until none is left. */
export function keptWith(models: Models): KeptWith {
  const kept = new Map<SolutionName, Map<ElementName, ElementKey>>();
  const isBack = (key: ElementKey): boolean => {
    const { solution, element } = splitElementKey(key);
    const isOwn = models.effective(solution).staying.some((one) => one.element === element);
    return isOwn || kept.get(solution)?.has(element) === true;
  };
  const remaining = (key: ElementKey): DesiredElement | null => {
    const { solution, element } = splitElementKey(key);
    return kept.get(solution)?.has(element) === true
      ? (models.standing(solution)?.elements.get(element)?.target ?? null)
      : (models.effective(solution).desired?.elements.get(element) ?? null);
  };
  for (let grows = true; grows;) {
    grows = false;
    for (const name of models.scope)
      for (const element of models.effective(name).desired?.elements.values() ?? []) {
        if (kept.get(name)?.has(element.name) === true) continue;
        const missing = missingOf(element, remaining).find(isBack);
        if (missing === undefined) continue;
        kept.set(name, (kept.get(name) ?? new Map<ElementName, ElementKey>()).set(element.name, missing));
        grows = true;
      }
  }
  return kept;
}

/** Providers of which nothing remains that it accepts. */
function missingOf(
  { clusters }: DesiredElement,
  remaining: (key: ElementKey) => DesiredElement | null,
): ElementKey[] {
  return clusters.flatMap(({ state, definition }) =>
    state !== 'active'
      ? []
      : definition.relationships.flatMap(({ provider, range }) =>
          (remaining(provider)?.clusters ?? []).some(
            (one) => one.state === 'active' && satisfies(one.definition.version, range),
          )
            ? []
            : [provider],
        ),
  );
}

/** The model without what stays. */
export function without(
  desired: DesiredSolution | null,
  standing: SolutionState | undefined,
  kept: ReadonlyMap<ElementName, ElementKey> | undefined,
): DesiredSolution | null {
  if (desired === null || kept === undefined) return desired;
  const elements = new Map(desired.elements);
  for (const name of kept.keys()) {
    const held = standing?.elements.get(name)?.target ?? null;
    if (held === null) elements.delete(name);
    else elements.set(name, held);
  }
  return { ...desired, elements };
}

/** For a plan: each stays because of what its provider stays out for. */
export function keptElements(
  solution: SolutionName,
  desired: DesiredSolution | null,
  kept: KeptWith,
  models: Models,
): StayingElement[] {
  return [...(kept.get(solution) ?? [])].flatMap(([name, provider]) => {
    const first = rootOf(provider, kept);
    const { solution: other } = splitElementKey(first);
    const [told] = stayingElements(models.effective(other).staying, models.standing(other));
    const versions = desired?.elements.get(name)?.clusters ?? [];
    if (told === undefined) return [];
    return versions.map(({ definition }) => ({
      ...told,
      element: `${solution}/${name}` as ElementKey,
      version: definition.version,
      at: (models.standing(solution)?.elements.get(name)?.target?.clusters ?? []).map(
        (cluster) => cluster.definition.version,
      ),
    }));
  });
}

function rootOf(provider: ElementKey, kept: KeptWith): ElementKey {
  let key = provider;
  for (;;) {
    const { solution, element } = splitElementKey(key);
    const next = kept.get(solution)?.get(element);
    if (next === undefined) return key;
    key = next;
  }
}
