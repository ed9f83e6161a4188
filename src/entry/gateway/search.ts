import type { Pool } from './pool.js';
import type { Upstream } from './upstream.js';

const patienceMs = 5_000;
/** Backends that all refuse may be restarting. */
const pollMs = 50;

/** One request's search for a backend that takes it. */
export class Search {
  readonly #pool: Pool;
  readonly #gone: () => boolean;
  readonly #tried = new Set<Upstream>();
  #deadline = 0;

  /** `gone`: whoever asked has left. */
  constructor(pool: Pool, gone: () => boolean) {
    this.#pool = pool;
    this.#gone = gone;
  }

  /** Null: none took it in time. The first answer comes without a promise, for that is the usual one. */
  next(): Upstream | Promise<Upstream | null> {
    return this.#pool.pick(this.#tried) ?? this.#wait();
  }

  /** Not this one again, unless all others fail too. */
  avoid(upstream: Upstream): void {
    this.#tried.add(upstream);
  }

  async #wait(): Promise<Upstream | null> {
    const now = performance.now();
    this.#deadline ||= now + patienceMs;
    for (
      let left = this.#deadline - now;
      left > 0 && !this.#gone();
      left = this.#deadline - performance.now()
    ) {
      await this.#pool.changed(this.#pool.usable ? Math.min(left, pollMs) : left);
      this.#tried.clear();
      const found = this.#pool.pick(this.#tried);
      if (found) return this.#gone() ? null : found;
    }
    return null;
  }
}
