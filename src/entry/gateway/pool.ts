import type { GatewayBackend } from '../../adapters/gateway/protocol.js';
import { Upstream } from './upstream.js';

/** The backends of one binding. */
export class Pool {
  #upstreams = new Map<string, Upstream>();
  /** No longer in the table, with something open. */
  readonly #leaving = new Set<Upstream>();
  readonly #waiting = new Set<() => void>();

  replace(backends: readonly GatewayBackend[]): void {
    const former = this.#upstreams;
    this.#upstreams = new Map();
    for (const backend of backends) {
      const id = `${backend.instance} ${backend.address} ${backend.port}`;
      const upstream = former.get(id) ?? new Upstream(backend);
      if (backend.weight > 0) upstream.weight = backend.weight;
      else upstream.drain();
      this.#upstreams.set(id, upstream);
      former.delete(id);
    }
    for (const upstream of former.values()) {
      upstream.drain();
      this.#leaving.add(upstream);
    }
    for (const wake of [...this.#waiting]) wake();
  }

  /** Smooth weighted round robin; those that just refused only where there is no other. */
  pick(tried: ReadonlySet<Upstream>): Upstream | null {
    return this.#pick(tried, false) ?? this.#pick(tried, true);
  }

  get usable(): boolean {
    for (const { weight } of this.#upstreams.values()) if (weight > 0) return true;
    return false;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Settles when the table changed, or after a time. */
  changed(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, limitMs);
      this.#waiting.add(wake);
    });
  }

  get open(): number {
    return this.all().reduce((sum, { open }) => sum + open, 0);
  }

  all(): Upstream[] {
    for (const upstream of this.#leaving) if (upstream.open === 0) this.#leaving.delete(upstream);
    return [...this.#upstreams.values(), ...this.#leaving];
  }

  #pick(tried: ReadonlySet<Upstream>, suspects: boolean): Upstream | null {
    let best: Upstream | null = null;
    let sum = 0;
    for (const upstream of this.#upstreams.values()) {
      if (upstream.weight <= 0 || tried.has(upstream) || (!suspects && upstream.suspect)) continue;
      sum += upstream.weight;
      upstream.credit += upstream.weight;
      if (best === null || upstream.credit > best.credit) best = upstream;
    }
    if (best) best.credit -= sum;
    return best;
  }
}
