import type { CancelSource, Clock } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';

interface Alarm {
  readonly key: string;
  readonly at: number;
}

/** Many deadlines on one sleep of the clock. Times are the clock's monotonic milliseconds. */
export class Alarms {
  private readonly due = new Map<string, number>();
  private readonly heap: Alarm[] = [];
  private sleeping: { readonly until: number; readonly source: CancelSource } | null = null;
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly ring: (key: string) => void,
  ) {}

  /** Replaces an alarm of the same key. */
  set(key: string, at: number): void {
    if (this.due.get(key) === at) return;
    this.due.set(key, at);
    this.insert({ key, at });
    this.arm();
  }

  /** Keeps the earlier of the two. */
  setEarlier(key: string, at: number): void {
    const known = this.due.get(key);
    if (known === undefined || at < known) this.set(key, at);
  }

  isSet(key: string): boolean {
    return this.due.has(key);
  }

  clear(key: string): void {
    this.due.delete(key);
  }

  stop(): void {
    this.stopped = true;
    this.sleeping?.source.abort();
  }

  private arm(): void {
    const first = this.first();
    if (this.stopped || first === null) return;
    if (this.sleeping !== null && this.sleeping.until <= first.at) return;
    this.sleeping?.source.abort();
    const sleeping = { until: first.at, source: cancelSource() };
    this.sleeping = sleeping;
    void this.clock.sleepUntil(first.at, sleeping.source.cancel).then(() => {
      if (this.sleeping !== sleeping) return;
      this.sleeping = null;
      this.ringDue();
      this.arm();
    });
  }

  private ringDue(): void {
    const now = this.clock.monoMs();
    for (let first = this.first(); first !== null && first.at <= now && !this.stopped; first = this.first()) {
      this.pop();
      this.due.delete(first.key);
      this.ring(first.key);
    }
  }

  /** The earliest that still counts. */
  private first(): Alarm | null {
    for (;;) {
      const top = this.heap[0];
      if (top === undefined) return null;
      if (this.due.get(top.key) === top.at) return top;
      this.pop();
    }
  }

  private insert(alarm: Alarm): void {
    const { heap } = this;
    heap.push(alarm);
    for (let i = heap.length - 1; i > 0;) {
      const parent = (i - 1) >> 1;
      if ((heap[parent] as Alarm).at <= alarm.at) return;
      [heap[i], heap[parent]] = [heap[parent] as Alarm, alarm];
      i = parent;
    }
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const least =
        right < heap.length && (heap[right] as Alarm).at < (heap[left] as Alarm).at ? right : left;
      if ((heap[least] as Alarm).at >= last.at) return;
      [heap[i], heap[least]] = [heap[least] as Alarm, last];
      i = least;
    }
  }
}
