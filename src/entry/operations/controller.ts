import type { State } from '../../core/journal/fold.js';
import type { ControllerView } from '../../core/status/view.js';

/** Who ran the domain last, as far as is known; nobody answers now. */
export function controllerOf({ domain }: State): ControllerView | null {
  return domain.controller === null
    ? null
    : { name: domain.controller, epoch: domain.epoch, sinceMs: domain.claimedSince, running: false };
}
