import { describe, expect, it } from 'vitest';
import type { SolutionName } from '../../../src/core/base/names.js';
import type { StayingElement } from '../../../src/core/plan/types.js';
import type { ElementSpec } from '../../support/desired.js';
import { deployed, modelOf } from '../../support/deployed.js';
import { unplanned } from '../../../src/engine/unplanned.js';
import type { SmallWorld } from '../../support/small-world/world.js';

const shop = 'shop' as SolutionName;

/** An element that goes back by itself when an upgrade fails. */
function api(version: string, more: Partial<ElementSpec> = {}): ElementSpec {
  return { name: 'api', size: 3, ...more, version, rollout: { onFailure: 'revert', ...more.rollout } };
}

function web(version = '1.0.0', more: Partial<ElementSpec> = {}): ElementSpec {
  return { name: 'web', size: 1, ...more, version, rollout: { onFailure: 'revert' } };
}

function solution(world: SmallWorld) {
  const found = world.state.tables.solutions.get(shop);
  if (found === undefined) throw new Error('there is no shop');
  return found;
}

function phase(world: SmallWorld): string | undefined {
  return solution(world).rollout?.phase;
}

/** `api 1.0.0 ×3`, for all that is active. */
function running(world: SmallWorld): string[] {
  return [...solution(world).elements.values()]
    .flatMap(({ name, clusters }) =>
      [...clusters.values()].map(({ definition, instances }) => {
        const active = [...instances.values()].filter(({ lifecycle }) => lifecycle === 'active').length;
        return active === 0 ? '' : `${name} ${definition.version} ×${active}`;
      }),
    )
    .filter((line) => line !== '')
    .sort();
}

function quarantined(world: SmallWorld): string[] {
  return (solution(world).quarantine?.clusters ?? []).map(
    ({ element, cluster }) => `${element} ${cluster.split('~')[0]}`,
  );
}

function breakRelease(world: SmallWorld, version: string, element = 'api'): void {
  world.truth.badReleases.add(`shop/${element}/${version}~00000000`);
}

function commit(world: SmallWorld, ...specs: ElementSpec[]): void {
  if (!world.commit(modelOf(specs))) throw new Error('the plan refuses it');
  world.rest();
}

/** Until the rollout has failed; what runs badly then never comes to rest. */
function until(world: SmallWorld, specs: readonly ElementSpec[]): void {
  if (!world.commit(modelOf(specs))) throw new Error('the plan refuses it');
  whileIn(world, 'progressing');
}

function whileIn(world: SmallWorld, now: string): void {
  for (let i = 0; phase(world) === now; i++) {
    if (i > 50_000) throw new Error('it never fails');
    world.step(world.clock + 1_000);
  }
}

describe('a rollout that fails', () => {
  it('goes back to what was stable, and leaves what failed in quarantine', () => {
    const world = deployed([api('1.0.0')]);
    breakRelease(world, '2.0.0');
    commit(world, api('2.0.0'));

    expect(phase(world)).toBe('reverted');
    expect(running(world)).toEqual(['api 1.0.0 ×3']);
    expect(quarantined(world)).toEqual(['api 2.0.0']);
    expect(solution(world).quarantine?.reason).toContain('api 2.0.0 #0');
    expect(solution(world).lastStable?.revision).toBe('r00000000001');
  });

  it('goes back to the last stable state, not to what was superseded on the way', () => {
    const world = deployed([api('1.0.0')]);
    if (!world.commit(modelOf([api('2.0.0', { size: 4 })]))) throw new Error('refused');
    for (let i = 0; i < 40; i++) world.step(world.clock + 20);
    expect(phase(world)).toBe('progressing');
    breakRelease(world, '3.0.0');
    commit(world, api('3.0.0', { size: 5 }));

    expect(phase(world)).toBe('reverted');
    expect(running(world)).toEqual(['api 1.0.0 ×3']);
    expect(solution(world).former).toEqual({});
  });

  it('brings back what the failed revision had removed, and takes away what it had added', () => {
    const world = deployed([api('1.0.0'), web()]);
    breakRelease(world, '2.0.0');
    commit(world, api('2.0.0'), { ...web('1.0.0'), name: 'admin' });

    expect(phase(world)).toBe('reverted');
    expect(running(world)).toEqual(['api 1.0.0 ×3', 'web 1.0.0 ×1']);
  });

  it('is failed, and what it made is stopped and kept for evidence, where nothing was ever stable', () => {
    const world = deployed([]);
    breakRelease(world, '1.0.0');
    commit(world, api('1.0.0'));

    expect(phase(world)).toBe('failed');
    expect(running(world)).toEqual([]);
    const api100 = [
      ...(solution(world)
        .elements.get('api' as never)
        ?.clusters.values() ?? []),
    ][0];
    expect([...(api100?.instances.values() ?? [])].some(({ lifecycle }) => lifecycle === 'inactive')).toBe(
      true,
    );
  });

  it('is blocked where the way back fails as well, and repaired all the same until it is well', () => {
    const world = deployed([api('1.0.0', { size: 1 })]);
    breakRelease(world, '2.0.0');
    until(world, [api('2.0.0', { size: 1 })]);
    expect(phase(world)).toBe('reverting');
    breakRelease(world, '1.0.0');
    world.truth.resources.clear();
    world.lookAtAll();
    whileIn(world, 'reverting');

    expect(phase(world)).toBe('blocked');
    expect(solution(world).rollout?.reason).toContain('going back failed too');
    world.truth.badReleases.clear();
    world.rest();
    expect(running(world)).toEqual(['api 1.0.0 ×1']);
    expect(phase(world)).toBe('blocked');
  });

  it('waits for a person where one element on its way wants that', () => {
    const world = deployed([api('1.0.0'), web()]);
    breakRelease(world, '2.0.0');
    breakRelease(world, '2.0.0', 'web');
    until(world, [api('2.0.0'), { ...web('2.0.0'), rollout: { onFailure: 'pause' } }]);
    expect(phase(world)).toBe('paused');
    expect(quarantined(world)).toEqual([]);
  });
});

describe('a quarantine', () => {
  function failed(): SmallWorld {
    const world = deployed([api('1.0.0'), web()]);
    breakRelease(world, '2.0.0');
    commit(world, api('2.0.0'), web());
    expect(quarantined(world)).toEqual(['api 2.0.0']);
    return world;
  }

  it('keeps out what failed while other changes of the solution go out', () => {
    const world = failed();
    commit(world, api('2.0.0'), web('2.0.0', { size: 2 }));
    expect(running(world)).toEqual(['api 1.0.0 ×3', 'web 2.0.0 ×2']);
    expect(quarantined(world)).toEqual(['api 2.0.0']);
    expect(phase(world)).toBe('succeeded');
    // Its files ask for what failed: that is no state to go back to.
    expect(solution(world).lastStable?.revision).toBe('r00000000001');
  });

  it('ends when Git asks for another version, which goes out', () => {
    const world = failed();
    commit(world, api('3.0.0'), web());
    expect(running(world)).toEqual(['api 3.0.0 ×3', 'web 1.0.0 ×1']);
    expect(quarantined(world)).toEqual([]);
    expect(solution(world).lastStable?.revision).toBe('r00000000003');
  });

  it('ends with the revert, and all is quiet afterwards', () => {
    const world = failed();
    const from = world.entries;
    commit(world, api('1.0.0'), web());
    expect(running(world)).toEqual(['api 1.0.0 ×3', 'web 1.0.0 ×1']);
    expect(phase(world)).toBe('succeeded');
    expect(solution(world).quarantine).toBeNull();
    expect(world.told(from).filter((line) => line.includes('operation.begun'))).toEqual([]);
    expect(world.askAgain()).toEqual([]);
  });

  it('keeps out with it what accepts no version that remains', () => {
    const needs = (range: string) => ({ needs: [{ element: 'api', range }] });
    const world = deployed([api('1.0.0'), web('1.0.0', needs('>=1'))]);
    breakRelease(world, '2.0.0');
    commit(world, api('2.0.0'), web('1.0.0', needs('>=1')));
    commit(world, api('2.0.0'), web('2.0.0', needs('>=2')));
    expect(running(world)).toEqual(['api 1.0.0 ×3', 'web 1.0.0 ×1']);
  });
});

describe('a plan while something is in quarantine', () => {
  const staying = (world: SmallWorld, ...specs: ElementSpec[]): readonly StayingElement[] =>
    world.plan(modelOf(specs))?.staying ?? [];
  const told = (all: readonly StayingElement[]): string[] =>
    all.map(
      ({ element, version, at, failed }) =>
        `${element} ${version} stays at ${at.join()}: ${failed.map((one) => `${one.element} ${one.version}`).join()}`,
    );

  it('says what stays, where, and in which revision it failed', () => {
    const world = deployed([api('1.0.0')]);
    breakRelease(world, '2.0.0');
    commit(world, api('2.0.0'));
    const kept = staying(world, api('2.0.0'));
    expect(told(kept)).toEqual(['shop/api 2.0.0 stays at 1.0.0: shop/api 2.0.0']);
    expect(kept[0]?.revision).toBe(solution(world).quarantine?.revision);
    expect(kept[0]?.reason).toContain('api 2.0.0 #0');
    expect(staying(world, api('3.0.0')), 'what Git does not ask for does not stay out').toEqual([]);
  });

  it('says of what needs it that it stays because of it', () => {
    const consumer = (version: string, range: string): ElementSpec => ({
      ...web(version),
      needs: [{ element: 'api', range }],
    });
    const world = deployed([api('1.0.0'), consumer('1.0.0', '>=1')]);
    breakRelease(world, '2.0.0');
    commit(world, api('2.0.0'), consumer('1.0.0', '>=1'));
    expect(told(staying(world, api('2.0.0'), consumer('2.0.0', '>=2')))).toEqual([
      'shop/api 2.0.0 stays at 1.0.0: shop/api 2.0.0',
      'shop/web 2.0.0 stays at 1.0.0: shop/api 2.0.0',
    ]);
  });

  it('says nothing where nothing failed', () => {
    expect(staying(deployed([api('1.0.0')]), api('2.0.0'))).toEqual([]);
  });

  it('that a person ends has to be planned, whatever keeps the next plan from being made', () => {
    const world = deployed([api('1.0.0')]);
    breakRelease(world, '2.0.0');
    commit(world, api('2.0.0'));
    expect(quarantined(world)).toEqual(['api 2.0.0']);
    expect(unplanned(world.state.tables), 'what stays out is planned').toEqual([]);
    world.endQuarantine(shop);
    expect(unplanned(world.state.tables).map(({ name }) => name)).toEqual(['shop']);
  });
});
