/**
 * Where a controller can be torn out of its work, in the order of one step: the intent is written, synced, performed,
 * recorded, and told on the status branch.
 */
export const positions = [
  'before the journal write',
  'torn write',
  'written, not synced',
  'synced, before the effect',
  'effect sent',
  'effect done, before its record',
  'before the push',
  'after the push, before its record',
] as const;

export type CrashPosition = (typeof positions)[number];

/** What it is at: a transition of an instance, or for pushes the claim or what follows. */
export type Work = 'create' | 'start' | 'stop' | 'destroy' | 'claim' | 'status';

/** Positions at a push, and what there is to push. */
export function isPush(position: CrashPosition): boolean {
  return position.includes('the push');
}
