import { safe } from '../base/safe-text.js';
import type { Scene } from './scene.js';
import type { ElementState } from './state.js';
import type { InstanceView } from './view.js';

/** It runs for longer than since a person had the element restarted. */
export function isToRestart({ isNew, state }: InstanceView, { restart }: ElementState): boolean {
  return restart != null && isNew && state.lifecycle === 'active' && (state.activeSince ?? 0) < restart.at;
}

/** One after the other: the next one leaves when all that were restarted serve again. */
export function isNextToRestart(instance: InstanceView, { mode, view, facts, tally }: Scene): boolean {
  const { element, instances } = view;
  if (mode !== 'repair' || instance.state.draining !== null || !isToRestart(instance, element)) return false;
  if (tally.restarting > 0 || facts.dependents(instance.state.id) > 0) return false;
  return instances.every((other) => !other.isNew || other.healthy || isToRestart(other, element));
}

/** Everything was restarted and serves again, but for what others live on: that stays up. */
export function decideRestartEnd({ view, mode, facts, draft }: Scene): void {
  const { element, instances } = view;
  if (element.restart == null || mode !== 'repair' || draft.entries.length > 0) return;
  const left = instances.filter((instance) => isToRestart(instance, element));
  const isOver =
    left.every(({ state }) => state.draining === null && facts.dependents(state.id) > 0) &&
    instances.every((instance) => !instance.isNew || instance.healthy || left.includes(instance));
  if (!isOver) return;
  const reason = left.length === 0 ? null : safe(`${left.length} stay up: other instances live on them`);
  draft.entries.push({ kind: 'restart.ended', element: element.name, reason });
}
