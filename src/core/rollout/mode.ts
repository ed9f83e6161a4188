import type { ElementState, SolutionState } from './state.js';

/**
 * `rollout`: on the way to the target. `paused`: only what ran before is kept running.
 * `repair`: held at the target. `watch`: drift is told, nothing is done.
 */
export type Mode = 'rollout' | 'paused' | 'repair' | 'watch';

export function modeOf(solution: SolutionState, element: ElementState): Mode {
  if (element.track !== null && !element.track.done)
    return solution.rollout?.phase === 'paused' ? 'paused' : 'rollout';
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
