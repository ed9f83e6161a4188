import type { Pause } from './pause.js';
import type { ElementState, SolutionState } from './state.js';

/**
 * `rollout`: on the way to the target. `paused`: only what ran before is kept running.
 * `repair`: held at the target. `watch`: drift is told, nothing is done. `halted`: a person paused it, nothing at all
 * is begun.
 */
export type Mode = 'rollout' | 'paused' | 'repair' | 'watch' | 'halted';

export function modeOf(solution: SolutionState, element: ElementState, pause: Pause | null = null): Mode {
  if (pause !== null) return 'halted';
  // Until the rollout ends its executor is the only actor, on what is done already too.
  if (element.track !== null && isOpen(solution))
    return solution.rollout?.phase === 'paused' ? 'paused' : 'rollout';
  // A person lets drift be repaired, or has it restarted.
  if (element.track !== null && !element.track.done) return 'repair';
  if (element.restart != null) return 'repair';
  return element.target === null || element.target.repair === 'auto' ? 'repair' : 'watch';
}

export function isOpen(solution: SolutionState): boolean {
  switch (solution.rollout?.phase) {
    case undefined:
    case 'succeeded':
    case 'reverted':
    case 'blocked':
    case 'failed':
    case 'superseded':
      return false;
    case 'pending':
    case 'progressing':
    case 'paused':
    case 'promoting':
    case 'draining':
    case 'aborting':
    case 'reverting':
      return true;
  }
}
