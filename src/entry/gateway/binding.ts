import type { Server } from 'node:net';
import type { BindingStats, GatewayBackend, GatewayBinding } from '../../adapters/gateway/protocol.js';
import { httpListener } from './http.js';
import { Pool } from './pool.js';
import { tcpListener } from './tcp.js';
import type { Traffic } from './traffic.js';

const backlog = 2_048;

/** One stable endpoint: a listener and its backends. */
export class Binding {
  #spec: GatewayBinding;
  readonly #traffic: Traffic;
  #server: Server | null = null;

  constructor(spec: GatewayBinding) {
    this.#spec = spec;
    this.#traffic = { pool: new Pool(), total: 0, failed: 0, closing: false };
    this.#traffic.pool.replace(spec.backends);
  }

  get spec(): GatewayBinding {
    return this.#spec;
  }

  get listening(): boolean {
    return this.#server !== null;
  }

  get open(): number {
    return this.#traffic.pool.open;
  }

  replace(backends: readonly GatewayBackend[]): void {
    this.#spec = { ...this.#spec, backends };
    this.#traffic.pool.replace(backends);
  }

  /** Rejects with the system's error if the address cannot be had. */
  async listen(): Promise<void> {
    if (this.#server) return;
    const server: Server =
      this.#spec.scheme === 'http' ? httpListener(this.#traffic) : tcpListener(this.#traffic);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.#spec.address, port: this.#spec.port, backlog }, () => {
        server.off('error', reject);
        // Out of file descriptors, say: this caller is lost, the listener is not.
        server.on('error', () => (this.#traffic.failed += 1));
        resolve();
      });
    });
    this.#traffic.closing = false;
    this.#server = server;
  }

  /** The port is free at once; what is open goes on until it ends. */
  unlisten(): void {
    this.#traffic.closing = true;
    this.#server?.close();
    this.#server = null;
  }

  stats(): BindingStats {
    const { key, scheme, address, port } = this.#spec;
    const { pool, total, failed } = this.#traffic;
    const backends = pool.all().map((upstream) => upstream.stats());
    return {
      key,
      scheme,
      address,
      port,
      listening: this.listening,
      total,
      failed,
      waiting: pool.waiting,
      backends,
    };
  }
}
