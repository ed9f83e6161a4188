type Described = readonly [key: string, digest: string, uses: readonly string[]];

/** The least that any planner does: what differs, found with a Map, and an order in which providers come first. */
export function floorPlan(
  before: ReadonlyMap<string, string>,
  after: readonly Described[],
): readonly string[] {
  const changed = new Map<string, readonly string[]>();
  for (const [key, digest, uses] of after) if (before.get(key) !== digest) changed.set(key, uses);
  const missing = new Map<string, number>();
  const unblocks = new Map<string, string[]>();
  const ready: string[] = [];
  for (const [key, uses] of changed) {
    let count = 0;
    for (const provider of uses) {
      if (!changed.has(provider)) continue;
      count++;
      const list = unblocks.get(provider);
      if (list === undefined) unblocks.set(provider, [key]);
      else list.push(key);
    }
    missing.set(key, count);
    if (count === 0) ready.push(key);
  }
  const order: string[] = [];
  for (const key of ready) {
    order.push(key);
    for (const next of unblocks.get(key) ?? []) {
      const left = (missing.get(next) ?? 0) - 1;
      missing.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return order;
}
