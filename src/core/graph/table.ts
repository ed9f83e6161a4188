import { byCodeUnit } from '../base/order.js';

const shardCount = 256;
type Shard<V> = ReadonlyMap<string, V>;

/**
 * An immutable map whose next version costs what changed, not what it holds: an overlay that is
 * accepted by keeping it and rejected by forgetting it.
 */
export class Table<V> {
  private constructor(
    private readonly shards: readonly Shard<V>[],
    readonly size: number,
  ) {}

  static empty<V>(): Table<V> {
    return new Table<V>(
      Array.from({ length: shardCount }, () => new Map<string, V>()),
      0,
    );
  }

  get(key: string): V | undefined {
    return this.shards[shardOf(key)]?.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** Sorted; costs the whole table. */
  keys(): string[] {
    return this.shards.flatMap((shard) => [...shard.keys()]).sort(byCodeUnit);
  }

  edit(): TableEdit<V> {
    return new TableEdit<V>(this, this.shards, this.size, (shards, size) => new Table<V>(shards, size));
  }
}

/** Changes on top of a table; the table itself never changes. */
export class TableEdit<V> {
  private readonly shards: Shard<V>[];
  private readonly own = new Map<number, Map<string, V>>();

  constructor(
    readonly before: Table<V>,
    shards: readonly Shard<V>[],
    private count: number,
    private readonly make: (shards: readonly Shard<V>[], size: number) => Table<V>,
  ) {
    this.shards = [...shards];
  }

  get size(): number {
    return this.count;
  }

  get(key: string): V | undefined {
    return this.shards[shardOf(key)]?.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    const shard = this.ownShard(key);
    if (!shard.has(key)) this.count++;
    shard.set(key, value);
  }

  delete(key: string): void {
    if (this.has(key) && this.ownShard(key).delete(key)) this.count--;
  }

  /** Sorted; costs the whole table. */
  keys(): string[] {
    return this.shards.flatMap((shard) => [...shard.keys()]).sort(byCodeUnit);
  }

  seal(): Table<V> {
    if (this.own.size === 0) return this.before;
    this.own.clear();
    return this.make([...this.shards], this.count);
  }

  private ownShard(key: string): Map<string, V> {
    const index = shardOf(key);
    let shard = this.own.get(index);
    if (shard === undefined) {
      shard = new Map(this.shards[index]);
      this.own.set(index, shard);
      this.shards[index] = shard;
    }
    return shard;
  }
}

/** FNV-1a over UTF-16 code units. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 8) & (shardCount - 1);
}
