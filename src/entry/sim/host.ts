import { OidCache } from '../../sim/repository.js';
import type { Host } from '../../sim/world.js';

/** Taken before a guard forbids it to everybody else. */
const { setImmediate: realSetImmediate } = globalThis;

/** Documents that are kept: a run reads some hundreds. */
const documents = 4_000;

/** What simulated worlds need of this process; its caches serve all of them. */
export function createHost(): Host {
  return {
    // A turn of the event loop takes some microseconds where a step takes hundreds: it need not be avoided.
    drain: () => new Promise((resolve) => void realSetImmediate(resolve)),
    oids: new OidCache(),
    documents: new BoundedMap(documents),
  };
}

/** Forgets everything when it is full. */
class BoundedMap<K, V> extends Map<K, V> {
  constructor(private readonly limit: number) {
    super();
  }

  override set(key: K, value: V): this {
    if (this.size >= this.limit) this.clear();
    return super.set(key, value);
  }
}
