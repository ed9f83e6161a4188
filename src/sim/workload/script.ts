import type { Weather } from '../faults.js';

/** What happens in a run beside the fates of single calls. Each act draws what it needs from its own seed alone. */
export const actKinds = [
  // People change the model: one commit each.
  'commit.upgrade',
  'commit.downgrade',
  'commit.scale',
  'commit.add',
  'commit.remove',
  'commit.configure',
  'commit.policy',
  'commit.expose',
  'commit.several',
  'commit.revert',
  'commit.force',
  'commit.invalid',
  // People and accidents change what runs.
  'world.stop',
  'world.fail',
  'world.delete',
  'world.edit',
  'world.sicken',
  'world.heal',
  'world.spoilRelease',
  'world.mendRelease',
  // Controllers and their machines.
  'process.kill',
  'process.powerCut',
  'process.killTwice',
  'process.pause',
  'process.shutdown',
  'process.takeover',
  'clock.jump',
  'disk.flipBit',
  'disk.lose',
  // Operators.
  'operator.resume',
  'operator.retry',
  'operator.release',
  'operator.detach',
] as const;

export type ActKind = (typeof actKinds)[number];

export interface Act {
  readonly kind: ActKind;
  readonly seed: number;
  /** Since the act before it, in milliseconds. */
  readonly afterMs: number;
}

/** Everything that a run is made of: two runs of one script are the same run. */
export interface Script {
  readonly seed: number;
  readonly weather: Weather;
  /** Longest time that a call of something remote takes, in milliseconds. */
  readonly latencyMs: number;
  readonly pollMs: number;
  readonly restartMs: number;
  /** Acts end, and calm begins, after so many steps or after the last act. */
  readonly steps: number;
  readonly acts: readonly Act[];
}
