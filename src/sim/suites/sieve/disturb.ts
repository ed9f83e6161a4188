import type { InstanceId } from '../../../core/base/names.js';
import type { Observation, Page } from '../../../ports/provider.js';
import type { Death } from '../../director.js';
import type { Incarnation } from '../../incarnation.js';
import { mainRef } from '../../repository.js';
import type { Stage } from '../../stage.js';
import type { Call, Mutation } from '../../watcher.js';
import type { World } from '../../world.js';
import type { TraceDirector } from '../traces/play.js';
import { isLook, type Sighting } from './observation.js';
import { Past } from './past.js';
import type { Disturbance } from './survey.js';

/** Whether a call, or something told, is the one that is to be disturbed. */
abstract class Disturber {
  hasCome = false;
  private readonly told = new Map<number, number>();

  constructor(protected readonly sighting: Sighting) {}

  protected isAsked({ number }: Incarnation, call: Call): boolean {
    const { sighting } = this;
    return (
      sighting.kind === 'asked' && sighting.incarnation === number && sighting.call.number === call.number
    );
  }

  protected isTold({ number }: Incarnation): boolean {
    const count = (this.told.get(number) ?? 0) + 1;
    this.told.set(number, count);
    const { sighting } = this;
    return sighting.kind === 'told' && sighting.incarnation === number && sighting.number === count;
  }
}

/** Dies as soon as it has acted upon what it saw, and is started again at once: it finds its own work half done. */
export class Intermediate extends Disturber implements TraceDirector {
  readonly restartMs = 0;
  private dying: Incarnation | null = null;

  deathOf(): Death {
    return { how: 'process', isSentMade: true, keeps: 'all' };
  }

  perform<T>(incarnation: Incarnation, call: Call, run: () => T): T {
    if (this.isAsked(incarnation, call)) this.dying = incarnation;
    return run();
  }

  tells(incarnation: Incarnation): boolean {
    if (this.isTold(incarnation)) this.dying = incarnation;
    return true;
  }

  afterEvent(): void {
    if (this.dying === null) return;
    this.hasCome = true;
    this.dying.die('process');
    this.dying = null;
  }
}

/** Is shown the world as it was before; after a restart: in everything that it looks at for the first time. */
export class Stale extends Disturber implements TraceDirector {
  /** Whose memory cannot be read does not begin; the next start can read it. */
  readonly refusals = ['status.unreadable', 'status.broken', 'status.rewritten'];
  readonly past: Past;
  private readonly looked = new Set<string>();
  private isRestarted = false;

  constructor(
    sighting: Sighting,
    private readonly isAfterRestart: boolean,
    private readonly world: World,
  ) {
    super(sighting);
    this.past = new Past(world);
  }

  fateOf(incarnation: Incarnation, call: Call): 'before' | null {
    return this.isAfterRestart && this.isAsked(incarnation, call) ? 'before' : null;
  }

  perform<T>(incarnation: Incarnation, call: Call, run: () => T): T {
    const now = run();
    const before = this.past.answerTo(call, now);
    if (!this.isToBeOld(incarnation, call)) return now;
    this.hasCome = true;
    for (const id of this.misread(call, now, before)) this.world.faults.count('provider.staleRead', id);
    return before;
  }

  /** Instances of which something else was told than what is. */
  private misread(call: Call, now: unknown, before: unknown): string[] {
    if (JSON.stringify(now) === JSON.stringify(before)) return [];
    const { resources } = this.world.technology;
    if (call.port === 'prober') {
      const port = Number(call.key.split(':').at(-1));
      return [...resources.values()].flatMap((resource) => (resource.port === port ? [resource.id] : []));
    }
    if (call.verb === 'observe') return (now as readonly Observation[]).map(({ id }) => id);
    return call.verb === 'list' ? (now as Page).resources.map(({ id }) => id) : [];
  }

  private isToBeOld(incarnation: Incarnation, call: Call): boolean {
    if (!this.isAfterRestart) return this.isAsked(incarnation, call);
    const { incarnation: former } = this.sighting;
    if (!this.isRestarted || incarnation.number <= former || !isLook(call)) return false;
    const what = `${incarnation.number} ${call.port} ${call.verb} ${call.key}`;
    const isFirst = !this.looked.has(what);
    this.looked.add(what);
    return isFirst;
  }

  died(): void {
    this.isRestarted = true;
  }
}

/** Between two looks something changes and changes back; and what is told of a change is lost. */
export class Unobserved extends Disturber implements TraceDirector {
  private readonly busy = new Set<string>();
  private restore: (() => void) | null = null;

  constructor(
    sighting: Sighting,
    private readonly world: World,
  ) {
    super(sighting);
  }

  perform<T>(incarnation: Incarnation, call: Call, run: () => T): T {
    if (this.mayShow(call)) this.beforeStep();
    const value = run();
    if (this.isAsked(incarnation, call)) this.change(call, value);
    return value;
  }

  tells(incarnation: Incarnation): boolean {
    if (!this.isTold(incarnation)) return true;
    this.hasCome = true;
    return false;
  }

  begun({ key }: Mutation): void {
    this.busy.add(key);
  }

  landed({ key }: Mutation): void {
    this.busy.delete(key);
  }

  beforeStep(): void {
    this.restore?.();
    this.restore = null;
  }

  /** Whoever asks a technology, or the branch, would see it. */
  private mayShow({ port, key }: Call): boolean {
    return port === 'provider' || port === 'prober' || (port === 'refs' && key === mainRef);
  }

  private change({ port, verb, key }: Call, value: unknown): void {
    this.hasCome = true;
    if (port === 'refs') this.restore = this.forceBriefly();
    else if (port === 'prober') this.restore = this.sickenBriefly(Number(key.split(':').at(-1)));
    else if (verb === 'observe') this.restore = this.stopBriefly(value as readonly Observation[]);
    else this.restore = this.loseBriefly((value as Page).resources);
  }

  private forceBriefly(): (() => void) | null {
    const { world } = this;
    const { repository } = world;
    const tip = repository.refs.get(mainRef);
    if (tip === undefined) return null;
    const other = repository.commit(repository.filesOf(tip), tip, 'Withdrawn at once', world.now);
    world.swap(mainRef, other, null);
    return () => world.swap(mainRef, tip, null);
  }

  private stopBriefly(seen: readonly { readonly id: InstanceId }[]): () => void {
    const stopped = this.idle(seen).filter(({ state }) => state === 'active');
    for (const resource of stopped) resource.state = 'inactive';
    return () => {
      for (const resource of stopped) resource.state = 'active';
    };
  }

  private loseBriefly(seen: readonly { readonly id: InstanceId }[]): () => void {
    const { resources } = this.world.technology;
    const lost = this.idle(seen);
    for (const { id } of lost) resources.delete(id);
    return () => {
      for (const resource of lost) resources.set(resource.id, resource);
    };
  }

  private sickenBriefly(port: number): () => void {
    const { resources } = this.world.technology;
    const well = [...resources.values()].filter((resource) => resource.port === port && !resource.sick);
    for (const resource of well) resource.sick = true;
    return () => {
      for (const resource of well) resource.sick = false;
    };
  }

  /** Of these what exists and nobody is working at. */
  private idle(seen: readonly { readonly id: InstanceId }[]) {
    const { resources } = this.world.technology;
    return seen.flatMap(({ id }) => {
      const resource = resources.get(id);
      return resource === undefined || this.busy.has(id) ? [] : [resource];
    });
  }
}

export function disturberFor({ kind, sighting, isAfterRestart }: Disturbance, { world }: Stage) {
  switch (kind) {
    case 'intermediate state':
      return new Intermediate(sighting);
    case 'stale state': {
      const stale = new Stale(sighting, isAfterRestart, world);
      world.watchers.push(stale.past);
      return stale;
    }
    case 'unobserved state': {
      const unobserved = new Unobserved(sighting, world);
      world.watchers.push(unobserved);
      return unobserved;
    }
  }
}
