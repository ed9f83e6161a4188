import { describe, expect, it } from 'vitest';
import type { SolutionName } from '../../../src/core/base/names.js';
import { openReverts, decideReverts } from '../../../src/core/rollout/revert.js';
import { inDomain } from '../../../src/core/journal/entry.js';
import type { ElementSpec } from '../../support/desired.js';
import { desiredElement } from '../../support/desired.js';
import { go } from '../../support/deployed.js';
import type { Model } from '../../support/small-world/generate.js';
import { bySolution } from '../../support/small-world/generate.js';
import { SmallWorld } from '../../support/small-world/world.js';

type Spec = ElementSpec & { readonly in: string };

/** An element of a solution that goes back by itself when an upgrade fails. */
function element(solution: string, name: string, version: string, more: Partial<ElementSpec> = {}): Spec {
  return { in: solution, name, size: 1, ...more, version, rollout: { onFailure: 'revert', ...more.rollout } };
}

const db = (version: string, more: Partial<ElementSpec> = {}) => element('data', 'db', version, more);
const api = (version: string, range = '*', more: Partial<ElementSpec> = {}) =>
  element('shop', 'api', version, { ...more, needs: [{ element: 'data/db', range }] });

function model(...specs: readonly Spec[]): Model {
  return bySolution(specs.map((spec) => desiredElement(spec, spec.in as SolutionName)));
}

function deployed(...specs: readonly Spec[]): SmallWorld {
  const world = new SmallWorld(1);
  go(world, model(...specs));
  return world;
}

function commit(world: SmallWorld, ...specs: readonly Spec[]): void {
  if (!world.commit(model(...specs))) throw new Error('the plan refuses it');
}

/** `data/db 1.0.0`, for all that is active. */
function running(world: SmallWorld): string[] {
  return [...world.state.tables.solutions.values()]
    .flatMap(({ elements }) => [...elements.values()])
    .flatMap(({ key, clusters }) =>
      [...clusters.values()].flatMap(({ definition, instances }) =>
        [...instances.values()].some(({ lifecycle }) => lifecycle === 'active')
          ? [`${key} ${definition.version}`]
          : [],
      ),
    )
    .sort();
}

function phases(world: SmallWorld): { readonly [solution: string]: string } {
  return Object.fromEntries(world.rollouts().map(({ solution, phase }) => [solution, phase]));
}

function breakRelease(world: SmallWorld, key: string, version: string): void {
  world.truth.badReleases.add(`${key}/${version}~00000000`);
}

function until(world: SmallWorld, isSo: () => boolean, what: string): void {
  for (let i = 0; !isSo(); i++) {
    if (i > 50_000) throw new Error(`never: ${what}`);
    world.step(world.clock + 1_000);
  }
}

/** The commits that are to be made now, each with its solutions. */
function due(world: SmallWorld): string[] {
  world.record(decideReverts(world.state.domain, world.state.tables.solutions).map(inDomain));
  return openReverts(world.state.domain).map(({ solutions }) => solutions.join(' '));
}

describe('solutions of one revision', () => {
  it('go back together where a relationship joins what they change, the provider that was well already too', () => {
    const world = deployed(db('1.0.0'), api('1.0.0'));
    breakRelease(world, 'shop/api', '2.0.0');
    commit(world, db('1.1.0'), api('2.0.0'));
    world.rest();

    expect(phases(world)).toEqual({ data: 'reverted', shop: 'reverted' });
    expect(running(world)).toEqual(['data/db 1.0.0', 'shop/api 1.0.0']);
    expect(due(world), 'one commit says both').toEqual(['data shop']);
  });

  it('blame nobody who was merely taken along', () => {
    const world = deployed(db('1.0.0'), api('1.0.0'));
    breakRelease(world, 'shop/api', '2.0.0');
    commit(world, db('1.1.0'), api('2.0.0'));
    world.rest();

    const data = world.state.tables.solutions.get('data' as SolutionName);
    expect(data?.quarantine).toMatchObject({ clusters: [], cause: { solution: 'shop' } });
    expect(data?.rollout?.reason).toContain('goes back with shop: api 2.0.0');
  });

  it('stand where nothing joins them', () => {
    const world = deployed(db('1.0.0'), api('1.0.0'), element('blog', 'web', '1.0.0'));
    breakRelease(world, 'shop/api', '2.0.0');
    commit(world, db('1.0.0'), api('2.0.0'), element('blog', 'web', '2.0.0'));
    world.rest();

    expect(phases(world)).toEqual({ blog: 'succeeded', data: 'succeeded', shop: 'reverted' });
    expect(running(world)).toEqual(['blog/web 2.0.0', 'data/db 1.0.0', 'shop/api 1.0.0']);
    expect(due(world)).toEqual(['shop']);
  });

  it('stand where what joins them is not changed', () => {
    const world = deployed(db('1.0.0'), element('data', 'queue', '1.0.0'), api('1.0.0'));
    breakRelease(world, 'shop/api', '2.0.0');
    commit(world, db('1.0.0'), element('data', 'queue', '2.0.0'), api('2.0.0'));
    world.rest();
    expect(running(world)).toEqual(['data/db 1.0.0', 'data/queue 2.0.0', 'shop/api 1.0.0']);
  });

  it('go back over any number of them', () => {
    const web = (version: string) => element('site', 'web', version, { needs: [{ element: 'shop/api' }] });
    const world = deployed(db('1.0.0'), api('1.0.0'), web('1.0.0'));
    breakRelease(world, 'site/web', '2.0.0');
    commit(world, db('1.1.0'), api('2.0.0'), web('2.0.0'));
    world.rest();
    expect(running(world)).toEqual(['data/db 1.0.0', 'shop/api 1.0.0', 'site/web 1.0.0']);
    expect(due(world)).toEqual(['data shop site']);
  });

  it('leave what was never stable where it is: there is nothing that it could go back to', () => {
    const world = deployed(api('1.0.0'), db('1.0.0'));
    breakRelease(world, 'shop/api', '2.0.0');
    commit(world, db('1.0.0'), element('cache', 'cache', '1.0.0'), {
      ...api('2.0.0'),
      needs: [{ element: 'data/db' }, { element: 'cache/cache' }],
    });
    world.rest();
    expect(phases(world)).toMatchObject({ cache: 'succeeded', shop: 'reverted' });
    expect(running(world)).toEqual(['cache/cache 1.0.0', 'data/db 1.0.0', 'shop/api 1.0.0']);
  });
});

describe('a solution that has come to a cluster that is not stable yet', () => {
  /** `data` is on its way to 2.0.0 and held up by its queue; a later commit has brought `shop` to a version that needs it. */
  function waiting(): SmallWorld {
    const queue = (version: string) => element('data', 'queue', version);
    const world = deployed(db('1.0.0'), queue('1.0.0'), api('1.0.0', '>=1'));
    breakRelease(world, 'data/queue', '2.0.0');
    commit(world, db('2.0.0'), queue('2.0.0'), api('1.0.0', '>=1'));
    until(world, () => running(world).includes('data/db 2.0.0'), 'db 2.0.0');
    commit(world, db('2.0.0'), queue('2.0.0'), api('2.0.0', '>=2'));
    return world;
  }

  it('is not applied before that is, and goes back with it though it came by another revision', () => {
    const world = waiting();
    until(world, () => phases(world)['data'] !== 'progressing', 'the failure');
    expect(running(world)).toContain('shop/api 2.0.0');
    expect(phases(world), 'in the same moment').toEqual({ data: 'reverting', shop: 'reverting' });
    world.rest();

    expect(phases(world)).toEqual({ data: 'reverted', shop: 'reverted' });
    expect(running(world)).toEqual(['data/db 1.0.0', 'data/queue 1.0.0', 'shop/api 1.0.0']);
    expect(due(world), 'what needs it is in the commit that takes it back').toEqual(['data shop']);
  });

  it('goes back as well when the controller died in between', () => {
    const world = waiting();
    until(world, () => phases(world)['data'] === 'reverting', 'the failure');
    world.restart();
    world.rest();
    expect(running(world)).toEqual(['data/db 1.0.0', 'data/queue 1.0.0', 'shop/api 1.0.0']);
  });

  it('stands where it can run on what was stable', () => {
    const world = deployed(db('1.0.0'), element('data', 'queue', '1.0.0'), api('1.0.0'));
    breakRelease(world, 'data/queue', '2.0.0');
    commit(world, db('2.0.0'), element('data', 'queue', '2.0.0'), api('1.0.0'));
    until(world, () => running(world).includes('data/db 2.0.0'), 'db 2.0.0');
    commit(world, db('2.0.0'), element('data', 'queue', '2.0.0'), api('2.0.0', '>=1'));
    world.rest();
    expect(phases(world)).toEqual({ data: 'reverted', shop: 'succeeded' });
    expect(running(world)).toEqual(['data/db 1.0.0', 'data/queue 1.0.0', 'shop/api 2.0.0']);
  });

  it('is stopped and kept for evidence where nothing of it was ever stable', () => {
    const queue = (version: string) => element('data', 'queue', version);
    const world = deployed(db('1.0.0'), queue('1.0.0'));
    breakRelease(world, 'data/queue', '2.0.0');
    commit(world, db('2.0.0'), queue('2.0.0'), api('2.0.0', '>=2'));
    world.rest();
    expect(phases(world)).toEqual({ data: 'reverted', shop: 'failed' });
    expect(running(world)).toEqual(['data/db 1.0.0', 'data/queue 1.0.0']);
    expect(due(world)).toEqual(['data']);
  });

  it('is applied in the moment in which all that it rests on is', () => {
    const world = deployed(db('1.0.0'), api('1.0.0', '>=1'));
    const from = world.entries;
    commit(world, db('2.0.0'), api('2.0.0', '>=2'));
    world.rest();
    const ends = world.told(from).filter((line) => line.includes('rollout.ended'));
    expect(phases(world)).toEqual({ data: 'succeeded', shop: 'succeeded' });
    expect(new Set(ends.map((line) => line.split(' ')[0])).size, ends.join('; ')).toBe(1);
  });
});

describe('a solution that was taken along', () => {
  function back(): SmallWorld {
    const world = deployed(db('1.0.0'), api('1.0.0', '>=1'));
    breakRelease(world, 'data/db', '2.0.0');
    commit(world, db('2.0.0'), api('2.0.0', '>=2'));
    world.rest();
    expect(phases(world)).toEqual({ data: 'reverted', shop: 'reverted' });
    return world;
  }

  it('goes out when what took it along is mended, though nothing of its own has changed', () => {
    const world = back();
    if (!world.commit(model(db('2.1.0'), api('2.0.0', '>=2')), true)) throw new Error('the plan refuses it');
    world.rest();
    expect(running(world)).toEqual(['data/db 2.1.0', 'shop/api 2.0.0']);
    expect(world.state.tables.solutions.get('shop' as SolutionName)?.quarantine).toBeNull();
  });

  it('stays as long as Git asks for what failed', () => {
    const world = back();
    if (!world.commit(model(db('2.0.0'), api('2.0.0', '>=2')), true)) throw new Error('the plan refuses it');
    world.rest();
    expect(running(world)).toEqual(['data/db 1.0.0', 'shop/api 1.0.0']);
  });
});

describe('what stays out with a provider of another solution', () => {
  /** `data/db` 2.0.0 failed alone and is still asked for. */
  function failed(): SmallWorld {
    const world = deployed(db('1.0.0'), api('1.0.0', '>=1'), element('shop', 'web', '1.0.0'));
    breakRelease(world, 'data/db', '2.0.0');
    commit(world, db('2.0.0'), api('1.0.0', '>=1'), element('shop', 'web', '1.0.0'));
    world.rest();
    expect(phases(world)).toEqual({ data: 'reverted', shop: 'succeeded' });
    return world;
  }
  const site = (version: string, range: string) =>
    element('site', 'site', version, { needs: [{ element: 'shop/api', range }] });

  it('stays where it accepts nothing that remains, over any number of solutions, while the rest goes out', () => {
    const world = failed();
    const next = [db('2.0.0'), api('2.0.0', '>=2'), element('shop', 'web', '2.0.0'), site('1.0.0', '>=2')];
    const told = world.plan(model(...next))?.staying ?? [];
    expect(told.map(({ element: name, failed: by }) => `${name} by ${by[0]?.element}`)).toEqual([
      'data/db by data/db',
      'shop/api by data/db',
      'site/site by data/db',
    ]);
    commit(world, ...next);
    world.rest();
    expect(running(world)).toEqual(['data/db 1.0.0', 'shop/api 1.0.0', 'shop/web 2.0.0']);
  });

  it('goes out with the next version of the provider, though its own files have not changed since', () => {
    const world = failed();
    const rest = [api('2.0.0', '>=2'), element('shop', 'web', '2.0.0'), site('1.0.0', '>=2')];
    commit(world, db('2.0.0'), ...rest);
    world.rest();
    if (!world.commit(model(db('2.1.0'), ...rest), true)) throw new Error('the plan refuses it');
    world.rest();
    expect(running(world)).toEqual(['data/db 2.1.0', 'shop/api 2.0.0', 'shop/web 2.0.0', 'site/site 1.0.0']);
    for (const { quarantine } of world.state.tables.solutions.values()) expect(quarantine).toBeNull();
  });
});
