import type { DesiredElement } from '../core/base/desired.js';
import type { ElementKey, ElementName, Revision, SolutionName } from '../core/base/names.js';
import { splitElementKey } from '../core/base/names.js';
import { byCodeUnit } from '../core/base/order.js';
import type { DesiredDomain } from '../core/graph/types.js';
import type { State } from '../core/journal/fold.js';
import { makePlan } from '../core/plan/plan.js';
import type { Basis, Plan } from '../core/plan/types.js';
import type { KeptWith } from '../core/rollout/kept-with.js';
import { keptElements, keptWith, without } from '../core/rollout/kept-with.js';
import { isCauseGone, stayingElements, withoutQuarantined } from '../core/rollout/quarantine.js';
import type { SolutionState } from '../core/rollout/state.js';
import { finalOf } from '../core/rollout/steps.js';
import { elementAt } from '../core/rollout/tables.js';

/** The plan from what is held now to what is desired. */
export function planFor(
  state: State,
  desired: DesiredDomain,
  changed: readonly SolutionName[],
  about: { readonly revision: Revision | 'worktree'; readonly basis: Basis },
  drift: (key: ElementKey) => string | null = () => null,
): Plan {
  const held = (solution: SolutionName): ReadonlyMap<ElementName, DesiredElement | null> => {
    const elements = state.tables.solutions.get(solution)?.elements;
    return new Map([...(elements?.values() ?? [])].map((element) => [element.name, finalOf(element)]));
  };
  // What was let go stays as it is, whatever its model asks for.
  const scope = changed.filter((solution) => state.tables.solutions.get(solution)?.detached !== true);
  const inScope = new Set(scope);
  const after = (key: ElementKey): DesiredElement | null => {
    const { solution, element } = splitElementKey(key);
    const model = desired.solutions.get(solution);
    if (model !== undefined) return model.elements.get(element) ?? null;
    return inScope.has(solution) ? null : (elementAt(state.tables, key)?.target ?? null);
  };
  const { solutions } = state.tables;
  const standing = (solution: SolutionName): SolutionState | undefined => solutions.get(solution);
  const own = remembering((solution: SolutionName) => {
    const model = desired.solutions.get(solution) ?? null;
    if (isCauseGone(standing(solution), desired.solutions, solutions)) return { desired: model, staying: [] };
    return withoutQuarantined(model, standing(solution), after);
  });
  const models = { scope, effective: own, standing };
  // Nearly always nothing is kept out, and nobody need look at all that is planned.
  const kept = [...solutions.values()].some(({ quarantine }) => quarantine !== null)
    ? keptWith(models)
    : (new Map() as KeptWith);
  const effective = remembering((solution: SolutionName) =>
    without(own(solution).desired, standing(solution), kept.get(solution)),
  );
  return makePlan({
    domain: state.domain.name,
    revision: about.revision,
    from: state.domain.accepted,
    basis: about.basis,
    scope: [...scope].sort(byCodeUnit),
    desired: effective,
    held,
    staying: (solution) => [
      ...stayingElements(own(solution).staying, standing(solution)),
      ...keptElements(solution, own(solution).desired, kept, models),
    ],
    after: (key: ElementKey) => {
      const { solution, element } = splitElementKey(key);
      const model = effective(solution);
      return model === null ? after(key) : (model.elements.get(element) ?? null);
    },
    drift,
    pointOfNoReturn: (key) => elementAt(state.tables, key)?.pointOfNoReturn ?? null,
    observed: (key) => instancesOf(state, key),
    isWholeDomain: () =>
      [...state.tables.solutions.values()].every(
        (solution) => inScope.has(solution.name) || solution.elements.size === 0,
      ),
  });
}

function remembering<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as V;
  };
}

/** What is known to be there of an element, as data. */
function instancesOf(state: State, key: ElementKey): unknown {
  const element = elementAt(state.tables, key);
  return [...(element?.clusters.values() ?? [])].flatMap((cluster) =>
    [...cluster.instances.values()].map(({ id, lifecycle, configured }) => [id, lifecycle, configured]),
  );
}
