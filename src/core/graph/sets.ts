import type { TableEdit } from './table.js';

/** A table of sets under change: each set is copied once at most, however often it changes. */
export class SetsEdit<T extends string> {
  private readonly own = new Set<ReadonlySet<T>>();

  constructor(readonly table: TableEdit<ReadonlySet<T>>) {}

  /** Unsorted. */
  get(key: string): ReadonlySet<T> | undefined {
    return this.table.get(key);
  }

  sorted(key: string): readonly T[] {
    return [...(this.table.get(key) ?? [])].sort();
  }

  add(key: string, member: T): void {
    this.mutable(key).add(member);
  }

  remove(key: string, member: T): void {
    if (this.table.get(key)?.has(member) !== true) return;
    const members = this.mutable(key);
    members.delete(member);
    if (members.size === 0) this.table.delete(key);
  }

  /** Makes `member` stand under exactly the new keys. */
  move(member: T, before: readonly string[], after: readonly string[]): void {
    if (before === after) return;
    const kept = new Set(after);
    for (const key of before) if (!kept.has(key)) this.remove(key, member);
    const had = new Set(before);
    for (const key of after) if (!had.has(key)) this.add(key, member);
  }

  private mutable(key: string): Set<T> {
    const members = this.table.get(key);
    if (members !== undefined && this.own.has(members)) return members as Set<T>;
    const copy = new Set(members ?? []);
    this.own.add(copy);
    this.table.set(key, copy);
    return copy;
  }
}
