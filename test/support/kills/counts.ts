import type { ChangeKind } from './shape.js';

/** What the daemon was at when it was killed. */
export type Position = 'boot' | 'rollout' | 'repair' | 'rest';

/** What a campaign has done and seen; sums of whole numbers, so that campaigns add up. */
export interface Counts {
  /** Kills of the daemon. */
  readonly kills: Record<Position, number>;
  readonly commits: Record<ChangeKind, number>;
  instancesKilled: number;
  filesEdited: number;
  readersKilled: number;
  gatewaysKilled: number;
  /** Answered well, through the gateway. */
  requests: number;
  /** Failed while a gateway that was killed had no successor yet. */
  requestsWithoutGateway: number;
  /** Looks at all processes of the machine, between the checks. */
  censuses: number;
  /** Times that everything had become as the tip says, and was looked at from all sides. */
  checks: number;
  milliseconds: number;
}

export function emptyCounts(): Counts {
  return {
    kills: { boot: 0, rollout: 0, repair: 0, rest: 0 },
    commits: {
      version: 0,
      line: 0,
      scale: 0,
      configuration: 0,
      element: 0,
      file: 0,
      invalid: 0,
      revert: 0,
    },
    instancesKilled: 0,
    filesEdited: 0,
    readersKilled: 0,
    gatewaysKilled: 0,
    requests: 0,
    requestsWithoutGateway: 0,
    censuses: 0,
    checks: 0,
    milliseconds: 0,
  };
}

export function totalKills({ kills }: Counts): number {
  return sumOf(kills);
}

export function totalCommits({ commits }: Counts): number {
  return sumOf(commits);
}

/** Key by key; a key that one of them does not know yet counts as 0. */
export function added(one: Counts, other: Partial<Counts>): Counts {
  const add = (a: unknown, b: unknown): unknown =>
    typeof a === 'number'
      ? a + (typeof b === 'number' ? b : 0)
      : Object.fromEntries(
          Object.entries(a as object).map(([key, value]) => [
            key,
            add(value, (b as Record<string, unknown> | undefined)?.[key]),
          ]),
        );
  return add(one, other) as Counts;
}

function sumOf(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((sum, count) => sum + count, 0);
}
