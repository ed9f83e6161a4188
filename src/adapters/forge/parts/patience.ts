/** How long things last; tests shorten them. */
export interface Waiting {
  /** Of waiting in what a forge or a rule of ours counts in seconds: milliseconds that a second lasts. */
  readonly secondMs?: number;
  /** For the answer to one request. */
  readonly timeoutMs?: number;
  /** For one call of the port, waits and all. */
  readonly patienceMs?: number;
}

export type Pace = Required<Waiting>;

export function paceOf(waiting: Waiting = {}): Pace {
  return { secondMs: 1_000, timeoutMs: 15_000, patienceMs: 60_000, ...waiting };
}

/** What one call of the port may still wait. */
export class Patience {
  readonly signal: AbortSignal;
  private readonly endsAt: number;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pace: Pace) {
    this.signal = this.controller.signal;
    this.endsAt = performance.now() + pace.patienceMs;
    this.timer = setTimeout(() => this.controller.abort(), pace.patienceMs);
  }

  /** Whether there is time to wait so long and still ask. */
  allows(seconds: number): boolean {
    return performance.now() + seconds * this.pace.secondMs < this.endsAt;
  }

  /** False, at once, if there is no time for it. */
  async wait(seconds: number): Promise<boolean> {
    if (!this.allows(seconds)) return false;
    await new Promise((resolve) => setTimeout(resolve, seconds * this.pace.secondMs));
    return true;
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
