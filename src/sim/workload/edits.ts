import type { Random } from '../random.js';
import { releasesOf, withNewElement } from './generate.js';
import { abreast, mistakesOf } from './judge.js';
import type { Element, Model, Release } from './model.js';
import {
  accepts,
  consumersOf,
  keyOf,
  needsOf,
  releaseOf,
  withElement,
  without,
  withRelease,
} from './model.js';
import { policy } from './strategies.js';

export type EditKind =
  'upgrade' | 'downgrade' | 'scale' | 'add' | 'remove' | 'configure' | 'policy' | 'expose' | 'several';

export interface EditContext {
  readonly random: Random;
  /** Releases are made that serve only each other. */
  readonly isTogether?: boolean;
  /** All that ever was: a name may come back, and a release is what it was. */
  readonly everReleased: ReadonlyMap<string, Release>;
  readonly everThere: ReadonlyMap<string, Element>;
}

const tries = 10;

/** One edit of this kind that leaves the model valid; null: none was found. */
export function edited(before: Model, kind: EditKind, context: EditContext): Model | null {
  // Now and then people raise both sides at once, so that neither can go first.
  const isCareless = kind === 'upgrade' && context.random.chance(0.2);
  for (let i = 0; i < 2 * tries; i++) {
    const isTogether = isCareless && i < tries;
    const next = attempt(before, kind, { ...context, isTogether });
    if (next === null || next === before || mistakesOf(next).length > 0) continue;
    if (!isTogether || abreast(before, next).length > 0) return next;
  }
  return null;
}

function attempt(before: Model, kind: EditKind, context: EditContext): Model | null {
  const { random } = context;
  const elements = [...before.elements.values()];
  if (kind === 'add') return added(before, context);
  if (elements.length === 0) return null;
  const element = random.pick(elements);
  switch (kind) {
    case 'upgrade':
      return moved(before, element, { up: true, context });
    case 'downgrade':
      return moved(before, element, { up: false, context });
    case 'scale':
      return withElement(before, {
        ...element,
        size: random.chance(0.06) ? 0 : random.pick([1, 2, 3, 4, 5]),
      });
    case 'remove':
      return removed(before, element, random);
    case 'configure':
      return random.chance(0.6)
        ? withElement(before, { ...element, setting: random.between(0, 3) })
        : withElement(before, { ...element, mode: random.between(0, 2) });
    case 'policy':
      return repolicied(before, element, random);
    case 'expose':
      return exposed(before, element, random);
    case 'several':
      return several(before, context);
  }
}

function several(before: Model, context: EditContext): Model | null {
  const kinds: EditKind[] = ['upgrade', 'downgrade', 'scale', 'configure', 'add', 'remove', 'expose'];
  let next: Model = before;
  for (let i = context.random.between(2, 4); i > 0; i--)
    next = attempt(next, context.random.pick(kinds), context) ?? next;
  return next;
}

function added(before: Model, context: EditContext): Model | null {
  const { random, everThere, everReleased } = context;
  const gone = [...everThere.values()].filter((element) => !before.elements.has(keyOf(element)));
  if (gone.length > 0 && random.chance(0.5)) {
    const element = random.pick(gone);
    const release = everReleased.get(`${element.component}@${element.version}`);
    return release === undefined ? null : withElement(withRelease(before, release), element);
  }
  const homes = [...new Set([...before.elements.values()].map(({ solution }) => solution)), 'extra'];
  const numbers = [...everReleased.values(), ...before.releases.values()].map(({ component }) =>
    Number(component.name.slice(1)),
  );
  const freshName = `c${Math.max(-1, ...numbers) + 1}`;
  return withNewElement(before, random, { homes, freshName });
}

/** Its consumers go with it, or take another that gives the same. The last element never goes. */
function removed(before: Model, element: Element, random: Random): Model | null {
  const key = keyOf(element);
  const others = [...before.elements.values()].filter(
    (other) => other.component === element.component && keyOf(other) !== key,
  );
  let next = without(before, key);
  for (const consumer of consumersOf(before, key)) {
    const other = others.length > 0 && random.chance(0.7) ? random.pick(others) : null;
    const need = needsOf(before, consumer).find(({ component }) => component === element.component);
    if (other !== null)
      next = withElement(next, {
        ...consumer,
        bindings: { ...consumer.bindings, [element.component]: keyOf(other) },
      });
    else if (need?.optional === true) {
      const bindings = { ...consumer.bindings };
      delete bindings[element.component];
      next = withElement(next, { ...consumer, bindings });
    } else if (next.elements.has(keyOf(consumer))) {
      const rest = removed(next, consumer, random);
      if (rest === null) return null;
      next = rest;
    }
  }
  return next.elements.size === 0 ? null : next;
}

interface Move {
  readonly up: boolean;
  readonly context: EditContext;
}

/** To another release, with what has to go along: consumers that accept it, providers that it needs. */
function moved(before: Model, element: Element, { up, context }: Move): Model | null {
  const { random } = context;
  const order = (version: string): number => rank(version) - rank(element.version);
  const others = releasesOf(before, element.component).filter(({ version }) =>
    up ? order(version) > 0 : order(version) < 0,
  );
  let model = before;
  let to = others.length > 0 ? random.pick(others) : null;
  if (up && (to === null || random.chance(context.isTogether === true ? 0.8 : 0.15))) {
    const made = nextRelease(before, element, context);
    if (made === null) return null;
    model = withRelease(model, made);
    to = made;
  }
  if (to === null) return null;
  model = withElement(model, { ...element, version: to.version });
  return random.chance(0.1) ? model : adapted(model, keyOf(element), context);
}

/** Consumers of the element take up a release in whose range it is, and they tell theirs. */
function adapted(before: Model, key: string, context: EditContext): Model | null {
  let model = before;
  for (const consumer of consumersOf(model, key)) {
    const provider = model.elements.get(key);
    const need = needsOf(model, consumer).find(({ component }) => component === provider?.component);
    if (provider === undefined || need === undefined || accepts(need.range, provider.version)) continue;
    const fitting = releasesOf(model, consumer.component).filter(({ needs }) =>
      needs.every(({ component, range, optional }) => {
        const other = model.elements.get(consumer.bindings[component] ?? '');
        return other === undefined ? optional : accepts(range, other.version);
      }),
    );
    const release = fitting.length > 0 ? context.random.pick(fitting) : nextRelease(model, consumer, context);
    if (release === null) return null;
    model = withElement(withRelease(model, release), { ...consumer, version: release.version });
    const more = adapted(model, keyOf(consumer), context);
    if (more === null) return null;
    model = more;
  }
  return model;
}

/** A release after all others, whose ranges hold what its providers are at now, and mostly what they were at. */
function nextRelease(model: Model, element: Element, context: EditContext): Release | null {
  const { random, everReleased, isTogether = false } = context;
  const now = releaseOf(model, element);
  if (now === undefined) return null;
  const all = [...everReleased.values(), ...model.releases.values()].filter(
    ({ component }) => component.name === element.component,
  );
  const [major, minor] = partsOf(
    all.map(({ version }) => version).reduce((a, b) => (rank(a) >= rank(b) ? a : b), '0.0.0'),
  );
  if (major > 8 || all.length > 12) return null;
  const version = !isTogether && random.chance(0.5) ? `${major}.${minor + 1}.0` : `${major + 1}.0.0`;
  const needs = now.needs.map((need) => {
    const provider = model.elements.get(element.bindings[need.component] ?? '');
    if (provider === undefined || (accepts(need.range, provider.version) && random.chance(0.7))) return need;
    const [at] = partsOf(provider.version);
    const low = isTogether ? at : 1;
    return { ...need, range: `>=${low} <${at + 1}` };
  });
  return { component: now.component, version, needs, build: all.length };
}

function repolicied(before: Model, element: Element, random: Random): Model {
  if (random.chance(0.2)) return { ...before, remark: before.remark + 1 };
  if (random.chance(0.2))
    return withElement(before, { ...element, repair: random.pick([null, null, 'auto', 'report', 'hold']) });
  return withElement(before, { ...element, policy: random.chance(0.2) ? null : policy(random) });
}

function exposed(before: Model, element: Element, random: Random): Model | null {
  if (element.expose !== null && random.chance(0.5)) return withElement(before, { ...element, expose: null });
  if (releaseOf(before, element)?.component.isReached !== true) return null;
  return withElement(before, { ...element, expose: 8_000 + random.between(0, 9) });
}

function partsOf(version: string): [number, number] {
  const [major = '0', minor = '0'] = version.split('.');
  return [Number(major), Number(minor)];
}

function rank(version: string): number {
  const [major, minor] = partsOf(version);
  return major * 1_000 + minor;
}
