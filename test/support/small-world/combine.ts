import { activeSize } from '../../../src/core/base/desired.js';
import type { Combination } from './combinations.js';
import { modelOf, nameOf } from './combinations.js';
import type { Model } from './generate.js';
import { Broken, SmallWorld } from './world.js';

export interface Combined {
  readonly problem: string | null;
  /** It came to no end. */
  readonly isStalled: boolean;
  /** How often a floor, and a ceiling, was held against what was about to be done. */
  readonly floors: number;
  readonly ceilings: number;
}

/** From rest to rest by one combination: nothing may break a bound on the way, and everything arrives. */
export function runCombination(one: Combination): Combined {
  const world = new SmallWorld(one.index + 1);
  let problem: string | null = null;
  try {
    new Way(world, one).go();
  } catch (error) {
    const text = error instanceof Broken ? error.message : String((error as Error).stack);
    problem = `${nameOf(one)}: ${text}`;
  }
  const isStalled = problem !== null && /comes to rest|takes for ever|stands still/.test(problem);
  return { problem, isStalled, ...world.held };
}

class Way {
  private readonly first: Model;
  private last: Model;

  constructor(
    private readonly world: SmallWorld,
    private readonly one: Combination,
  ) {
    this.first = modelOf(one, 1);
    this.last = modelOf(one, 2);
  }

  go(): void {
    const { world, one } = this;
    world.commit(this.first);
    this.settle();
    this.demand(this.first, 'the first version is not there');
    if (one.trouble === 'bad version') world.truth.badReleases.add(this.apiCluster(this.last));
    if (one.trouble === 'bad gate') world.useless.add(this.apiCluster(this.last));
    const before = world.begun;
    world.commit(this.last);
    const when = Math.floor((one.tenths * (3 * one.to + 2 * one.from)) / 10);
    while (world.begun - before < when && world.step());
    this.strike();
    this.arrive();
  }

  /** What the trouble is, where it is not in the version itself. */
  private strike(): void {
    const { world, one } = this;
    switch (one.trouble) {
      case 'abort':
        return world.abort('shop' as never);
      case 'crash':
      case 'vanish':
        return this.hurt(one.trouble);
      case 'restart':
        return world.restart();
      case 'third cluster':
        this.last = modelOf(one, 3);
        return void world.commit(this.last);
      default:
    }
  }

  private hurt(how: 'crash' | 'vanish'): void {
    const { truth } = this.world;
    const running = [...truth.resources].filter(([, { state }]) => state === 'active');
    const found = running[this.one.index % Math.max(1, running.length)];
    if (found === undefined) return;
    const [id, resource] = found;
    if (how === 'crash') resource.state = 'inactive';
    else truth.resources.delete(id);
    this.world.happen(0, () => this.world.lookSoon(id, 0));
  }

  /** At rest, with whatever word of people it waits for. */
  private settle(): void {
    const { world } = this;
    for (let round = 0; ; round++) {
      world.rest();
      const waiting = world.rollouts().filter(({ phase }) => phase === 'paused');
      if (waiting.length === 0) return;
      if (round > 6) throw new Broken(`it stands still: ${waiting.map(({ reason }) => reason).join('; ')}`);
      for (const { solution } of waiting) if (!world.promote(solution)) world.resume(solution);
    }
  }

  private arrive(): void {
    const { world } = this;
    this.settle();
    const given = world.rollouts().filter(({ phase }) => phase !== 'succeeded');
    const isBack = given.length > 0 && given.length === world.rollouts().length;
    if (isBack && given.every(({ phase }) => phase === 'reverted'))
      this.demand(this.first, 'it is not back where it was');
    const open = given.filter(({ phase }) => !['reverted', 'failed', 'blocked'].includes(phase));
    if (open.length > 0)
      throw new Broken(`it stands still: ${open.map((r) => `${r.solution} ${r.phase}`).join()}`);
    if (given.length > 0) {
      // Mended, and tried once more, as people are told to do.
      world.truth.badReleases.clear();
      world.useless.clear();
      world.lookAtAll();
      for (const { solution } of given) world.endQuarantine(solution);
      world.commit(this.last, true);
      this.settle();
    }
    this.demand(this.last, 'A is not T');
    world.compareShadow();
    const more = world.askAgain();
    if (more.length > 0) throw new Broken(`it is not quiet: ${more.join('; ')}`);
  }

  private demand(model: Model, what: string): void {
    const wrong = this.world.differences(model);
    if (wrong.length > 0) throw new Broken(`${what}: ${wrong.join('; ')}`);
  }

  private apiCluster(model: Model): string {
    const api = [...(model.get('shop' as never)?.elements.values() ?? [])].find(({ name }) => name === 'api');
    if (api === undefined || activeSize(api) === 0) return '';
    return `${api.key}/${api.clusters[0]?.key ?? ''}`;
  }
}
