import type { Cancel } from '../../ports/clock.js';
import { Connection, helloOf, type Patience } from './connection.js';
import { isAlive, readIdentity } from './identity.js';
import { launch, type Launched, type Program } from './launch.js';
import type { GatewayPaths } from './paths.js';
import { protocol, type Answer, type Ask, type GatewayIdentity, type Hello } from './protocol.js';

export type Result =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** Nothing was done. */
  | {
      readonly kind: 'unreachable';
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    }
  /** It was asked, and whether it was done is not known. */
  | { readonly kind: 'unknown'; readonly message: string };

type Found = { readonly connection: Connection } | Extract<Result, { kind: 'unreachable' }>;

const lookAgainMs = 20;
const never: Cancel = { cancelled: false, onCancel: () => () => undefined };

/** The one connection to the gateway of a state folder; it starts a gateway where none runs. */
export class Session {
  readonly #program: Program;
  readonly #paths: GatewayPaths;
  #connection: Connection | null = null;
  #opening: Promise<Found> | null = null;

  constructor(program: Program, paths: GatewayPaths) {
    this.#program = program;
    this.#paths = paths;
  }

  /**
   * Every question is idempotent, so one whose answer was lost with the gateway is asked again, of
   * the gateway that takes its place, while there is time.
   */
  async ask(ask: Ask, patience: Patience): Promise<Result> {
    const deadline = performance.now() + patience.timeoutMs;
    for (let asked = false; ; asked = true) {
      const found = await within(this.#opened(deadline), deadline, patience.cancel);
      if (!('connection' in found)) {
        return asked ? { kind: 'unknown', message: 'the gateway ended before its answer' } : found;
      }
      const timeoutMs = deadline - performance.now();
      const reply = await found.connection.ask(ask, { ...patience, timeoutMs });
      if (typeof reply !== 'string') return { kind: 'answered', answer: reply };
      if (reply !== 'lost') return { kind: 'unknown', message: `the gateway's answer is ${reply}` };
    }
  }

  /** The gateway that runs now, if one does; starts none. */
  async running(): Promise<{ readonly connection: Connection; readonly hello: Hello } | null> {
    const identity = readIdentity(this.#paths.identity);
    const sockets = new Set([...(identity ? [identity.socket] : []), this.#paths.socket]);
    for (const socket of sockets) {
      const connection = await Connection.to(socket);
      if (!connection) continue;
      const hello = helloOf(await connection.ask({ verb: 'hello' }, { timeoutMs: 2_000, cancel: never }));
      if (hello) return { connection, hello };
      connection.close();
    }
    return null;
  }

  /** Whether one runs that we can speak to; starts none. */
  async runs(): Promise<boolean> {
    if (this.#connection?.open) return true;
    const running = await this.running();
    return running !== null && 'connection' in this.#accept(running.connection, running.hello);
  }

  get connection(): Connection | null {
    return this.#connection;
  }

  /** Who says to run, whether it answers or not. */
  identity(): GatewayIdentity | null {
    const identity = readIdentity(this.#paths.identity);
    return identity && isAlive(identity) ? identity : null;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  #opened(deadline: number): Promise<Found> {
    if (this.#connection?.open) return Promise.resolve({ connection: this.#connection });
    this.#opening ??= this.#open(deadline).finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open(deadline: number): Promise<Found> {
    for (let launched: Launched | null = null; ;) {
      const running = await this.running();
      if (running) {
        launched?.yieldTo(running.hello.pid);
        return this.#accept(running.connection, running.hello);
      }
      const failure = launched?.failure();
      if (failure) return unreachable('gateway.start', `the gateway cannot be started: ${failure}`);
      if (performance.now() >= deadline)
        return unreachable('gateway.unreachable', 'the gateway does not answer');
      // One that lives and is silent is starting, or hangs: a second one could not have its ports.
      if (!launched && !this.identity()) {
        try {
          launched = launch(this.#program, this.#paths);
        } catch (error) {
          return unreachable('gateway.start', `the gateway cannot be started: ${(error as Error).message}`);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }

  #accept(connection: Connection, hello: Hello): Found {
    if (!hello.understands.includes(protocol)) {
      connection.close();
      const message =
        `the running gateway (pid ${hello.pid}) speaks protocol ${hello.protocol}, this controller ${protocol}; ` +
        'it is replaced by `heliostat down`, or by ending it: the next start reads its table';
      return { kind: 'unreachable', code: 'gateway.version', message, retryable: false };
    }
    if (this.#connection?.open) {
      connection.close();
      return { connection: this.#connection };
    }
    this.#connection = connection;
    return { connection };
  }
}

type Unreachable = Extract<Result, { kind: 'unreachable' }>;

function unreachable(code: string, message: string): Unreachable {
  return { kind: 'unreachable', code, message, retryable: true };
}

/** Others may wait for the same opening with other deadlines, so it is left alone. */
function within(opening: Promise<Found>, deadline: number, cancel: Cancel): Promise<Found> {
  return new Promise((resolve, reject) => {
    const settle = (found: Found) => {
      clearTimeout(timer);
      unsubscribe();
      resolve(found);
    };
    const late = () => settle(unreachable('gateway.unreachable', 'the gateway does not answer'));
    const timer = setTimeout(late, Math.max(0, deadline - performance.now()));
    const cancelled = () =>
      settle(unreachable('gateway.cancelled', 'cancelled before the gateway was asked'));
    let unsubscribe: () => void = () => undefined;
    unsubscribe = cancel.onCancel(cancelled);
    opening.then(settle, reject);
  });
}
