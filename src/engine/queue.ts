/** Runs tasks in the order in which they came, at most so many at a time. */
export class TaskQueue {
  private readonly waiting: (() => Promise<void>)[] = [];
  private running = 0;
  private head = 0;

  constructor(private readonly limit: number) {}

  add(task: () => Promise<void>): void {
    this.waiting.push(task);
    this.next();
  }

  private next(): void {
    while (this.running < this.limit && this.head < this.waiting.length) {
      const task = this.waiting[this.head++] as () => Promise<void>;
      this.compact();
      this.running++;
      void task().finally(() => {
        this.running--;
        this.next();
      });
    }
  }

  /** Shifting each task off would cost the square of their number. */
  private compact(): void {
    if (this.head < 1024 || this.head * 2 < this.waiting.length) return;
    this.waiting.splice(0, this.head);
    this.head = 0;
  }
}
