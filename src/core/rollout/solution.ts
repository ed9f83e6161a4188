import type { DomainName, ElementKey, ElementName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { SafeText } from '../base/safe-text.js';
import { decideElement, decideRollout } from './decide.js';
import type { SolutionEntry } from './entries.js';
import type { Facts } from './facts.js';
import type { SolutionState } from './state.js';

export interface SolutionDecision {
  readonly entries: readonly SolutionEntry[];
  readonly wakes: readonly { readonly element: ElementKey; readonly at: number }[];
}

/** Decides the dirty elements of one solution, and what follows for its rollout. */
export function decideSolution(
  domain: DomainName,
  solution: SolutionState,
  dirty: Iterable<ElementName>,
  facts: Facts,
): SolutionDecision {
  const entries: SolutionEntry[] = [];
  const wakes: { element: ElementKey; at: number }[] = [];
  let failing: SafeText | null = null;
  for (const name of [...dirty].sort(byCodeUnit)) {
    const element = solution.elements.get(name);
    if (element === undefined) continue;
    const draft = decideElement(domain, solution, element, facts);
    entries.push(...draft.entries);
    failing ??= draft.failing;
    if (draft.wakeAt !== null) wakes.push({ element: element.key, at: draft.wakeAt });
  }
  // The rollout is judged once its elements have nothing to say: their entries come first.
  if (entries.length === 0 || failing !== null) entries.push(...decideRollout(solution, failing));
  return { entries, wakes };
}
