import type { InstanceId, ProviderName } from '../core/base/names.js';
import type { EnginePorts } from '../engine/ports.js';
import type { Director } from './director.js';
import { Faults, type Weather } from './faults.js';
import type { Life } from './life.js';
import { Queue, type Due } from './queue.js';
import { hash32 } from './random.js';
import type { SimForge } from './forge.js';
import type { Remote } from './remote.js';
import { SimRepository, type OidCache } from './repository.js';
import { Technology } from './technology.js';
import { Trace } from './trace.js';
import { Violation, type Watcher } from './watcher.js';

/** What the simulation needs of the real world, handed in by the entry. */
export interface Host {
  /** Settles when all microtasks have run: one turn of the event loop. */
  drain(): Promise<void>;
  readonly oids: OidCache;
  /** Parsed documents by blob id; kept across runs, for they depend on their bytes alone. */
  readonly documents: Map<string, unknown>;
}

export interface WorldOptions {
  readonly seed: number;
  readonly weather: Weather;
  /** Longest time that a call of something remote takes, in milliseconds; 0: everything is at once. */
  readonly latencyMs: number;
  /** Every call takes the longest time, and what is due at one moment happens in the order in which it was begun. */
  readonly steady?: boolean;
  /** Keep the lines of the trace. */
  readonly verbose?: boolean;
}

/** Where calls take no time a whole rollout is one moment, of some thousand events. */
const mostAtOnce = 50_000;

/** One world: time, what is due, a repository, technologies; controllers come and go in it. */
export class World {
  readonly queue = new Queue();
  readonly faults: Faults;
  readonly trace: Trace;
  readonly repository: SimRepository;
  readonly technology = new Technology();
  /** Null: there is none. */
  forge: SimForge | null = null;
  /** The machine that has the repository, where that is another one; null: it is no other. */
  remote: Remote | null = null;
  readonly incarnations: Life[] = [];
  readonly watchers: Watcher[] = [];
  director: Director = {};
  /** Comes between a controller and its ports: planted bugs get in here. What goes out through them counts as its own. */
  wrapPorts: (ports: EnginePorts, incarnation: Life) => EnginePorts = (ports) => ports;
  /** Milliseconds since the world began. */
  now = 1_000;
  /** Steps in which something changed, and all of them. */
  steps = 0;
  events = 0;
  private order = 0;
  private inThisMoment = 0;
  private hasChanged = false;
  private broken: Violation | null = null;
  /** What fell due for whoever stands still. */
  private readonly parked = new Map<number, Due[]>();
  private readonly followers: {
    provider: ProviderName;
    owner: Life;
    notify: (ids: readonly InstanceId[]) => void;
  }[] = [];

  constructor(
    readonly options: WorldOptions,
    readonly host: Host,
  ) {
    this.faults = new Faults(options.seed, options.weather);
    this.faults.told = (kind, moment) => this.tell((watcher) => watcher.struck?.(kind, moment));
    this.trace = new Trace(options.verbose === true);
    this.repository = new SimRepository(host.oids);
  }

  /** Something will happen; ties are broken by the seed. */
  schedule(at: number, owner: number, run: () => void): Due {
    const order = ++this.order;
    const isOrdered = this.options.latencyMs === 0 || this.options.steady === true;
    const tie = isOrdered ? 0 : hash32(`tie ${order}`, this.options.seed);
    const due: Due = { at, tie, order, owner, run, cancelled: false };
    this.queue.push(due);
    return due;
  }

  /** Between 0 and what the weather of this seed allows, for this moment. */
  latency(moment: string): number {
    const { latencyMs, steady = false } = this.options;
    if (steady) return latencyMs;
    return latencyMs === 0 ? 0 : this.faults.random(`latency ${moment}`).between(0, latencyMs);
  }

  /** Does what is due next. False: nothing is. @throws Violation */
  async step(): Promise<boolean> {
    const due = this.queue.pop();
    if (due === null) return false;
    const pausedUntil = this.incarnations[due.owner - 1]?.pausedUntil ?? 0;
    if (pausedUntil > Math.max(this.now, due.at)) {
      this.park(due);
      return true;
    }
    this.moveTo(due.at);
    this.events++;
    due.run();
    await this.host.drain();
    if (this.hasChanged) {
      this.hasChanged = false;
      this.steps++;
      this.tell((watcher) => watcher.stepped?.());
    }
    if (this.broken !== null) throw this.broken;
    return true;
  }

  /** A process stands still until then; what falls due meanwhile happens when it goes on, in its order. */
  pause(life: Life, until: number): void {
    life.pausedUntil = until;
    this.schedule(until, 0, () => {
      if (life.pausedUntil <= this.now) this.resume(life);
    });
  }

  /** It goes on, now or sooner than it was to. */
  resume(life: Life): void {
    life.pausedUntil = 0;
    const waiting = this.parked.get(life.number) ?? [];
    this.parked.delete(life.number);
    for (const due of waiting)
      this.queue.push(Object.assign(due, { at: this.now, tie: 0, order: ++this.order }));
  }

  private park(due: Due): void {
    const waiting = this.parked.get(due.owner);
    if (waiting === undefined) this.parked.set(due.owner, [due]);
    else waiting.push(due);
  }

  /** @throws Violation if so much happens in one moment that it would never pass */
  private moveTo(at: number): void {
    this.inThisMoment = at > this.now ? 0 : this.inThisMoment + 1;
    if (this.inThisMoment > mostAtOnce)
      throw new Violation(20, `${mostAtOnce} events in one moment: something is tried again without a pause`);
    this.now = Math.max(this.now, at);
  }

  /** An invariant is broken: the run ends after this step. Safe to call within callbacks of the engine. */
  violate(invariant: number, message: string): void {
    this.broken ??= new Violation(invariant, message);
  }

  get violation(): Violation | null {
    return this.broken;
  }

  /** Something of what the invariants speak of is not as it was. */
  change(line: string): void {
    this.hasChanged = true;
    this.note(line);
  }

  note(line: string): void {
    this.trace.add(`${this.now} ${line}`);
  }

  tell(what: (watcher: Watcher) => void): void {
    for (const watcher of this.watchers) what(watcher);
  }

  /** A controller wants to hear what changes in a technology. */
  follow(provider: ProviderName, owner: Life, notify: (ids: readonly InstanceId[]) => void): void {
    this.followers.push({ provider, owner, notify });
  }

  /** A technology tells those who watch it; what it tells may be lost, told twice, or late. */
  tellOf(id: InstanceId, provider: ProviderName): void {
    for (const follower of this.followers) {
      if (follower.provider !== provider || follower.owner.dead) continue;
      if (this.director.tells?.(follower.owner, id) === false) continue;
      const moment = `event ${follower.owner.number} ${id}`;
      if (this.faults.strikes('provider.eventMissing', moment)) continue;
      const late = this.faults.strikes('provider.eventReordered', moment) ? 5_000 : 0;
      const times = this.faults.strikes('provider.eventDoubled', moment) ? 2 : 1;
      for (let i = 0; i < times; i++)
        this.schedule(this.now + this.latency(moment) + late, follower.owner.number, () => {
          if (!follower.owner.dead) follower.notify([id]);
        });
    }
  }

  /** A reference has moved; by null: people. */
  swap(ref: string, to: string | null, by: Life | null): void {
    const from = this.repository.refs.get(ref) ?? null;
    if (to === null) this.repository.refs.delete(ref);
    else this.repository.refs.set(ref, to);
    this.change(`swap ${ref} ${from ?? '-'} ${to ?? '-'} by ${by?.number ?? 'people'}`);
    this.tell((watcher) => watcher.swapped?.(ref, from, to, by));
  }
}
