import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../src/ports/clock.js';

const wallStart = Date.UTC(2024, 4, 3, 12);

/** Time that stands still until it is moved on. */
export class VirtualClock implements Clock {
  private now = 1_000;
  private sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  wallMs(): number {
    return wallStart + this.now;
  }

  monoMs(): number {
    return this.now;
  }

  sleepUntil(atMs: number, cancel: Parameters<Clock['sleepUntil']>[1]): Promise<void> {
    if (atMs <= this.now || cancel.cancelled) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { at: atMs, wake: resolve };
      this.sleepers.push(sleeper);
      cancel.onCancel(() => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        resolve();
      });
    });
  }

  /** Jumps to whoever wakes next and wakes him. False: nobody sleeps. */
  advance(): boolean {
    const next = Math.min(...this.sleepers.map(({ at }) => at));
    if (!Number.isFinite(next)) return false;
    this.now = Math.max(this.now, next);
    const due = this.sleepers.filter(({ at }) => at <= this.now);
    this.sleepers = this.sleepers.filter(({ at }) => at > this.now);
    for (const { wake } of due) wake();
    return true;
  }
}

/** Everything that can follow without time passing has followed: microtasks, however many beget each other. */
export async function settleMicrotasks(): Promise<void> {
  await turn();
}
