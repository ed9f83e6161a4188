import type { EnginePorts } from '../../../src/engine/ports.js';
import { never } from './providers.js';

/** Where an incarnation dies: at its nth call of a port, before the effect or after it. */
export interface Death {
  readonly call: number;
  readonly side: 'before' | 'after';
}

/** Every death at these calls where everything is required, else every fifth: the suite has to stay short. */
export function deaths(calls: number): Death[] {
  const step = process.env['HELIOSTAT_REQUIRE_ALL'] === '1' ? 1 : 5;
  const all = Array.from({ length: calls }, (_, i) => i + 1);
  return all
    .flatMap((call) => [
      { call, side: 'before' as const },
      { call, side: 'after' as const },
    ])
    .filter((_, i) => i % step === 0);
}

/**
 * The ports as one incarnation of a controller has them. Every call is numbered. Once it is dead its calls never
 * settle and do nothing, and answers to earlier ones are dropped; effects that are under way still land.
 */
export class Incarnation {
  dead = false;
  /** `disk.sync journal/journal.1`, in order. */
  readonly calls: string[] = [];
  readonly ports: EnginePorts;
  onDeath: () => void = () => undefined;

  constructor(
    ports: EnginePorts,
    private readonly death: Death | null = null,
  ) {
    const { providers } = ports;
    this.ports = {
      ...ports,
      disk: this.guard('disk', ports.disk),
      refs: this.guard('refs', ports.refs),
      source: this.guard('source', ports.source),
      history: this.guard('history', ports.history),
      reader: this.guard('reader', ports.reader),
      prober: this.guard('prober', ports.prober),
      clock: {
        wallMs: () => ports.clock.wallMs(),
        monoMs: () => ports.clock.monoMs(),
        sleepUntil: (at, cancel) => this.alive(() => ports.clock.sleepUntil(at, cancel)),
      },
      providers: {
        get: (name) => {
          const provider = providers.get(name);
          return provider === null ? null : this.guard('provider', provider);
        },
        names: () => providers.names(),
        gateway: this.guard('gateway', providers.gateway),
      },
    };
  }

  /** It ends now, wherever it is. */
  die(): void {
    if (this.dead) return;
    this.dead = true;
    this.onDeath();
  }

  private guard<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, verb) => {
        const value: unknown = Reflect.get(target, verb);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          this.call(`${name}.${String(verb)} ${keyOf(args)}`, () =>
            (value as (...all: unknown[]) => Promise<unknown>).apply(target, args),
          );
      },
    });
  }

  private call(what: string, work: () => Promise<unknown>): Promise<unknown> {
    if (this.dead) return never();
    const number = this.calls.push(what);
    const dies = this.death?.call === number ? this.death.side : null;
    if (dies === 'before') {
      this.die();
      return never();
    }
    const answer = this.alive(work);
    if (dies === 'after') this.die();
    return answer;
  }

  private alive<T>(work: () => Promise<T>): Promise<T> {
    if (this.dead) return never();
    return new Promise((resolve, reject) => {
      work().then(
        (value) => void (this.dead || resolve(value)),
        (error: unknown) => void (this.dead || reject(error as Error)),
      );
    });
  }
}

function keyOf(args: readonly unknown[]): string {
  return args
    .flatMap((arg) => {
      if (typeof arg === 'string') return [arg];
      if (typeof arg === 'object' && arg !== null && 'id' in arg) return [String(arg.id)];
      if (typeof arg === 'object' && arg !== null && 'key' in arg) return [String(arg.key)];
      return [];
    })
    .join(' ');
}
