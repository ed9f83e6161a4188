import type { Element, Model } from './model.js';
import { accepts, consumersOf, keyOf, needsOf, releaseOf } from './model.js';

/** What is wrong with a model, in the words of its format and not by the code that checks it; empty: it must be accepted. */
export function mistakesOf(model: Model): string[] {
  const mistakes: string[] = [];
  const ports = new Set<number>();
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
    mistakes.push(...wrongNeeds(model, element), ...wrongPolicy(model, element));
    if (isInCircle(model, key)) mistakes.push(`${key}: circle`);
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
  if (strategy === 'rolling' && surge === 0 && unavailable === 0) return [`${keyOf(element)}: no room`];
  const stopsAll = size > 0 && (strategy === 'recreate' || unavailable >= size);
  return stopsAll && !model.domain.allowDowntime ? [`${keyOf(element)}: downtime`] : [];
}

function isInCircle(model: Model, key: string): boolean {
  const seen = new Set<string>();
  const open = [key];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const consumer of consumersOf(model, at)) {
      const next = keyOf(consumer);
      if (next === key) return true;
      if (!seen.has(next)) open.push(next);
      seen.add(next);
    }
  return false;
}

/** Pairs of which neither side can go first: the third row of the version table. */
export function pairsWithoutPath(before: Model, after: Model): string[] {
  return [...after.elements.values()].flatMap((next) => {
    const key = keyOf(next);
    const old = before.elements.get(key);
    if (old === undefined) return [];
    return needsOf(before, old).flatMap((need) => {
      const at = old.bindings[need.component] ?? '';
      const wanted = needsOf(after, next).find((other) => other.component === need.component);
      if (need.type !== 'service' || wanted?.type !== 'service' || next.bindings[need.component] !== at)
        return [];
      const from = before.elements.get(at)?.version;
      const to = after.elements.get(at)?.version;
      const ends = from === undefined || to === undefined;
      return ends || accepts(need.range, to) || accepts(wanted.range, from) ? [] : [`${key} on ${at}`];
    });
  });
}
