/** What was measured of one piece of work, beside whoever else does it. */
export interface Finding {
  readonly work: string;
  readonly ours: Measured;
  /** Null where nothing comparable exists. */
  readonly peer: Peer | null;
  readonly goal: Goal;
  /** What a reader must know to believe it. */
  readonly note?: string;
}

export interface Measured {
  readonly value: number;
  readonly unit: 'ms' | '/s';
  readonly memoryMb?: number;
}

export interface Peer extends Measured {
  readonly name: string;
  /** False: as it was measured once elsewhere, not in this run. */
  readonly inThisRun: boolean;
}

/** Bounds; whatever is given must hold. */
export interface Goal {
  /** How many times faster than the peer, at least. Below 1: how much slower it may be. */
  readonly faster?: number;
  /** In the unit of the measurement: at most for times, at least for rates. */
  readonly bound?: number;
  readonly memoryMb?: number;
  /** Share of the peer's memory. */
  readonly memoryShare?: number;
  readonly text: string;
}

/** How many times better ours is than the peer's; null without a peer. */
export function ratioOf({ ours, peer }: Pick<Finding, 'ours' | 'peer'>): number | null {
  if (peer === null) return null;
  return ours.unit === 'ms' ? peer.value / ours.value : ours.value / peer.value;
}

/** Null where there is no goal. */
export function isMet(finding: Finding): boolean | null {
  const { ours, peer, goal } = finding;
  const checks: boolean[] = [];
  const ratio = ratioOf(finding);
  if (goal.faster !== undefined && ratio !== null) checks.push(ratio >= goal.faster);
  if (goal.bound !== undefined)
    checks.push(ours.unit === 'ms' ? ours.value <= goal.bound : ours.value >= goal.bound);
  if (goal.memoryMb !== undefined && ours.memoryMb !== undefined) checks.push(ours.memoryMb <= goal.memoryMb);
  if (goal.memoryShare !== undefined && ours.memoryMb !== undefined && peer?.memoryMb !== undefined)
    checks.push(ours.memoryMb <= peer.memoryMb * goal.memoryShare);
  return checks.length === 0 ? null : checks.every(Boolean);
}
