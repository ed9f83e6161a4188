import { equalData } from '../../core/base/data.js';
import { sortedBy } from '../../core/base/order.js';
import type { Answer, BindingStats, GatewayBinding, TableFile } from '../../adapters/gateway/protocol.js';
import { Binding } from './binding.js';
import { log } from './log.js';
import type { Store } from './store.js';

const done: Answer = { ok: true, value: null };
const ending: Answer = {
  ok: false,
  code: 'gateway.ending',
  message: 'the gateway is ending',
  retryable: true,
};

/** All bindings. Each change is on disk before it is acknowledged. */
export class Table {
  readonly #store: Store;
  readonly #bindings = new Map<string, Binding>();
  readonly #epochs = new Map<string, number>();
  /** Closed, with something open. */
  readonly #leaving = new Set<Binding>();
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Takes up the listeners of the gateway before this one. A port that cannot be had is tried again later. */
  async restore(): Promise<void> {
    const { epochs, bindings } = await this.#store.load();
    for (const [domain, epoch] of Object.entries(epochs)) this.#epochs.set(domain, epoch);
    for (const spec of bindings) this.#bindings.set(spec.key, new Binding(spec));
    await this.listenAgain();
  }

  async listenAgain(): Promise<void> {
    const deaf = [...this.#bindings.values()].filter((binding) => !binding.listening);
    await Promise.all(
      deaf.map(({ spec: { key } }) =>
        this.#inTurn(async () => {
          const binding = this.#bindings.get(key);
          if (!binding || binding.listening || this.#closed) return;
          const refused = await listen(binding);
          if (!refused.ok) log('binding.deaf', { key, code: refused.code });
        }),
      ),
    );
  }

  route(spec: GatewayBinding, epoch: number): Promise<Answer> {
    return this.#change(spec.key, epoch, async (newer) => {
      const current = this.#bindings.get(spec.key);
      if (current?.listening && equalData(current.spec, spec) && !newer) return 'same';
      if (current?.listening && sameListener(current.spec, spec)) {
        current.replace(spec.backends);
        return done;
      }
      return this.#open(spec, current);
    });
  }

  unroute(key: string, epoch: number): Promise<Answer> {
    return this.#change(key, epoch, (newer) => {
      const binding = this.#bindings.get(key);
      if (!binding) return Promise.resolve(newer ? done : 'same');
      this.#close(binding);
      this.#bindings.delete(key);
      return Promise.resolve(done);
    });
  }

  /** Frees all ports, for good. */
  closeAll(): void {
    this.#closed = true;
    for (const binding of this.#bindings.values()) this.#close(binding);
  }

  get size(): number {
    return this.#bindings.size;
  }

  /** Requests and connections under way. */
  get open(): number {
    let sum = 0;
    for (const binding of [...this.#bindings.values(), ...this.#leaving]) sum += binding.open;
    return sum;
  }

  stats(): BindingStats[] {
    return sortedBy(
      [...this.#bindings.values()].map((binding) => binding.stats()),
      ({ key }) => key,
    );
  }

  async #change(
    key: string,
    epoch: number,
    act: (newer: boolean) => Promise<Answer | 'same'>,
  ): Promise<Answer> {
    const answer = await this.#inTurn(async () => {
      if (this.#closed) return ending;
      const domain = key.slice(0, key.indexOf(':') + 1);
      const known = this.#epochs.get(domain) ?? 0;
      if (epoch < known) return staleEpoch(epoch, known);
      const result = await act(epoch > known);
      if (result === 'same' || result.ok) this.#epochs.set(domain, epoch);
      return result;
    });
    if (answer !== 'same' && !answer.ok) return answer;
    try {
      await (answer === 'same' ? this.#store.saved() : this.#store.save(() => this.#file()));
      return done;
    } catch (error) {
      return { ok: false, code: 'gateway.disk', message: (error as Error).message, retryable: true };
    }
  }

  /** One change after the other: two for one port must not both find it free. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #open(spec: GatewayBinding, former: Binding | undefined): Promise<Answer> {
    const binding = new Binding(spec);
    const onSamePort = former?.listening && former.spec.port === spec.port;
    // The port cannot be had twice, so here the former listener goes first.
    if (onSamePort) former.unlisten();
    const answer = await listen(binding);
    if (!answer.ok) {
      if (onSamePort) await former.listen().catch(() => undefined);
      return this.#namingOwn(answer, spec);
    }
    if (former) this.#close(former);
    this.#bindings.set(spec.key, binding);
    log('binding.open', { key: spec.key, scheme: spec.scheme, address: spec.address, port: spec.port });
    return answer;
  }

  #namingOwn(refusal: Answer & { ok: false }, { key, port }: GatewayBinding): Answer {
    if (refusal.code !== 'port.taken') return refusal;
    for (const { spec, listening } of this.#bindings.values()) {
      if (!listening || spec.port !== port || spec.key === key) continue;
      return {
        ...refusal,
        message: `${refusal.message}: it is the endpoint of ${spec.key}`,
      };
    }
    return refusal;
  }

  #close(binding: Binding): void {
    binding.unlisten();
    for (const gone of this.#leaving) if (gone.open === 0) this.#leaving.delete(gone);
    if (binding.open > 0) this.#leaving.add(binding);
  }

  #file(): TableFile {
    const epochs = Object.fromEntries(sortedBy(this.#epochs, ([domain]) => domain));
    return { format: 1, epochs, bindings: [...this.#bindings.values()].map(({ spec }) => spec) };
  }
}

function sameListener(a: GatewayBinding, b: GatewayBinding): boolean {
  return a.scheme === b.scheme && a.address === b.address && a.port === b.port;
}

function staleEpoch(epoch: number, known: number): Answer {
  const message = `epoch ${epoch} is over: the gateway has seen ${known}`;
  return { ok: false, code: 'epoch.stale', message, retryable: false };
}

async function listen(binding: Binding): Promise<Answer> {
  const { address, port } = binding.spec;
  try {
    await binding.listen();
    return done;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    switch (code) {
      case 'EADDRINUSE':
        return {
          ok: false,
          code: 'port.taken',
          message: `port ${port} of ${address} is taken`,
          retryable: false,
        };
      case 'EACCES':
        return {
          ok: false,
          code: 'port.denied',
          message: `port ${port} is not allowed here`,
          retryable: false,
        };
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        return {
          ok: false,
          code: 'address.unknown',
          message: `${address} is no address here`,
          retryable: false,
        };
      default:
        return { ok: false, code: 'gateway.listen', message, retryable: true };
    }
  }
}
