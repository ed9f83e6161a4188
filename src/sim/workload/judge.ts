import type { Element, Model } from './model.js';
import { accepts, keyOf, needsOf, releaseOf } from './model.js';

/** What is wrong with a model, in the words of its format and not by the code that checks it; empty: it must be accepted. */
export function mistakesOf(model: Model): string[] {
  const mistakes: string[] = [];
  const ports = new Set<number>();
  const uses = new Map<string, string[]>();
  for (const element of model.elements.values())
    uses.set(
      keyOf(element),
      needsOf(model, element).map((need) => element.bindings[need.component] ?? ''),
    );
  for (const element of model.elements.values()) {
    const key = keyOf(element);
    const release = releaseOf(model, element);
    if (release === undefined) {
      mistakes.push(`${key}: no such release`);
      continue;
    }
    if (element.size < 0) mistakes.push(`${key}: size`);
    if (element.expose !== null && ports.has(element.expose)) mistakes.push(`${key}: port`);
    if (element.expose !== null) ports.add(element.expose);
    mistakes.push(
      ...wrongNeeds(model, element),
      ...wrongPolicy(model, element),
      ...wrongSteps(model, element),
    );
    if (reaches(uses, key, key)) mistakes.push(`${key}: circle`);
  }
  return mistakes;
}

function wrongNeeds(model: Model, element: Element): string[] {
  return needsOf(model, element).flatMap((need) => {
    const what = `${keyOf(element)}: ${need.component}`;
    const provider = model.elements.get(element.bindings[need.component] ?? '');
    if (provider?.component !== need.component) return [`${what} is not given`];
    if (!accepts(need.range, provider.version)) return [`${what} ${provider.version} not in ${need.range}`];
    return element.size > 0 && provider.size === 0 ? [`${what} has size 0`] : [];
  });
}

function wrongPolicy(model: Model, element: Element): string[] {
  const { policy, size } = element;
  if (policy === null) return [];
  const { strategy, surge, unavailable } = policy;
  if (strategy !== 'recreate' && surge === 0 && unavailable === 0) return [`${keyOf(element)}: no room`];
  const stopsAll = size > 0 && (strategy === 'recreate' || unavailable >= size);
  return stopsAll && !model.domain.allowDowntime ? [`${keyOf(element)}: downtime`] : [];
}

/** More than there is, or shares of a traffic that no gateway sees. */
function wrongSteps(model: Model, element: Element): string[] {
  const { policy, size } = element;
  if (policy === null) return [];
  const shares = policy.steps.map(({ share }) => share);
  const isTooMuch = shares.some((share) => Number(/^size: ([0-9]+)$/.exec(share)?.[1] ?? 0) > size);
  const isShared = policy.strategy === 'blueGreen' || shares.some((share) => share.startsWith('weight'));
  const isReached = releaseOf(model, element)?.component.isReached === true;
  return [
    ...(isTooMuch && size > 0 ? [`${keyOf(element)}: steps beyond its size`] : []),
    ...(isShared && !isReached ? [`${keyOf(element)}: traffic that nobody shares out`] : []),
  ];
}

/**
 * What has to stand side by side on the way from one model to the other: pairs of which neither side can go first, the
 * third row of the version table, and circles of sides that would have to go first.
 */
export function abreast(before: Model, after: Model): string[] {
  const found: string[] = [];
  /** Element → those that have to go after it. */
  const later = new Map<string, string[]>();
  for (const { consumer, provider, newServesOld, oldServesNew } of pairs(before, after)) {
    if (!newServesOld && !oldServesNew) found.push(`${consumer} and ${provider} at once`);
    else if (!newServesOld) later.set(consumer, [...(later.get(consumer) ?? []), provider]);
    else if (!oldServesNew) later.set(provider, [...(later.get(provider) ?? []), consumer]);
  }
  for (const key of later.keys()) if (reaches(later, key, key)) found.push(`${key} before itself`);
  return found;
}

interface Pair {
  readonly consumer: string;
  readonly provider: string;
  readonly newServesOld: boolean;
  readonly oldServesNew: boolean;
}

/** Consumers and providers that are there before and after. */
function pairs(before: Model, after: Model): Pair[] {
  return [...after.elements.values()].flatMap((next) => {
    const consumer = keyOf(next);
    const old = before.elements.get(consumer);
    if (old === undefined) return [];
    return needsOf(before, old).flatMap((need) => {
      const provider = old.bindings[need.component] ?? '';
      const wanted = needsOf(after, next).find((other) => other.component === need.component);
      if (need.type !== 'service' || wanted?.type !== 'service') return [];
      if (next.bindings[need.component] !== provider) return [];
      const from = before.elements.get(provider)?.version;
      const to = after.elements.get(provider)?.version;
      if (from === undefined || to === undefined) return [];
      const newServesOld = accepts(need.range, to);
      return [{ consumer, provider, newServesOld, oldServesNew: accepts(wanted.range, from) }];
    });
  });
}

function reaches(edges: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [...(edges.get(from) ?? [])];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    if (!seen.has(at)) open.push(...(edges.get(at) ?? []));
    seen.add(at);
  }
  return false;
}
