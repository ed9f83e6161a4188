import type { DesiredSolution } from '../core/base/desired.js';
import type { SolutionState } from '../core/rollout/state.js';
import type { Tables } from '../core/rollout/tables.js';

/** Taken back under management and not planned since: the tip was not sound then, or a crash came between. */
export function unplanned({ solutions }: Tables): SolutionState[] {
  return [...solutions.values()].filter(
    ({ desiredDigest, detached, elements }) => desiredDigest === null && !detached && elements.size > 0,
  );
}

/** Whether what it is held to is what its model asks for. */
export function isAsDesired({ elements }: SolutionState, desired: DesiredSolution | null): boolean {
  const wanted: DesiredSolution['elements'] = desired?.elements ?? new Map([]);
  return (
    elements.size === wanted.size &&
    [...elements.values()].every(({ name, target }) => target?.digest === wanted.get(name)?.digest)
  );
}
