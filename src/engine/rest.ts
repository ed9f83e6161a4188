import type { Facts } from '../core/rollout/facts.js';
import { waitsForPaused } from '../core/rollout/halted.js';
import type { ElementState } from '../core/rollout/state.js';
import { viewElement } from '../core/rollout/view.js';

/** At its target, or in trouble that only time or a person ends. */
export function isAtRest(element: ElementState, facts: Facts): boolean {
  if (element.drift !== null) return true;
  const { whole, instances } = viewElement(element, facts);
  if (instances.some(({ state }) => state.operation !== null)) return false;
  if (instances.some(({ state, seen }) => state.trouble !== null || seen.foreignHome !== null)) return true;
  const isThere =
    element.restart == null &&
    element.target !== null &&
    whole &&
    instances.every(({ state, wanted }) => state.lifecycle === wanted);
  return isThere || waitsForPaused(element, facts);
}
