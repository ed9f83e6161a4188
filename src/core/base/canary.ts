/** Who lets a rollout go on where its gates are passed: a person, or nobody has to. */
export type Promote = 'manual' | 'auto';

/**
 * How far a step goes: so many instances, so much of the size (rounded up, at least one instance), or so much of the
 * traffic while all instances stand.
 */
export type Share =
  | { readonly kind: 'count'; readonly value: number }
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'weight'; readonly value: number };

/** One step on the way to the full size, which is the last step and stands in no list. */
export interface CanaryStep {
  readonly share: Share;
  /** How long it stays there, at least. */
  readonly pauseMs: number;
  /** By name, each name once. */
  readonly gates: readonly Gate[];
}

/** A question asked until it is answered well or badly often enough. */
export interface Gate {
  readonly name: string;
  readonly measure: Measure;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** So many good measurements open it. */
  readonly count: number;
  /** More bad measurements than this fail it. */
  readonly failureLimit: number;
  /** So many attempts in a row without a measurement: it cannot be measured. */
  readonly errorLimit: number;
}

export type Measure =
  | {
      readonly kind: 'http';
      /** Of all instances of the step (a path), or of one place (an absolute URL). */
      readonly at:
        | { readonly kind: 'instances'; readonly path: string }
        | { readonly kind: 'url'; readonly url: string };
      readonly status: readonly number[];
      /** In CEL, over `body` and `status`; null: the status says all. */
      readonly json: string | null;
    }
  | {
      readonly kind: 'prometheus';
      /** Of the server, without `/api/v1/query`. */
      readonly url: string;
      readonly query: string;
      /** All of them must hold, for each series of the answer. */
      readonly threshold: readonly Bound[];
    }
  | { readonly kind: 'command'; readonly command: readonly string[] };

export interface Bound {
  readonly operator: '>' | '>=' | '<' | '<=' | '==' | '!=';
  readonly value: number;
}

export function withinBound(value: number, { operator, value: bound }: Bound): boolean {
  switch (operator) {
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '==':
      return value === bound;
    case '!=':
      return value !== bound;
  }
}

interface Said {
  readonly canary?: readonly CanaryStep[];
  readonly promote?: Promote;
  readonly standbyMs?: number;
}

export function canaryOf(policy: Said): readonly CanaryStep[] {
  return policy.canary ?? [];
}

/** Read of strategies that wait: a rolling rollout has nothing to promote. */
export function promoteOf(policy: Said): Promote {
  return policy.promote ?? 'manual';
}

/** How long the last stable cluster stays inactive before it is destroyed. */
export function standbyMsOf(policy: Said): number {
  return policy.standbyMs ?? 0;
}
