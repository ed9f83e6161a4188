import { describe, expect, it } from 'vitest';
import type { InstanceId, SolutionName } from '../../../src/core/base/names.js';
import { elementAt } from '../../../src/core/rollout/tables.js';
import type { ElementSpec } from '../../support/desired.js';
import { deployed, go, modelOf } from '../../support/deployed.js';
import { SmallWorld } from '../../support/small-world/world.js';

const shop = 'shop' as SolutionName;
const count = (value: number) => ({ kind: 'count' as const, value });

function pass(world: SmallWorld, ms: number): void {
  const until = world.clock + ms;
  for (let i = 0; world.step(until); i++) if (i > 50_000) throw new Error('it never comes to rest');
}

function phaseOf(world: SmallWorld): string | undefined {
  return world.rollouts().find((rollout) => rollout.solution === shop)?.phase;
}

function begun(lines: readonly string[], transition: string, version: string): number {
  return lines.filter(
    (line) =>
      line.includes('operation.begun') && line.includes(`"${transition}"`) && line.includes(`/${version}~`),
  ).length;
}

function resources(world: SmallWorld, part: string): [InstanceId, { state: string; broken: boolean }][] {
  return [...world.truth.resources].filter(([id]) => id.includes(part));
}

/** Something happens behind our back, and is seen at the next look. */
function behindOurBack(world: SmallWorld, part: string, change: (id: InstanceId) => void): void {
  for (const [id] of resources(world, part)) change(id);
  world.lookAtAll();
}

describe('an unhealthy stable version never blocks its own fix', () => {
  it.each([
    ['surge 1', 1, 0],
    ['surge 0', 0, 1],
    ['surge 2', 2, 0],
  ])('with %s', (_name, surge, unavailable) => {
    const api = (version: string): ElementSpec => ({
      name: 'api',
      version,
      size: 3,
      rollout: { maxSurge: count(surge), maxUnavailable: count(unavailable), allowDowntime: true },
    });
    const world = deployed([api('1.0.0')]);
    world.truth.badReleases.add('shop/api/1.0.0~00000000');
    world.lookAtAll();
    pass(world, 10);
    go(world, modelOf([api('2.0.0')]));
  });
});

it('one at a time of what is not well leaves for its own configuration: a bad probe must not stop all at once', () => {
  const size = 3;
  const model = modelOf([{ name: 'api', size }]);
  const world = new SmallWorld(1);
  world.interrupts = true;
  go(world, model);
  const from = world.entries;
  for (const [, resource] of world.truth.resources)
    Object.assign(resource, { digest: '1:edited', broken: true });
  world.lookAtAll();
  world.rest();
  expect(world.differences(model)).toEqual([]);
  const told = world.told(from);
  expect(told.filter((line) => line.includes('instance.draining'))).toHaveLength(size);
});

describe('a rollout that was given up', () => {
  const api = (version: string): ElementSpec => ({ name: 'api', version, size: 3 });

  it('is tried again when the same is asked for again: what was given up is not what the model asks for', () => {
    const world = deployed([api('1.0.0')]);
    world.truth.badReleases.add('shop/api/2.0.0~00000000');
    world.commit(modelOf([api('2.0.0')]));
    pass(world, 1_000);
    world.abort(shop);
    pass(world, 100_000);
    expect(phaseOf(world)).toBe('failed');
    expect(resources(world, '2.0.0')).toEqual([]);
    expect(resources(world, '1.0.0').every(([, { state }]) => state === 'active')).toBe(true);
    world.truth.badReleases.clear();
    expect(world.commit(modelOf([api('2.0.0')]), true)).toBe(true);
    world.rest();
    expect(world.differences(modelOf([api('2.0.0')]))).toEqual([]);
    expect(phaseOf(world)).toBe('succeeded');
  });

  it('by its own failure with onFailure: abort ends failed, with what ran before still running', () => {
    const aborting = (version: string): ElementSpec => ({ ...api(version), rollout: { onFailure: 'abort' } });
    const world = deployed([aborting('1.0.0')]);
    world.truth.badReleases.add('shop/api/2.0.0~00000000');
    world.commit(modelOf([aborting('2.0.0')]));
    world.rest();
    expect(phaseOf(world)).toBe('failed');
    expect(world.differences(modelOf([aborting('1.0.0')]))).toEqual([]);
  });
});

describe('a rollout that is paused', () => {
  const api = (version: string): ElementSpec => ({ name: 'api', version, size: 3, expose: 8080 });

  function pausedAfter(what: string): { world: SmallWorld; from: number } {
    const world = deployed([api('1.0.0')]);
    const from = world.entries;
    world.commit(modelOf([api('2.0.0')]));
    for (let i = 0; !world.told(from).some((line) => line.includes(what)); i++)
      if (!world.step() || i > 500) throw new Error(`there was no ${what}`);
    world.pause(shop);
    return { world, from: world.entries };
  }

  it('finishes what had left the rotation, and begins nothing', () => {
    const { world, from } = pausedAfter('instance.draining');
    pass(world, 600_000);
    const lines = world.told(from);
    expect(begun(lines, 'stop', '1.0.0')).toBe(1);
    expect(begun(lines, 'start', '2.0.0')).toBe(0);
    expect(begun(lines, 'start', '1.0.0')).toBe(0);
    expect(lines.some((line) => line.includes('instance.draining'))).toBe(false);
  });

  it('repairs what ran when it was paused', () => {
    const { world, from } = pausedAfter('instance.draining');
    behindOurBack(world, '1.0.0~00000000/0', (id) => world.truth.resources.delete(id));
    pass(world, 60_000);
    expect(begun(world.told(from), 'start', '1.0.0')).toBe(1);
  });

  it('goes on when it is resumed, to the same end', () => {
    const { world } = pausedAfter('instance.draining');
    pass(world, 600_000);
    world.resume(shop);
    world.rest();
    expect(phaseOf(world)).toBe('succeeded');
    expect(world.differences(modelOf([api('2.0.0')]))).toEqual([]);
  });

  it('goes on with what was not changed when a newer commit takes over', () => {
    const pair = (a: string, b: string): ElementSpec[] => [
      { name: 'a', version: a },
      { name: 'b', version: b },
    ];
    const world = deployed(pair('1.0.0', '1.0.0'));
    world.commit(modelOf(pair('2.0.0', '1.0.0')));
    world.step();
    world.pause(shop);
    pass(world, 1_000);
    go(world, modelOf(pair('2.0.0', '2.0.0')));
  });
});

describe('deadlines', () => {
  const patient = { healthyDeadlineMs: 900_000, progressDeadlineMs: 1_000_000 };

  it('stand still while a provider is not ready, and begin when it is', () => {
    const model = modelOf([
      { name: 'store', rollout: patient },
      { name: 'api', needs: [{ element: 'store' }] },
    ]);
    const world = new SmallWorld(1);
    world.truth.badReleases.add('shop/store/1.0.0~00000000');
    world.commit(model);
    pass(world, 600_000);
    expect(phaseOf(world)).toBe('progressing');
    world.truth.badReleases.clear();
    world.lookAtAll();
    world.rest();
    expect(phaseOf(world)).toBe('succeeded');
    expect(world.seenPhases.has('paused')).toBe(false);
  });

  it('do not blame what is well for a controller that has just begun and has not looked yet', () => {
    const world = new SmallWorld(1);
    world.truth.badReleases.add('shop/slow/1.0.0~00000000');
    world.commit(modelOf([{ name: 'quick' }, { name: 'slow', rollout: patient }]));
    pass(world, 300_000);
    world.restart();
    pass(world, 10_000);
    expect(phaseOf(world)).toBe('progressing');
  });

  it('pause what is not well in time, and say what was seen', () => {
    const world = deployed([{ name: 'api' }]);
    world.truth.badReleases.add('shop/api/2.0.0~00000000');
    world.commit(modelOf([{ name: 'api', version: '2.0.0' }]));
    pass(world, 400_000);
    expect(phaseOf(world)).toBe('paused');
    expect(world.rollouts()[0]?.reason).toContain('api 2.0.0 #0 was not healthy within 1 min');
    expect(resources(world, '1.0.0').every(([, { state }]) => state === 'active')).toBe(true);
  });

  it('come for a gateway that never answers: its failures are no progress', () => {
    const api = (version: string): ElementSpec => ({ name: 'api', version, expose: 8080 });
    const world = deployed([api('1.0.0')]);
    world.weather = { failed: 0, hopeless: 0, unknown: 0, routeFailed: 1 };
    world.commit(modelOf([api('2.0.0')]));
    pass(world, 500_000);
    expect(phaseOf(world)).toBe('paused');
    expect(world.rollouts()[0]?.reason).toContain('the gateway did not answer');
  });

  it('do not count for who waits for a consumer that is on its way', () => {
    const slow = { minHealthyTimeMs: 50_000, drainDelayMs: 50_000 };
    const specs = (version: string, range: string): ElementSpec[] => [
      { name: 'store', version },
      { name: 'api', version, size: 4, needs: [{ element: 'store', range }], rollout: slow },
    ];
    const world = deployed(specs('1.0.0', '^1'));
    go(world, modelOf(specs('2.0.0', '>=1 <3')));
    expect(world.seenPhases.has('paused')).toBe(false);
  });
});

describe('applied', () => {
  it('is said only while what was done first is still done', () => {
    const specs: ElementSpec[] = [
      { name: 'store', rollout: { minHealthyTimeMs: 0 } },
      { name: 'web', rollout: { minHealthyTimeMs: 10_000 } },
    ];
    const world = new SmallWorld(1);
    world.commit(modelOf(specs));
    for (let i = 0; !world.told().some((line) => line.includes('track.done')); i++)
      if (!world.step() || i > 500) throw new Error('nothing was done');
    world.truth.badReleases.add('shop/store/1.0.0~00000000');
    world.lookAtAll();
    pass(world, 30_000);
    expect(phaseOf(world)).toBe('progressing');
    world.truth.badReleases.clear();
    world.lookAtAll();
    for (let i = 0; phaseOf(world) !== 'succeeded'; i++) if (!world.step() || i > 500) break;
    expect(phaseOf(world)).toBe('succeeded');
    expect(world.differences(modelOf(specs))).toEqual([]);
  });
});

describe('repair', () => {
  it('of what crashes as soon as it runs ends its round, and begins anew after repairInterval', () => {
    const world = deployed([{ name: 'api' }]);
    const from = world.entries;
    const crash = (): void => {
      for (const resource of world.truth.resources.values())
        if (resource.state === 'active') resource.state = 'inactive';
      world.lookAtAll();
      world.happen(500, crash);
    };
    crash();
    pass(world, 100_000);
    const first = begun(world.told(from), 'start', '1.0.0');
    expect(first).toBeGreaterThan(1);
    expect(first).toBeLessThanOrEqual(5);
    pass(world, 300_000);
    expect(begun(world.told(from), 'start', '1.0.0')).toBeGreaterThan(first);
    expect(begun(world.told(from), 'start', '1.0.0')).toBeLessThanOrEqual(2 * 5);
  });

  it('of what runs and is not well restarts it, a few times in a round and never in a storm', () => {
    const world = deployed([{ name: 'api', size: 2 }]);
    const from = world.entries;
    world.truth.badReleases.add('shop/api/1.0.0~00000000');
    world.lookAtAll();
    pass(world, 250_000);
    expect(begun(world.told(from), 'stop', '1.0.0')).toBeGreaterThan(0);
    expect(begun(world.told(from), 'stop', '1.0.0')).toBeLessThanOrEqual(2 * 4);
    world.truth.badReleases.clear();
    world.lookAtAll();
    world.rest();
    expect(world.differences(modelOf([{ name: 'api', size: 2 }]))).toEqual([]);
  });

  it('of what cannot be destroyed waits between its rounds, though no model names it any more', () => {
    const world = deployed([{ name: 'api' }, { name: 'web' }]);
    world.weather = { failed: 0, hopeless: 1, unknown: 0, routeFailed: 0 };
    world.commit(modelOf([{ name: 'web' }]));
    pass(world, 1_000_000);
    world.abort(shop);
    const from = world.entries;
    pass(world, 1_000_000);
    expect(world.entries - from).toBeLessThan(100);
  });

  it.each(['report', 'hold'] as const)(
    '%s tells what differs and does nothing, until a person lets it',
    (repair) => {
      const world = deployed([{ name: 'api', repair }]);
      behindOurBack(world, 'api', (id) => world.truth.resources.delete(id));
      const from = world.entries;
      pass(world, 1_000_000);
      const lines = world.told(from);
      expect(lines.some((line) => line.includes('operation.begun'))).toBe(false);
      expect(lines.some((line) => line.includes('element.drift'))).toBe(true);
      expect(elementAt(world.state.tables, 'shop/api' as never)?.drift).toContain('initial');
      world.record([{ solution: shop, entry: { kind: 'repair.released', element: 'api' as never } }]);
      world.rest();
      expect(world.differences(modelOf([{ name: 'api', repair }]))).toEqual([]);
      expect(elementAt(world.state.tables, 'shop/api' as never)).toMatchObject({ drift: null, track: null });
    },
  );
});

describe('a restart of the controller', () => {
  it('touches neither instances nor routes while nothing is known again', () => {
    const specs: ElementSpec[] = [
      { name: 'store', size: 2 },
      { name: 'api', size: 3, expose: 8080, needs: [{ element: 'store' }] },
    ];
    const world = deployed(specs);
    const from = world.entries;
    world.restart();
    world.rest();
    expect(world.told(from).filter((line) => !line.includes('instance.'))).toEqual([]);
    expect(world.askAgain()).toEqual([]);
  });

  it('in the middle of anything ends as it would have ended', () => {
    const specs = (version: string): ElementSpec[] => [
      { name: 'store', version, size: 2 },
      { name: 'api', version, size: 2, expose: 8080, needs: [{ element: 'store' }] },
    ];
    for (let after = 0; after < 60; after += 3) {
      const world = deployed(specs('1.0.0'));
      world.commit(modelOf(specs('2.0.0')));
      for (let i = 0; i < after; i++) world.step();
      world.restart();
      world.rest();
      expect(phaseOf(world), `after ${after} steps`).toBe('succeeded');
      expect(world.differences(modelOf(specs('2.0.0'))), `after ${after} steps`).toEqual([]);
    }
  });
});

describe('going back in the middle', () => {
  it('ends where it began, whenever the revert comes', () => {
    const specs = (version: string): ElementSpec[] => [
      { name: 'store', version, size: 2 },
      { name: 'api', version, size: 3, expose: 8080, needs: [{ element: 'store' }] },
    ];
    for (let after = 0; after < 80; after += 2) {
      const world = deployed(specs('1.0.0'));
      world.commit(modelOf(specs('2.0.0')));
      for (let i = 0; i < after; i++) world.step();
      go(world, modelOf(specs('1.0.0')));
    }
  });
});
