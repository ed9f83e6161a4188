import type { JournalRecord } from '../core/journal/record.js';
import { boot, type Booted } from '../engine/boot.js';
import type { Engine } from '../engine/engine.js';
import type { EngineOptions, EnginePorts } from '../engine/ports.js';
import { reconcile } from '../engine/reconcile.js';
import type { DomainName } from '../core/base/names.js';
import { never } from './never.js';
import type { Death } from './director.js';
import { determined, drawn } from './power-loss.js';
import type { Machine } from './machine.js';
import type { Life } from './life.js';
import type { World } from './world.js';
import type { Call } from './watcher.js';

/** How a call of a port is carried out. */
export interface Work<T> {
  readonly port: string;
  readonly verb: string;
  readonly key: string;
  /** `machine`: done by the operating system, so a call that was not begun when its process died is never made. */
  readonly place: 'machine' | 'elsewhere';
  /** Until the effect, in milliseconds. */
  readonly afterMs: number;
  /** The effect; what it throws is how the promise breaks. `lost`: nobody ever hears of it. */
  run(): T | typeof lost;
}

export const lost = Symbol('lost');

/** One life of a controller, from its start to its end. Once it is dead nothing of it settles any more. */
export class Incarnation implements Life {
  readonly number: number;
  dead = false;
  /** The process stands still until then. */
  pausedUntil = 0;
  calls = 0;
  booted: Booted | null = null;
  /** Why the loop ended, where it did not just stop. */
  failure: unknown = null;
  hasEnded = false;
  readonly options: EngineOptions;
  /** Calls to the machine that were sent and not yet done, in order. */
  private readonly sent = new Set<() => void>();

  constructor(
    readonly world: World,
    readonly machine: Machine,
    options: EngineOptions,
  ) {
    this.options = options;
    this.number = world.incarnations.push(this);
  }

  /** Starts it with these ports; `whenOver` is called once, when it has ended without being killed. */
  start(ports: EnginePorts, whenOver: () => void): void {
    const run = async (): Promise<void> => {
      this.booted = await boot(ports, this.options, 'prod' as DomainName);
      if (this.dead || !this.booted.ok) return;
      const { engine } = this.booted;
      engine.core.followers.add((record) => this.recorded(record));
      this.world.change(`booted ${this.number}`);
      this.world.tell((watcher) => watcher.booted?.(this));
      await reconcile(engine);
      await engine.close();
    };
    void run()
      .catch((error: unknown) => (this.failure = error))
      .finally(() => {
        if (this.dead) return;
        this.hasEnded = true;
        this.dead = true;
        this.world.change(`ended ${this.number}`);
        this.world.tell((watcher) => watcher.died?.(this, 'ended'));
        whenOver();
      });
  }

  get engine(): Engine | null {
    return this.booted?.ok === true ? this.booted.engine : null;
  }

  /** Killed. Of the calls to its machine that were under way the seed decides how many are still made. */
  die(how: 'process' | 'power'): void {
    if (this.dead) return;
    this.dead = true;
    const death = this.world.director.deathOf?.(this) ?? null;
    const made = death === null ? this.drawMade() : death.isSentMade ? this.sent.size : 0;
    for (const [i, effect] of [...this.sent].entries()) if (i < made) effect();
    this.sent.clear();
    if (how === 'power') this.losePower(death);
    this.world.change(`died ${this.number} ${how}`);
    this.world.tell((watcher) => watcher.died?.(this, how));
  }

  private causeOfDeath(): 'process' | 'power' {
    return this.world.director.deathOf?.(this)?.how ?? 'process';
  }

  private drawMade(): number {
    return this.world.faults.random(`death ${this.number}`).between(0, this.sent.size);
  }

  private losePower(death: Death | null): void {
    const { faults } = this.world;
    const remains = death === null ? drawn(faults.random(`power ${this.number}`)) : determined(death.keeps);
    if (this.machine.disk.losePower(remains)) faults.count('disk.tornTail');
  }

  call<T>(work: Work<T>): Promise<T> {
    if (this.dead) return never();
    const { world } = this;
    const call: Call = { number: ++this.calls, port: work.port, verb: work.verb, key: work.key };
    world.tell((watcher) => watcher.called?.(this, call));
    const fate = world.director.fateOf?.(this, call) ?? null;
    if (fate === 'before') {
      this.die(this.causeOfDeath());
      return never();
    }
    return new Promise<T>((resolve, reject) => {
      const silent = (): void => void attempt(() => work.run());
      if (work.place === 'machine') this.sent.add(silent);
      world.schedule(world.now + work.afterMs, this.number, () => {
        if (work.place === 'machine' && !this.sent.delete(silent)) return;
        const run = (): T | typeof lost => work.run();
        const { director } = world;
        const result = attempt(() =>
          director.perform === undefined ? run() : director.perform(this, call, run),
        );
        world.note(`${this.number} ${work.port}.${work.verb} ${work.key} ${result.kind}`);
        if (fate === 'after') this.die(this.causeOfDeath());
        if (this.dead || result.kind === 'lost') return;
        if (result.kind === 'broken') return reject(result.error);
        world.tell((watcher) => watcher.answered?.(this, call));
        resolve(result.value);
      });
    });
  }

  private recorded(record: JournalRecord): void {
    if (this.dead) return;
    this.machine.carried?.offer(record);
    const { kind } = record.entry as { readonly kind: string };
    this.world.change(`${this.number} ${record.stream} ${record.sequence} ${kind}`);
    this.world.tell((watcher) => watcher.recorded?.(this, record));
  }
}

type Attempt<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'broken'; readonly error: Error }
  | { readonly kind: 'lost' };

function attempt<T>(run: Work<T>['run']): Attempt<T> {
  try {
    const value = run();
    return value === lost ? { kind: 'lost' } : { kind: 'value', value };
  } catch (error) {
    return { kind: 'broken', error: error as Error };
  }
}
