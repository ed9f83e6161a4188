import type { CanaryStep, Gate } from '../../../src/core/base/canary.js';
import type { Amount, DesiredElement, RolloutPolicy } from '../../../src/core/base/desired.js';
import type { SolutionName } from '../../../src/core/base/names.js';
import { desiredElement, shop } from '../desired.js';
import type { Model } from './generate.js';
import { bySolution } from './generate.js';

/** One way from one state to another, and what goes wrong on it. */
export interface Combination {
  readonly index: number;
  readonly way: (typeof ways)[number];
  readonly surge: Amount;
  readonly unavailable: Amount;
  /** Sizes before and after. */
  readonly from: number;
  readonly to: number;
  readonly trouble: (typeof troubles)[number];
  /** After so many tenths of what there is to do. */
  readonly tenths: number;
}

const ways = ['rolling', 'bySize', 'byPercent', 'byWeight', 'blueGreen', 'recreate'] as const;
export const troubles = [
  'none',
  'abort',
  'crash',
  'vanish',
  'restart',
  'third cluster',
  'bad version',
  'bad gate',
  'group across solutions',
] as const;
const sizes = 11;
const tenths = 10;
const surges = [count(0), count(1), count(2), count(3), percent(25), percent(100)];
const unavailables = [count(0), count(1), count(2), count(3), percent(34), percent(100)];

const dimensions = [
  ways.length,
  troubles.length,
  sizes,
  sizes,
  surges.length,
  unavailables.length,
  tenths,
] as const;
export const all = dimensions.reduce((product, one) => product * one, 1);
/** Coprime to the number of all, and far from a simple part of it: any so many in a row are spread over everything. */
const stride = 1_448_573;

/** The nth of all; the first ones are as different from each other as all are. */
export function combination(nth: number): Combination {
  return combinationAt((nth * stride) % all);
}

export function combinationAt(index: number): Combination {
  let rest = index;
  const digits = dimensions.map((radix) => {
    const digit = rest % radix;
    rest = Math.floor(rest / radix);
    return digit;
  });
  const [way = 0, trouble = 0, from = 0, to = 0, surge = 0, unavailable = 0, at = 0] = digits;
  return {
    index,
    way: ways[way] ?? 'rolling',
    trouble: troubles[trouble] ?? 'none',
    from,
    to,
    // Neither one more nor one fewer is refused by the model.
    surge: surge === 0 && unavailable === 0 ? count(1) : (surges[surge] ?? count(1)),
    unavailable: unavailables[unavailable] ?? count(0),
    tenths: at,
  };
}

export function nameOf({
  index,
  way,
  surge,
  unavailable,
  from,
  to,
  trouble,
  tenths: at,
}: Combination): string {
  const [more, fewer] = [surge, unavailable].map(
    ({ kind, value }) => `${value}${kind === 'count' ? '' : '%'}`,
  );
  return `#${index}: ${way} from ${from} to ${to}, surge ${more}, unavailable ${fewer}, ${trouble} after ${at} tenths`;
}

function count(value: number): Amount {
  return { kind: 'count', value };
}

function percent(value: number): Amount {
  return { kind: 'percent', value };
}

/** The model in one of the three versions that it has on its way. */
export function modelOf(one: Combination, major: 1 | 2 | 3): Model {
  const size = major === 1 ? one.from : major === 2 ? one.to : (one.to + 2) % sizes;
  const isGroup = one.trouble === 'group across solutions';
  const api = desiredElement({ name: 'api', version: `${major}.0.0`, size, rollout: policyOf(one) });
  // What nobody uses, and what is used from the same solution or from another.
  const hasConsumer = isGroup || one.index % 3 === 0;
  const consumer =
    !hasConsumer || [one.from, one.to, (one.to + 2) % sizes].includes(0) ? [] : [web(one, major)];
  return bySolution([api, ...consumer]);
}

/** In a group neither side goes first: each version of it accepts one version alone. */
function web(one: Combination, major: number): DesiredElement {
  const isGroup = one.trouble === 'group across solutions';
  const solution = (one.index % 2 === 0 || isGroup ? 'platform' : shop) as SolutionName;
  return desiredElement(
    {
      name: 'web',
      version: isGroup ? `${major}.0.0` : '1.0.0',
      size: 1 + (one.index % 2),
      needs: [{ element: 'shop/api', name: 'api', range: isGroup ? `>=${major} <${major + 1}` : '*' }],
      rollout: { ...timings, allowDowntime: true },
    },
    solution,
  );
}

const timings: Partial<RolloutPolicy> = { minHealthyTimeMs: 10, drainDelayMs: 10, onFailure: 'revert' };

function policyOf({ way, surge, unavailable, from, to }: Combination): Partial<RolloutPolicy> {
  const strategy = way === 'bySize' || way === 'byPercent' || way === 'byWeight' ? 'canary' : way;
  const waits = strategy === 'canary' || strategy === 'blueGreen';
  return {
    ...timings,
    strategy,
    maxSurge: surge,
    maxUnavailable: unavailable,
    allowDowntime: true,
    ...(strategy === 'canary' ? { canary: stepsOf(way) } : {}),
    ...(waits && (from + to) % 2 === 0 ? { promote: 'auto' as const } : {}),
  };
}

function stepsOf(way: Combination['way']): readonly CanaryStep[] {
  const share = (value: number): CanaryStep['share'] => ({
    kind: way === 'bySize' ? 'count' : way === 'byPercent' ? 'percent' : 'weight',
    value,
  });
  const values = way === 'bySize' ? [1, 3] : way === 'byPercent' ? [20, 50] : [0, 30];
  return values.map((value, i) => ({ share: share(value), pauseMs: i * 20, gates: i === 0 ? [gate] : [] }));
}

const gate: Gate = {
  name: 'judge',
  measure: { kind: 'http', at: { kind: 'instances', path: '/' }, status: [200], json: null },
  intervalMs: 10,
  timeoutMs: 1_000,
  count: 2,
  failureLimit: 0,
  errorLimit: 3,
};
