import type { Random } from '../random.js';
import { mistakesOf } from './judge.js';
import type { Component, DomainWords, Element, Model, Need, Release } from './model.js';
import { accepts, keyOf, withElement, withRelease } from './model.js';
import { policy } from './strategies.js';

const ranges = ['*', '>=1', '>=1 <2', '>=1 <3', '>=2 <3', '>=2 <4', '>=1.1 <4', '>=3 <5', '^2.1.0'];
const versions = ['1.0.0', '1.1.0', '2.0.0', '2.1.0', '3.0.0', '4.0.0'];
const solutions = ['shop', 'platform', 'data'];

/** A first model: layers of elements in one or several solutions. */
export function firstModel(random: Random): Model {
  // Steps are spent on instances: small worlds get further, and large ones show what small ones cannot.
  const isLarge = random.chance(0.05);
  const count = isLarge ? random.between(15, 30) : random.pick([2, 2, 3, 3, 4, 4, 5, 6, 8]);
  const homes = solutions.slice(0, random.pick([1, 1, 2, 2, 3]));
  let model: Model = { domain: domainWords(random), releases: new Map(), elements: new Map(), remark: 0 };
  for (let i = 0; i < count; i++)
    model = withNewElement(model, random, { homes, freshName: `c${i}` }) ?? model;
  return model;
}

/** The same, in the hands of people who want what fails to go back by itself, and soon. */
export function impatient(model: Model): Model {
  const rollout = model.domain.rollout.filter(
    (line) => !/^(?:onFailure|healthyDeadline|progressDeadline):/.test(line),
  );
  const words = ['onFailure: revert', 'healthyDeadline: 90s', 'progressDeadline: 3m'];
  const elements = new Map(
    [...model.elements].map(([key, element]) => [
      key,
      element.policy === null ? element : { ...element, policy: { ...element.policy, onFailure: null } },
    ]),
  );
  return { ...model, domain: { ...model.domain, rollout: [...rollout, ...words] }, elements };
}

function domainWords(random: Random): DomainWords {
  const time = (): string | null => random.pick(['0s', '1ms', '10ms', '1s', null]);
  const line = (key: string, value: string | null): string[] => (value === null ? [] : [`${key}: ${value}`]);
  return {
    allowDowntime: random.chance(0.75),
    rollout: [
      ...line('minHealthyTime', time()),
      ...line('drainDelay', time()),
      ...line('onFailure', random.pick(['pause', 'abort', null])),
      ...random.pick([[], ['healthyDeadline: 2m', 'progressDeadline: 5m']]),
    ],
    repair: random.chance(0.1) ? random.pick(['report', 'hold']) : 'auto',
    repairInterval: random.pick(['5s', '20s', null]),
  };
}

/** One element more, of a new component or of one that is there; null: it did not come out valid. */
export function withNewElement(
  before: Model,
  random: Random,
  from: { readonly homes: readonly string[]; readonly freshName: string },
): Model | null {
  const { homes, freshName } = from;
  const known = componentsOf(before);
  const again = known.length > 0 && random.chance(0.2) ? random.pick(known) : null;
  let model = before;
  if (again === null)
    for (const release of newComponent(before, random, freshName)) model = withRelease(model, release);
  const component = again ?? freshName;
  const releases = releasesOf(model, component);
  for (let attempt = 0; attempt < 6; attempt++) {
    const release = random.pick(releases);
    const bindings = bindingsFor(model, random, releases);
    const element: Element = {
      solution: random.pick(homes),
      name: freeName(model, random),
      component,
      version: release.version,
      size: random.chance(0.04) ? 0 : random.pick([1, 1, 1, 2, 2, 3, 4]),
      bindings,
      setting: 0,
      mode: 0,
      policy: random.chance(0.6) ? policy(random) : null,
      repair: random.chance(0.06) ? random.pick(['report', 'hold', 'auto']) : null,
      expose: release.component.isReached && random.chance(0.25) ? 8_000 + random.between(0, 9) : null,
    };
    if (hasDeepContext(model, element, release)) continue;
    const next = withElement(model, element);
    if (mistakesOf(next).length === 0) return next;
  }
  return null;
}

/** Names come again, so that an element may return in another shape. */
function freeName(model: Model, random: Random): string {
  const taken = new Set([...model.elements.values()].map(({ name }) => name));
  for (let i = random.between(0, 2); ; i++) if (!taken.has(`e${i}`)) return `e${i}`;
}

/** What lives on what lives on something cannot move without standing still. */
function hasDeepContext(model: Model, element: Element, release: Release): boolean {
  return release.needs.some((need) => {
    const provider = model.elements.get(element.bindings[need.component] ?? '');
    if (need.type !== 'context' || provider === undefined) return false;
    return releasesOf(model, provider.component).some(({ needs }) =>
      needs.some(({ type }) => type === 'context'),
    );
  });
}

function bindingsFor(model: Model, random: Random, releases: readonly Release[]): Record<string, string> {
  const bindings: Record<string, string> = {};
  for (const need of releases.flatMap(({ needs }) => needs)) {
    const givers = [...model.elements.values()].filter(({ component }) => component === need.component);
    if (givers.length === 0 || bindings[need.component] !== undefined) continue;
    if (need.optional && random.chance(0.5)) continue;
    bindings[need.component] = keyOf(random.pick(givers));
  }
  return bindings;
}

export function componentsOf(model: Model): string[] {
  return [...new Set([...model.releases.values()].map(({ component }) => component.name))];
}

export function releasesOf(model: Model, component: string): Release[] {
  return [...model.releases.values()].filter((release) => release.component.name === component);
}

/** A component with some releases, whose needs are of components that are there. */
function newComponent(model: Model, random: Random, name: string): Release[] {
  const others = componentsOf(model);
  const wanted = others.filter(() => random.chance(Math.min(0.45, 1.6 / Math.max(1, others.length))));
  const needs = wanted.map((component) => newNeed(model, random, component));
  const component = kindOf(random, name);
  const chosen = versions.filter(() => random.chance(0.5)).slice(0, 4);
  const some = chosen.length < 2 ? ['1.0.0', '2.0.0'] : chosen;
  return some.map((version, i) => ({
    component,
    version,
    needs: needs.flatMap((need) => {
      if (i === 0) return [need];
      return random.chance(0.93) ? [{ ...need, range: rangeFor(model, random, need.component) }] : [];
    }),
    build: i,
  }));
}

function newNeed(model: Model, random: Random, component: string): Need {
  const isDeep = releasesOf(model, component).some(({ needs }) =>
    needs.some(({ type }) => type === 'context'),
  );
  return {
    component,
    type: !isDeep && random.chance(0.2) ? 'context' : 'service',
    range: rangeFor(model, random, component),
    optional: random.chance(0.08),
  };
}

/** Mostly one in which an element of the component is today. */
export function rangeFor(model: Model, random: Random, component: string): string {
  const running = [...model.elements.values()].filter((element) => element.component === component);
  if (running.length === 0 || random.chance(0.15)) return random.pick(ranges);
  const { version } = random.pick(running);
  return random.pick(ranges.filter((range) => accepts(range, version)));
}

function kindOf(random: Random, name: string): Component {
  const provider = random.pick(['machine', 'machine', 'cloud', 'cloud', 'rules'] as const);
  const hasPort = provider !== 'rules';
  const interval = random.pick(['2s', '10s', '30s']);
  const after = random.pick([1, 1, 2]);
  const probe = `health: { http: { path: / }, interval: ${interval}, timeout: 1s, healthyAfter: ${after}, unhealthyAfter: ${random.between(1, 3)} }`;
  return {
    name,
    provider,
    isReached: hasPort && random.chance(0.8),
    probe: hasPort && random.chance(0.5) ? probe : null,
    limits: random.pick([
      '',
      'timeouts: { create: 5s, configure: 5s, start: 5s, stop: 5s, destroy: 5s }',
      'retries: { limit: 1, backoff: 10ms, maxBackoff: 1s }',
      'timeouts: { start: 2s }\nretries: { limit: 5, backoff: 100ms, maxBackoff: 10s }',
    ]),
    usesSecret: random.chance(0.3),
  };
}
