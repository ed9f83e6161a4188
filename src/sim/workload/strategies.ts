import type { Random } from '../random.js';
import { mistakesOf } from './judge.js';
import type { GateWords, Model, Policy, StepWords } from './model.js';
import { withElement } from './model.js';

/** How an element goes to another version, in the words of its people. */
export function policy(random: Random): Policy {
  return policyOf(random.pick(strategies), random);
}

/** Nearly every element goes to another version in steps. */
export function inSteps(model: Model, random: Random): Model {
  let next = model;
  for (const element of model.elements.values())
    for (let attempt = 0; attempt < 6; attempt++) {
      const own = policyOf(random.pick(['canary', 'canary', 'canary', 'blueGreen']), random);
      const other = withElement(next, { ...element, policy: { ...own, unavailable: 0, surge: 1 } });
      if (mistakesOf(other).length > 0) continue;
      next = other;
      break;
    }
  return next;
}

function policyOf(strategy: Policy['strategy'], random: Random): Policy {
  const surge = random.between(0, 3);
  const waits = strategy === 'canary' || strategy === 'blueGreen';
  return {
    strategy,
    surge,
    unavailable: surge === 0 ? random.between(1, 3) : random.pick([0, 0, 0, 1, 2]),
    onFailure: random.pick(['pause', 'abort', null, null]),
    steps: strategy === 'canary' ? steps(random) : [],
    promote: waits ? random.pick(['auto', 'auto', 'auto', 'manual', null]) : null,
    times: [
      ...random.pick([[], [], [], ['minHealthyTime: 0s'], ['drainDelay: 0s'], ['minHealthyTime: 50ms']]),
      ...random.pick([[], [], [], ['standby: 30s'], ['standby: 10m']]),
    ],
  };
}

/** Each as often as it stands here. */
const strategies: readonly Policy['strategy'][] = [
  'rolling',
  'rolling',
  'rolling',
  'rolling',
  'canary',
  'canary',
  'canary',
  'blueGreen',
  'recreate',
];

/** By number, by percentage or by weight; each list rises, as the format wants it. */
const shares: readonly (readonly StepWords['share'][])[] = [
  ['size: 1'],
  ['size: 1', 'size: 2'],
  ['size: 34%'],
  ['size: 25%'],
  ['size: 10%', 'size: 50%'],
  ['weight: 10'],
  ['weight: 0', 'weight: 50'],
  ['weight: 5', 'weight: 33', 'weight: 100'],
];

function steps(random: Random): StepWords[] {
  return random.pick(shares).map((share) => ({
    share,
    pause: random.pick(['0s', '0s', '10ms', '2s']),
    gates: random.chance(0.85) ? gates(random) : [],
  }));
}

function gates(random: Random): GateWords[] {
  return Array.from({ length: random.pick([1, 1, 1, 2]) }, (_, i) => ({
    name: `g${i}`,
    interval: random.pick(['10ms', '1s', '5s']),
    count: random.pick([1, 1, 2, 3]),
    failureLimit: random.pick([0, 0, 1]),
    errorLimit: random.pick([2, 4]),
  }));
}

/** The same, written under `rollout`. */
export function policyWords(words: Policy): string[] {
  const { strategy, surge, unavailable, onFailure, times, promote } = words;
  return [
    `strategy: ${strategy}`,
    `maxSurge: ${surge}`,
    `maxUnavailable: ${unavailable}`,
    ...(onFailure === null ? [] : [`onFailure: ${onFailure}`]),
    ...(words.steps.length === 0 ? [] : [`canary: { steps: [${words.steps.map(stepWords).join(', ')}] }`]),
    ...(promote === null ? [] : [`promote: ${promote}`]),
    ...times,
  ];
}

function stepWords({ share, pause, gates: all }: StepWords): string {
  const asked = all.map(
    ({ name, interval, count, failureLimit, errorLimit }) =>
      `{ name: ${name}, http: { path: /judge }, timeout: 2s, interval: ${interval}, count: ${count}, ` +
      `failureLimit: ${failureLimit}, errorLimit: ${errorLimit} }`,
  );
  return `{ ${share}, pause: ${pause}${asked.length === 0 ? '' : `, gates: [${asked.join(', ')}]`} }`;
}
