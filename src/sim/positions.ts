import type { Life } from './life.js';
import { statusRef } from './repository.js';
import type { Call } from './watcher.js';

/** Where a controller can die between a decision and its record. */
export const positions = [
  'before the journal write',
  'torn write',
  'written, not synced',
  'synced, before the effect',
  'effect sent',
  'effect done, before its record',
  'before the push',
  'after the push, before its record',
] as const;

export type Position = (typeof positions)[number];

type Stage = 'recorded' | 'sent' | 'landed';

/** What one incarnation has under way. */
export class UnderWay {
  private readonly operations = new Map<string, Stage>();
  private appending = false;
  private isUnsynced = false;
  private isPushing = false;
  private isPushed = false;

  called({ port, verb, key }: Call): void {
    if (port === 'disk' && verb === 'append') this.appending = true;
    else if (port === 'refs' && verb === 'swap' && key === statusRef) this.isPushing = true;
  }

  answered({ port, verb, key }: Call): void {
    if (port === 'disk' && verb === 'append') {
      this.appending = false;
      this.isUnsynced = true;
    } else if (port === 'disk' && verb === 'sync') this.isUnsynced = false;
    else if (port === 'refs' && verb === 'swap' && key === statusRef) this.isPushing = false;
  }

  swapped(ref: string): void {
    if (ref !== statusRef) return;
    this.isPushing = false;
    this.isPushed = true;
  }

  written(): void {
    this.isPushed = false;
  }

  moved(operation: string | null, to: Stage | 'over'): void {
    if (operation === null) return;
    if (to === 'over') this.operations.delete(operation);
    else this.operations.set(operation, to);
  }

  *at(isSynced: (operation: string) => boolean): Generator<Position> {
    if (this.appending) yield 'before the journal write';
    if (this.isUnsynced) yield 'written, not synced';
    if (this.isPushing) yield 'before the push';
    if (this.isPushed) yield 'after the push, before its record';
    const stages = new Set<Position>();
    for (const [operation, stage] of this.operations)
      if (stage === 'sent') stages.add('effect sent');
      else if (stage === 'landed') stages.add('effect done, before its record');
      else if (isSynced(operation)) stages.add('synced, before the effect');
    yield* stages;
  }
}

/** Counts deaths by where they found their controller. */
export class Positions {
  readonly counts = new Map<Position, number>();
  /** The power failed in the midst of a write. */
  isTorn = false;
  private readonly lives = new Map<Life, UnderWay>();

  of(incarnation: Life): UnderWay {
    const life = this.lives.get(incarnation) ?? new UnderWay();
    this.lives.set(incarnation, life);
    return life;
  }

  died(incarnation: Life, how: 'process' | 'power' | 'ended'): void {
    const { journal } = incarnation.machine;
    const life = this.of(incarnation);
    this.lives.delete(incarnation);
    const torn = this.isTorn;
    this.isTorn = false;
    if (how === 'ended') return;
    journal.refresh();
    if (torn) this.count('torn write');
    for (const position of life.at((operation) => journal.intents.has(operation))) this.count(position);
  }

  private count(position: Position): void {
    this.counts.set(position, (this.counts.get(position) ?? 0) + 1);
  }
}
