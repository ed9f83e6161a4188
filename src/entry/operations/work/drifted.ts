import type { ElementKey } from '../../../core/base/names.js';
import type { State } from '../../../core/journal/fold.js';
import type { DriftedElement } from '../../../core/status/comment/types.js';

/** Elements that are not what they are held to: as seen now, else as the controller has written. */
export function driftedElements(state: State, seen: (key: ElementKey) => string | null): DriftedElement[] {
  const found: DriftedElement[] = [];
  for (const solution of state.tables.solutions.values()) {
    if (solution.detached) continue;
    for (const element of solution.elements.values()) {
      const reason = seen(element.key) ?? element.drift;
      if (reason === null) continue;
      const repair = element.target?.repair ?? 'report';
      found.push({
        element: element.key,
        reason,
        sinceMs: element.driftSinceWallMs ?? null,
        repair,
        command:
          repair === 'auto' ? null : `heliostat resume ${state.domain.name}/${element.key} --reason TEXT`,
      });
    }
  }
  return found.sort((a, b) => (a.element < b.element ? -1 : 1));
}
