import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/base/digest.js';
import type { RolloutPolicy } from '../../../src/core/base/desired.js';
import type { SolutionName } from '../../../src/core/base/names.js';
import type { ElementSpec } from '../../support/desired.js';
import { go, modelOf } from '../../support/deployed.js';
import { SmallWorld } from '../../support/small-world/world.js';

const shop = 'shop' as SolutionName;
const minute = 60_000;

function api(
  version: string,
  more: Partial<ElementSpec> & { readonly policy?: Partial<RolloutPolicy> } = {},
) {
  const { policy, ...others } = more;
  const rollout = { standbyMs: 10 * minute, onFailure: 'revert' as const, ...policy };
  return { name: 'api', version, size: 2, expose: 8080, rollout, ...others } satisfies ElementSpec;
}

/** Commits, and waits until the rollout has ended, not for the standby. */
function roll(world: SmallWorld, ...specs: readonly ElementSpec[]): readonly string[] {
  const from = world.entries;
  if (!world.commit(modelOf(specs))) throw new Error('the plan refuses it');
  until(world, () => world.rollouts().every(({ phase }) => phase === 'succeeded' || phase === 'reverted'));
  return world.told(from);
}

function until(world: SmallWorld, holds: () => boolean): void {
  do {
    if (!world.step()) throw new Error('it never comes to that');
  } while (!holds());
}

function pass(world: SmallWorld, ms: number): void {
  const end = world.clock + ms;
  while (world.step(end));
}

function running(...specs: readonly ElementSpec[]): SmallWorld {
  const world = new SmallWorld(1);
  roll(world, ...specs);
  return world;
}

/** `1.0.0/0 inactive, 2.0.0/0 active`: what there is of api, as the world has it. */
function there(world: SmallWorld): string {
  return [...world.truth.resources]
    .filter(([id]) => id.includes('/api/'))
    .map(([id, resource]) => `${id.split('/').slice(-2).join('/').replace(/~\w+/, '')} ${resource.state}`)
    .sort()
    .join(', ');
}

const bothKept = '1.0.0/0 inactive, 1.0.0/1 inactive, 2.0.0/0 active, 2.0.0/1 active';

describe('a standby', () => {
  it('is what served before, stopped when it is replaced, and gone when its time is over', () => {
    const world = running(api('1.0.0'));
    roll(world, api('2.0.0'));
    expect(world.rollouts().map(({ phase }) => phase)).toEqual(['succeeded']);
    expect(there(world)).toBe(bothKept);
    pass(world, 8 * minute);
    expect(there(world)).toBe(bothKept);
    pass(world, 2 * minute + 1_000);
    expect(there(world)).toBe('2.0.0/0 active, 2.0.0/1 active');
    expect(world.differences(modelOf([api('2.0.0')]))).toEqual([]);
  });

  it('needs only to be started for the way back, and counts at once', () => {
    const world = running(api('1.0.0'));
    roll(world, api('2.0.0'));
    const told = roll(world, api('1.0.0'));
    const made = told.filter((line) => /"transition":"(create|configure|destroy)"/.test(line));
    expect(told.some((line) => line.includes('operation.begun'))).toBe(true);
    expect(made).toEqual([]);
    expect(there(world)).toBe('1.0.0/0 active, 1.0.0/1 active, 2.0.0/0 inactive, 2.0.0/1 inactive');
  });

  it('is gone when its time is over before another rollout ends well, also where nobody is to repair', () => {
    const kept = (version: string) => api(version, { size: 1, repair: 'report' });
    const world = running(kept('1.0.0'));
    roll(world, kept('2.0.0'));
    const from = world.entries;
    world.weather = { failed: 1, hopeless: 0, unknown: 0, routeFailed: 0 };
    until(world, () => world.told(from).some((line) => line.includes('operation.ended')));
    world.weather = { failed: 0, hopeless: 0, unknown: 0, routeFailed: 0 };
    expect(there(world), 'it could not be taken away').not.toBe('2.0.0/0 active');
    world.commit(modelOf([kept('2.0.0'), { name: 'web', size: 0 }]));
    until(world, () => world.told(from).some((line) => line.includes('rollout.ended')));
    expect(there(world)).toBe('2.0.0/0 active');
  });

  it('is one of an element: what was kept before it goes', () => {
    const world = running(api('1.0.0'));
    roll(world, api('2.0.0'));
    roll(world, api('3.0.0'));
    expect(there(world)).toBe('2.0.0/0 inactive, 2.0.0/1 inactive, 3.0.0/0 active, 3.0.0/1 active');
  });

  it('is not made anew when somebody takes it away', () => {
    const world = running(api('1.0.0'));
    roll(world, api('2.0.0'));
    world.truth.resources.delete(
      [...world.truth.resources.keys()].find((id) => id.includes('/1.0.0~')) as never,
    );
    world.lookAtAll();
    pass(world, minute);
    expect(there(world)).toBe('1.0.0/1 inactive, 2.0.0/0 active, 2.0.0/1 active');
    roll(world, api('1.0.0'));
    expect(there(world)).toContain('1.0.0/0 active, 1.0.0/1 active');
  });

  it('is stopped again where somebody starts it', () => {
    const world = running(api('1.0.0'));
    roll(world, api('2.0.0'));
    for (const [id, resource] of world.truth.resources) if (id.includes('/1.0.0~')) resource.state = 'active';
    world.lookAtAll();
    pass(world, minute);
    expect(there(world)).toBe(bothKept);
  });

  it('never keeps what failed, and keeps what went back from it', () => {
    const world = running(api('1.0.0'));
    world.truth.badReleases.add('shop/api/2.0.0~00000000');
    roll(world, api('2.0.0', { policy: { healthyDeadlineMs: 5_000 } }));
    expect(world.rollouts().map(({ phase }) => phase)).toEqual(['reverted']);
    expect(there(world)).toBe('1.0.0/0 active, 1.0.0/1 active');
  });

  it('gives way when what it lives on goes', () => {
    const host = (version: string): ElementSpec => ({ name: 'host', version, size: 1 });
    const onHost = { needs: [{ element: 'host', type: 'context' as const }] };
    const world = running(host('1.0.0'), api('1.0.0', onHost));
    roll(world, host('1.0.0'), api('2.0.0', onHost));
    expect(there(world)).toBe(bothKept);
    roll(world, host('2.0.0'), api('2.0.0', onHost));
    expect(there(world)).toBe('2.0.0/0 active, 2.0.0/1 active');
  });

  it('goes with its element, and at once where the model wants none any more', () => {
    const world = running(api('1.0.0'));
    roll(world, api('2.0.0'));
    roll(world, api('2.0.0', { policy: { standbyMs: 0 } }));
    expect(there(world)).toBe('2.0.0/0 active, 2.0.0/1 active');
    const removed = running(api('1.0.0'));
    roll(removed, api('2.0.0'));
    go(removed, modelOf([]));
    expect(there(removed)).toBe('');
  });

  it('ends in its time where repair is only reported, too', () => {
    const reporting = { repair: 'report' as const };
    const world = running(api('1.0.0', reporting));
    roll(world, api('2.0.0', reporting));
    expect(there(world)).toBe(bothKept);
    pass(world, 11 * minute);
    expect(there(world)).toBe('2.0.0/0 active, 2.0.0/1 active');
    const element = world.state.tables.solutions.get(shop)?.elements.get('api' as never);
    expect(element?.drift).toBeNull();
  });

  it('is no drift where somebody edits it: it is given its configuration when it is wanted again', () => {
    const reporting = { repair: 'report' as const };
    const world = running(api('1.0.0', reporting));
    roll(world, api('2.0.0', reporting));
    for (const [id, resource] of world.truth.resources)
      if (id.includes('/1.0.0~')) resource.digest = digestOf('edited');
    world.lookAtAll();
    pass(world, minute);
    expect(world.state.tables.solutions.get(shop)?.elements.get('api' as never)?.drift).toBeNull();
    roll(world, api('1.0.0', reporting));
    expect(
      world.differences(modelOf([api('1.0.0', reporting)])).filter((one) => !one.includes('2.0.0')),
    ).toEqual([]);
  });

  it('outlives the controller, and does not outlive its time with it', () => {
    const world = running(api('1.0.0'));
    roll(world, api('2.0.0'));
    world.restart();
    pass(world, 5 * minute);
    expect(there(world)).toBe(bothKept);
    world.restart();
    pass(world, 6 * minute);
    expect(there(world)).toBe('2.0.0/0 active, 2.0.0/1 active');
  });

  it('is kept of what a canary replaces, from the first of its steps', () => {
    const policy = {
      strategy: 'canary' as const,
      promote: 'auto' as const,
      canary: [{ share: { kind: 'count' as const, value: 1 }, pauseMs: minute, gates: [] }],
    };
    const world = running(api('1.0.0', { policy }));
    world.commit(modelOf([api('2.0.0', { policy })]));
    until(world, () => there(world) === '1.0.0/0 active, 1.0.0/1 inactive, 2.0.0/0 active');
    until(world, () => world.rollouts().every(({ phase }) => phase === 'succeeded'));
    expect(there(world)).toBe(bothKept);
    const told = roll(world, api('1.0.0', { policy }));
    expect(told.filter((line) => /"transition":"create"/.test(line))).toEqual([]);
  });
});
