import { statusRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

/** 8. What we write on the status branch comes after what stands there. */
export function statusLinear({ world }: Stage): Watcher {
  return {
    swapped(ref, from, to, by) {
      if (ref !== statusRef || by === null) return;
      const parents = to === null ? null : (world.repository.commits.get(to)?.parents ?? null);
      if (parents === null) world.violate(8, `the status branch was deleted by ${by.number}`);
      else if (parents.length > 1 || (parents[0] ?? null) !== from)
        world.violate(
          8,
          `the status branch went from ${from ?? 'nothing'} to ${to}, whose parents are ${parents.join(', ') || 'none'}`,
        );
    },
  };
}
