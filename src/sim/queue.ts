/** Something that will happen. Among those of one moment the tie-break decides, then the order of scheduling. */
export interface Due {
  readonly at: number;
  readonly tie: number;
  readonly order: number;
  /** Whose it is: its number; 0 for the world's own. */
  readonly owner: number;
  run(): void;
  cancelled: boolean;
}

/** A binary heap of what is due. */
export class Queue {
  private readonly heap: Due[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(due: Due): void {
    const { heap } = this;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(due, heap[parent] as Due)) break;
      heap[at] = heap[parent] as Due;
      at = parent;
    }
    heap[at] = due;
  }

  /** The next that was not cancelled, or null. */
  pop(): Due | null {
    for (let due = this.take(); due !== null; due = this.take()) if (!due.cancelled) return due;
    return null;
  }

  private take(): Due | null {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(due: Due): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Due, heap[child] as Due)) child++;
      if (!before(heap[child] as Due, due)) break;
      heap[at] = heap[child] as Due;
      at = child;
    }
    heap[at] = due;
  }
}

function before(a: Due, b: Due): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.tie !== b.tie ? a.tie < b.tie : a.order < b.order;
}
