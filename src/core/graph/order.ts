import type { ElementKey } from '../base/names.js';
import type { TableEdit } from './table.js';

/** Existing elements only. */
export interface Neighbours {
  providers(key: ElementKey): readonly ElementKey[];
  consumers(key: ElementKey): readonly ElementKey[];
}

/**
 * A kept topological order: every provider has a lower rank than its consumers. Only the part between
 * the two ends of a new edge is ever looked at (Pearce and Kelly, 2006).
 */
export class Order {
  constructor(
    private readonly ranks: TableEdit<number>,
    private next: number,
    private readonly neighbours: Neighbours,
  ) {}

  get nextRank(): number {
    return this.next;
  }

  /** Gives ranks to elements that have none, providers first. A cycle among them is left for `connect` to find. */
  add(keys: readonly ElementKey[]): void {
    for (const root of keys) {
      if (this.ranks.has(root)) continue;
      const path: { key: ElementKey; next: number }[] = [{ key: root, next: 0 }];
      const entered = new Set<ElementKey>([root]);
      for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
        const provider = this.neighbours.providers(top.key)[top.next++];
        if (provider === undefined) {
          this.ranks.set(top.key, this.next++);
          path.pop();
        } else if (!this.ranks.has(provider) && !entered.has(provider)) {
          entered.add(provider);
          path.push({ key: provider, next: 0 });
        }
      }
    }
  }

  remove(key: ElementKey): void {
    this.ranks.delete(key);
  }

  /** Makes the order hold for the edges of a consumer; false if one of them closes a cycle. */
  connect(consumer: ElementKey): boolean {
    return this.neighbours.providers(consumer).every((provider) => this.edge(provider, consumer));
  }

  /** The same for edges to a consumer that was there before its provider. */
  connectConsumers(provider: ElementKey): boolean {
    return this.neighbours.consumers(provider).every((consumer) => this.edge(provider, consumer));
  }

  private edge(provider: ElementKey, consumer: ElementKey): boolean {
    const high = this.ranks.get(provider);
    const low = this.ranks.get(consumer);
    if (high === undefined || low === undefined || high < low) return true;
    const after = this.reach(
      consumer,
      (key) => this.neighbours.consumers(key),
      (rank) => rank <= high,
    );
    if (after.has(provider)) return false;
    const before = this.reach(
      provider,
      (key) => this.neighbours.providers(key),
      (rank) => rank >= low,
    );
    const moved = [...this.byRank(before), ...this.byRank(after)];
    const ranks = moved.map((key) => this.rank(key)).sort((a, b) => a - b);
    moved.forEach((key, i) => this.ranks.set(key, ranks[i] as number));
    return true;
  }

  private reach(
    start: ElementKey,
    step: (key: ElementKey) => readonly ElementKey[],
    within: (rank: number) => boolean,
  ): Set<ElementKey> {
    const found = new Set<ElementKey>([start]);
    const pending = [start];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      for (const neighbour of step(key)) {
        const rank = this.ranks.get(neighbour);
        if (rank === undefined || !within(rank) || found.has(neighbour)) continue;
        found.add(neighbour);
        pending.push(neighbour);
      }
    }
    return found;
  }

  private byRank(keys: Set<ElementKey>): ElementKey[] {
    return [...keys].sort((a, b) => this.rank(a) - this.rank(b));
  }

  private rank(key: ElementKey): number {
    return this.ranks.get(key) ?? 0;
  }
}
