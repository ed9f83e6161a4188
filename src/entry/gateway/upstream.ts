import { Agent, type ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { BackendStats, GatewayBackend } from '../../adapters/gateway/protocol.js';
import { dial, type Place } from './dial.js';

/** Servers in Node close an idle connection after 5 s, most others later: well below the shortest. */
const idleLimitMs = 1_000;
const idleConnections = 64;
const suspicionMs = 1_000;

/** A backend of one binding, with what is under way there. */
export class Upstream {
  readonly instance: string;
  readonly place: Place;
  weight: number;
  /** Of the smooth weighted round robin. */
  credit = 0;
  open = 0;
  #total = 0;
  #suspectUntil = 0;
  #kept: Connections | null = null;
  readonly fresh: Agent;

  constructor(backend: GatewayBackend) {
    this.instance = backend.instance;
    this.place = { address: backend.address, port: backend.port };
    this.weight = backend.weight;
    this.fresh = new Connections(this.place, false);
  }

  /**
   * Connections that are used again. A server may close an idle one at the very moment when we write
   * to it, so they are only for requests that may be repeated.
   */
  get kept(): Agent {
    return this.weight > 0 ? (this.#kept ??= new Connections(this.place, true)) : this.fresh;
  }

  get suspect(): boolean {
    return this.#suspectUntil > performance.now();
  }

  begin(): void {
    this.open += 1;
    this.#total += 1;
  }

  end(): void {
    this.open -= 1;
  }

  /** It refused a connection: for a moment others come first. */
  refused(): void {
    this.#suspectUntil = performance.now() + suspicionMs;
  }

  /** No idle connection stays, and none that is in use becomes idle. */
  drain(): void {
    this.weight = 0;
    this.credit = 0;
    this.#kept?.retire();
    this.#kept = null;
  }

  stats(): BackendStats {
    const { instance, place, weight, open } = this;
    return { instance, address: place.address, port: place.port, weight, open, total: this.#total };
  }
}

/** Connects before Node hands out the socket: a body begins to flow only to a backend that took the call. */
class Connections extends Agent {
  readonly #place: Place;

  constructor(place: Place, keepAlive: boolean) {
    super({ keepAlive, maxFreeSockets: idleConnections, scheduling: 'lifo' });
    this.#place = place;
  }

  override createConnection(
    _options: unknown,
    done?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    if (done) dial(this.#place, false, done);
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const kept = super.keepSocketAlive(socket) as unknown as boolean;
    (socket as Socket).setTimeout(idleLimitMs);
    return kept;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    (socket as Socket).setTimeout(0);
    super.reuseSocket(socket, request);
  }

  retire(): void {
    this.maxFreeSockets = 0;
    for (const sockets of Object.values(this.freeSockets))
      for (const socket of sockets ?? []) socket.destroy();
  }
}
