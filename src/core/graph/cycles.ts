import type { ElementKey } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';

type Providers = (key: ElementKey) => readonly ElementKey[];

/** Strongly connected parts of more than one element (Tarjan, 1972, without recursion); each sorted, and sorted by their first. */
export function findCycles(
  keys: readonly ElementKey[],
  providers: Providers,
): readonly (readonly ElementKey[])[] {
  const index = new Map<ElementKey, number>();
  const low = new Map<ElementKey, number>();
  const stack: ElementKey[] = [];
  const onStack = new Set<ElementKey>();
  const found: ElementKey[][] = [];
  const lower = (key: ElementKey, value: number): void => {
    low.set(key, Math.min(low.get(key) ?? value, value));
  };
  const enter = (key: ElementKey, path: { key: ElementKey; next: number }[]): void => {
    index.set(key, index.size);
    low.set(key, index.size - 1);
    stack.push(key);
    onStack.add(key);
    path.push({ key, next: 0 });
  };
  for (const root of keys) {
    if (index.has(root)) continue;
    const path: { key: ElementKey; next: number }[] = [];
    enter(root, path);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const provider = providers(top.key)[top.next++];
      if (provider !== undefined) {
        if (!index.has(provider)) enter(provider, path);
        else if (onStack.has(provider)) lower(top.key, index.get(provider) as number);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent.key, low.get(top.key) as number);
      if (low.get(top.key) !== index.get(top.key)) continue;
      const part = stack.splice(stack.lastIndexOf(top.key));
      for (const key of part) onStack.delete(key);
      if (part.length > 1) found.push(part.sort(byCodeUnit));
    }
  }
  return found.sort((a, b) => byCodeUnit(a[0] as string, b[0] as string));
}

/** A shortest way round from the first element of a part, by name where there are several: always the same one. */
export function wayRound(part: readonly ElementKey[], providers: Providers): readonly ElementKey[] {
  const [start] = part;
  if (start === undefined) return [];
  const inside = new Set(part);
  const cameFrom = new Map<ElementKey, ElementKey>();
  const pending = [start];
  for (let at = 0; at < pending.length; at++) {
    const key = pending[at] as ElementKey;
    for (const provider of [...providers(key)].sort(byCodeUnit)) {
      if (provider === start) return trace(key, start, cameFrom);
      if (!inside.has(provider) || cameFrom.has(provider)) continue;
      cameFrom.set(provider, key);
      pending.push(provider);
    }
  }
  return part;
}

function trace(
  last: ElementKey,
  start: ElementKey,
  cameFrom: ReadonlyMap<ElementKey, ElementKey>,
): readonly ElementKey[] {
  const way = [start];
  for (let key: ElementKey | undefined = last; key !== undefined && key !== start; key = cameFrom.get(key)) {
    way.splice(1, 0, key);
  }
  return [...way, start];
}
