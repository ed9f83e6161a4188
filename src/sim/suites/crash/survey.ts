import type { Director } from '../../director.js';
import type { Life } from '../../life.js';
import type { Call, Watcher } from '../../watcher.js';
import type { CrashPoint, End } from './points.js';

/** Points at which a crash leaves one and the same world behind, its time aside; the first stands for them all. */
export interface CrashClass {
  readonly points: readonly [CrashPoint, ...CrashPoint[]];
}

/** States of a disk, counted: what is read, and what a loss of power keeps. */
interface DiskMark {
  current: number;
  durable: number;
  /** The last change was an append that was not synced. */
  isTearable: boolean;
}

/**
 * Looks at an unbroken run and finds its crash points. Where nothing was changed between two of them they are of one
 * class: no technology, no reference, and of the disk of the one that dies the same bytes.
 */
export class Survey implements Director, Watcher {
  /** Changes outside of the disk of the one that dies. */
  private outside = 0;
  protected isOver = false;
  private readonly disks = new Map<string, DiskMark>();
  private readonly found = new Map<string, CrashPoint[]>();

  get classes(): CrashClass[] {
    return [...this.found.values()].map((points) => ({ points: points as [CrashPoint, ...CrashPoint[]] }));
  }

  fateOf(incarnation: Life, call: Call): CrashPoint['side'] | null {
    this.add(incarnation, call, 'before');
    return null;
  }

  perform<T>(incarnation: Life, call: Call, run: () => T): T {
    const value = run();
    if (call.port === 'disk') this.mark(incarnation, call.verb);
    if (!incarnation.dead) this.add(incarnation, call, 'after');
    return value;
  }

  begun(): void {
    this.outside++;
  }

  landed(): void {
    this.outside++;
  }

  swapped(): void {
    this.outside++;
  }

  /** From here on a controller that does anything is wrong: there is nothing more to disturb. */
  again(): void {
    this.isOver = true;
  }

  /** People do something. */
  beforeStep(): void {
    this.outside++;
  }

  /** Equal where nothing was changed in between. */
  protected worldLeftBy(incarnation: Life): string {
    return `${this.outside} ${incarnation.machine.carried === null ? this.diskOf(incarnation).current : 'gone'}`;
  }

  protected isWanted(_incarnation: Life): boolean {
    return true;
  }

  private diskOf({ machine }: Life): DiskMark {
    const mark = this.disks.get(machine.name) ?? { current: 0, durable: 0, isTearable: false };
    this.disks.set(machine.name, mark);
    return mark;
  }

  private mark(incarnation: Life, verb: string): void {
    const mark = this.diskOf(incarnation);
    if (verb === 'sync') mark.durable = mark.current;
    else if (verb === 'replace') mark.durable = ++mark.current;
    else if (verb === 'append' || verb === 'truncate' || verb === 'remove') mark.current++;
    mark.isTearable = verb === 'append' || (mark.isTearable && verb !== 'sync' && verb !== 'replace');
  }

  private add(incarnation: Life, call: Call, side: CrashPoint['side']): void {
    if (this.isOver || !this.isWanted(incarnation)) return;
    for (const end of this.endsAt(incarnation, call, side)) {
      const key = `${incarnation.number} ${this.outside} ${this.leftBy(incarnation, call, side, end)}`;
      const points = this.found.get(key) ?? [];
      points.push({ incarnation: incarnation.number, call, side, end });
      this.found.set(key, points);
    }
  }

  private endsAt(incarnation: Life, call: Call, side: CrashPoint['side']): End[] {
    if (call.port !== 'disk' || call.verb === 'read' || call.verb === 'list') return ['process'];
    if (incarnation.machine.carried !== null) return ['process'];
    const ends: End[] = ['process', 'power, nothing unsynced kept', 'power, everything kept'];
    return this.diskOf(incarnation).isTearable && (call.verb !== 'append' || side === 'after')
      ? [...ends, 'power, last write torn']
      : ends;
  }

  /** Which bytes are left. */
  private leftBy(incarnation: Life, call: Call, side: CrashPoint['side'], end: End): string {
    const { current, durable } = this.diskOf(incarnation);
    // The next life begins on another machine.
    if (incarnation.machine.carried !== null) return 'nothing';
    switch (end) {
      case 'process':
      case 'power, everything kept':
        return `${incarnation.machine.name} ${current}`;
      case 'power, nothing unsynced kept':
        // Renamed, and the folder was not synced.
        return `${incarnation.machine.name} ${call.verb === 'replace' && side === 'after' ? current - 1 : durable}`;
      case 'power, last write torn':
        return `${incarnation.machine.name} ${current - 1} torn`;
    }
  }
}
