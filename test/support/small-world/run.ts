import type { Model } from './generate.js';
import { Author, hasPath } from './generate.js';
import type { Weather } from './world.js';
import { Broken, SmallWorld } from './world.js';

const stepLimit = 20_000;

export interface Result {
  readonly seed: number;
  readonly problem: string | null;
  readonly steps: number;
  readonly entries: number;
  readonly phases: ReadonlySet<string>;
  readonly world: SmallWorld;
}

/** One seed: a model that changes at random under faults, then calm, then A must be T and stay so. */
export function runSeed(seed: number): Result {
  const world = new SmallWorld(seed);
  let problem: string | null = null;
  try {
    new Run(world).whole();
  } catch (error) {
    problem = error instanceof Broken ? error.message : String((error as Error).stack);
  }
  return {
    seed,
    problem,
    steps: world.steps,
    entries: world.entries,
    phases: world.seenPhases,
    world,
  };
}

class Run {
  private readonly author: Author;
  private model: Model = new Map();
  private readonly kinds: readonly (() => void)[];

  constructor(private readonly world: SmallWorld) {
    const { random } = world;
    this.author = new Author(random);
    const all = [
      () => this.edit(),
      () => this.edit(),
      () => this.crash(),
      () => this.vanish(),
      () => this.tamper(),
      () => this.sicken(),
      () => this.recover(),
      () => this.blind(),
      () => this.pause(),
      () => this.resume(),
      () => this.abort(),
      () => this.world.restart(),
      () => this.spoilRelease(),
    ];
    // Each seed has a weather of its own, so that some show one kind of fault alone.
    this.kinds = all.filter((_, i) => i < 2 || random.chance(0.4));
  }

  whole(): void {
    const { world } = this;
    const { random } = world;
    world.interrupts = random.chance(0.3);
    for (let i = 0; i < 20 && this.author.model() === null; i++) this.author.edit();
    this.publish();
    world.weather = this.weather();
    const faults = random.pick([5, 15, 40, 80]);
    for (let i = 0; i < faults; i++) {
      this.pass(random.pick([0, 0, 1, 5, 10, 10, 100, 400, 1_000, 1_000, 10_000, 100_000]));
      random.pick(this.kinds)();
    }
    this.pass(random.pick([0, 100, 100_000]));
    this.calm();
  }

  private weather(): Weather {
    const { random } = this.world;
    const chance = (): number => random.pick([0, 0, 0.05, 0.2]);
    return {
      failed: chance(),
      hopeless: random.pick([0, 0, 0, 0.05]),
      unknown: chance(),
      routeFailed: chance(),
    };
  }

  private pass(ms: number): void {
    const { world } = this;
    const until = world.clock + ms;
    for (let i = 0; world.step(until); i++) if (i > stepLimit) throw new Broken('it never comes to rest');
  }

  /** No more faults: whatever a person would do is done, then everything must come to rest at A = T. */
  private calm(): void {
    const { world } = this;
    world.weather = { failed: 0, hopeless: 0, unknown: 0, routeFailed: 0 };
    world.truth.badReleases.clear();
    for (const resource of world.truth.resources.values()) resource.broken = false;
    world.lookAtAll();
    for (let attempt = 0; ; attempt++) {
      world.rest();
      const open = world.rollouts().filter(({ phase }) => phase === 'paused' || phase === 'failed');
      if (open.length === 0) break;
      if (open.every(({ phase }) => phase === 'failed') && world.differences(this.model).length === 0) break;
      if (attempt > 2) throw new Broken(`it ends ${open.map((r) => `${r.phase}: ${r.reason}`).join('; ')}`);
      for (const { solution, phase } of open) if (phase === 'paused') world.resume(solution);
      if (open.some(({ phase }) => phase === 'failed')) {
        world.commit(this.model, true);
      }
    }
    world.compareShadow();
    const wrong = world.differences(this.model);
    if (wrong.length > 0) throw new Broken(`A is not T: ${wrong.join('; ')}`);
    const unfinished = world.rollouts().filter(({ phase }) => phase !== 'succeeded' && phase !== 'failed');
    if (unfinished.length > 0)
      throw new Broken(`not ended: ${unfinished.map((r) => `${r.solution} ${r.phase}`).join('; ')}`);
    const more = world.askAgain();
    if (more.length > 0) throw new Broken(`it is not quiet: ${more.join('; ')}`);
  }

  private publish(): void {
    const model = this.author.model();
    if (model === null) return;
    if (!hasPath(model, this.world.state.tables)) return;
    if (this.world.commit(model)) this.model = model;
  }

  private edit(): void {
    const saved = this.author.save();
    const edits = this.world.random.between(1, 3);
    for (let i = 0; i < edits; i++) this.author.edit();
    const model = this.author.model();
    if (model === null || !hasPath(model, this.world.state.tables) || !this.world.commit(model))
      this.author.restore(saved);
    else this.model = model;
  }

  private anyResource(): [string, { state: string; digest: unknown; broken: boolean }] | null {
    const resources = [...this.world.truth.resources];
    return resources.length === 0 ? null : (this.world.random.pick(resources) as never);
  }

  private crash(): void {
    const found = this.anyResource();
    if (found === null || found[1].state !== 'active') return;
    found[1].state = this.world.random.chance(0.8) ? 'inactive' : 'failure';
    this.notice(found[0]);
  }

  private vanish(): void {
    const found = this.anyResource();
    if (found === null) return;
    this.world.truth.resources.delete(found[0] as never);
    this.notice(found[0]);
  }

  private tamper(): void {
    const found = this.anyResource();
    if (found === null) return;
    found[1].digest = '1:edited';
    this.notice(found[0]);
  }

  private sicken(): void {
    const found = this.anyResource();
    if (found === null) return;
    found[1].broken = true;
    this.notice(found[0]);
  }

  private recover(): void {
    for (const [id, resource] of this.world.truth.resources) {
      if (!resource.broken) continue;
      resource.broken = false;
      this.notice(id);
    }
  }

  private blind(): void {
    const found = this.anyResource();
    if (found === null) return;
    this.world.markUnknown(found[0] as never);
    this.notice(found[0]);
  }

  private notice(id: string): void {
    const { world } = this;
    world.happen(world.random.pick([0, 10, 5_000]), () => world.lookSoon(id as never, 0));
  }

  private spoilRelease(): void {
    const { truth, random } = this.world;
    const elements = [...this.model.values()].flatMap((solution) => [...solution.elements.values()]);
    if (elements.length === 0) return;
    const element = random.pick(elements);
    const cluster = element.clusters[0];
    const key = `${element.key}/${cluster?.key ?? ''}`;
    if (random.chance(0.3)) truth.badReleases.delete(key);
    else truth.badReleases.add(key);
    this.world.lookAtAll();
  }

  private pause(): void {
    for (const { solution, phase } of this.world.rollouts())
      if (phase === 'progressing') return this.world.pause(solution);
  }

  private resume(): void {
    for (const { solution, phase } of this.world.rollouts())
      if (phase === 'paused') return this.world.resume(solution);
  }

  private abort(): void {
    const open = this.world.rollouts().filter(({ phase }) => phase === 'progressing' || phase === 'paused');
    if (open.length > 0) this.world.abort(this.world.random.pick(open).solution);
  }
}
