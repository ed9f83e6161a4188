import type { DesiredSolution } from '../core/base/desired.js';
import type { SolutionState } from '../core/rollout/state.js';
import { finalOf } from '../core/rollout/steps.js';
import type { Tables } from '../core/rollout/tables.js';

/** Taken back under management and not planned since: the tip was not sound then, or a crash came between. */
export function unplanned({ solutions }: Tables): SolutionState[] {
  return [...solutions.values()].filter(
    ({ desiredDigest, detached, elements }) => desiredDigest === null && !detached && elements.size > 0,
  );
}

/** Whether what it is to come to is what its model asks for, however long that takes. */
export function isAsDesired({ elements }: SolutionState, desired: DesiredSolution | null): boolean {
  const wanted: DesiredSolution['elements'] = desired?.elements ?? new Map([]);
  const staying = [...elements.values()].filter(({ target }) => target !== null);
  return (
    staying.length === wanted.size &&
    staying.every((element) => finalOf(element)?.digest === wanted.get(element.name)?.digest)
  );
}
