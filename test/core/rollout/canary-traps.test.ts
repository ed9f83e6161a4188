import { describe, expect, it } from 'vitest';
import { safe } from '../../../src/core/base/safe-text.js';
import { inSolution } from '../../../src/core/journal/entry.js';
import { countHealthy, countLive, viewElement } from '../../../src/core/rollout/view.js';
import { api, count, elementIn, solutionIn, step, until, weight } from '../../support/canary.js';
import type { ElementSpec } from '../../support/desired.js';
import { shop } from '../../support/desired.js';
import { deployed, go, modelOf } from '../../support/deployed.js';
import { SmallWorld } from '../../support/small-world/world.js';

function commit(world: SmallWorld, ...specs: readonly ElementSpec[]): void {
  if (!world.commit(modelOf(specs))) throw new Error('the plan refuses it');
}

const phase = (world: SmallWorld) => solutionIn(world).rollout?.phase;
const isPaused = (world: SmallWorld) => () => phase(world) === 'paused';
const hasSucceeded = (world: SmallWorld) => () => phase(world) === 'succeeded';

/** How many instances of a version there are in the world. */
function there(world: SmallWorld, version: string, name = 'api'): number {
  return [...world.truth.resources.keys()].filter((id) => id.includes(`/${name}/${version}~`)).length;
}

/** Of what the gateway really sends to: the share of a version, in percent. */
function shareOf(world: SmallWorld, version: string): number {
  const backends = [...world.truth.routes.values()].flat();
  const sum = (all: typeof backends): number => all.reduce((total, { weight: one }) => total + one, 0);
  const own = backends.filter(({ instance }) => instance.includes(`/${version}~`));
  return own.length === 0 ? 0 : (100 * sum(own)) / sum(backends);
}

function stepsBegun(world: SmallWorld, from: number): number {
  return world.told(from).filter((line) => line.includes('step.begun')).length;
}

const twoSteps = { canary: [step(count(1)), step(count(2))] };

describe('traps of a canary', () => {
  it('a return to last stable does not walk through the canary again, though what was stable is gone by then', () => {
    const steps = { canary: [step(count(1))], promote: 'auto' as const, onFailure: 'pause' as const };
    const web = (version: string): ElementSpec => ({ name: 'web', version, size: 1 });
    const world = deployed([api('1.0.0', steps), web('1.0.0')]);
    world.truth.badReleases.add('shop/web/2.0.0~00000000');
    commit(world, api('2.0.0', steps), web('2.0.0'));
    until(world, isPaused(world));
    expect([there(world, '1.0.0'), there(world, '2.0.0')]).toEqual([0, 4]);

    const from = world.entries;
    go(world, modelOf([api('1.0.0', steps), web('1.0.0')]));
    expect(stepsBegun(world, from)).toBe(0);
    expect(there(world, '1.0.0')).toBe(4);
  });

  it('an aborted rollout does not start again by itself, and tried again it begins with its first step', () => {
    const steps = { canary: [step(count(1), 5_000), step(count(2))] };
    const world = deployed([api('1.0.0', steps)]);
    commit(world, api('2.0.0', steps));
    until(world, isPaused(world));
    world.abort(shop);
    const from = world.entries;
    world.step(world.clock + 24 * 3_600_000);
    world.rest();
    world.restart();
    world.rest();
    expect(stepsBegun(world, from)).toBe(0);
    expect([there(world, '1.0.0'), there(world, '2.0.0')]).toEqual([2, 2]);
    expect(phase(world)).toBe('failed');

    world.commit(modelOf([api('2.0.0', steps)]), true);
    until(world, () => elementIn(world).track?.step?.readyAt != null);
    expect(elementIn(world).track?.step?.index).toBe(0);
    expect(there(world, '2.0.0')).toBe(1);
  });

  it('a new commit in the middle of a canary with the same target keeps step, promotion and pauses', () => {
    const steps = { canary: [step(count(1), 60_000), step(count(2), 60_000)] };
    const other = (version: string): ElementSpec => ({ name: 'other', version });
    const world = deployed([api('1.0.0', steps), other('1.0.0')]);
    commit(world, api('2.0.0', steps), other('1.0.0'));
    until(
      world,
      () => elementIn(world).track?.step?.index === 1 && elementIn(world).track?.step?.readyAt != null,
    );
    world.record([inSolution(shop, { kind: 'step.promoted', element: 'api' as never })]);
    const before = elementIn(world).track?.step;
    commit(world, api('2.0.0', steps), other('1.1.0'));
    world.settle();
    expect(elementIn(world).track?.step).toMatchObject({
      index: 1,
      readyAt: before?.readyAt,
      promoted: true,
      digest: before?.digest,
    });
    // It is planned once more in full, as by an arrival that somebody asked for.
    world.commit(modelOf([api('2.0.0', steps), other('1.1.0')]), true);
    world.settle();
    expect(elementIn(world).track?.step).toEqual({ ...before, promoted: true });
    until(world, hasSucceeded(world));
    expect(world.clock).toBeLessThan((before?.readyAt ?? 0) + 100_000);
  });

  it.each([
    ['size', count(1), 5],
    ['weight', weight(10), 8],
  ])(
    'with another target begins anew, and the abandoned canary by %s goes within floor and ceiling',
    (_, share, ceiling) => {
      const steps = { canary: [step(share)] };
      const world = deployed([api('1.0.0', steps)]);
      commit(world, api('2.0.0', steps));
      until(world, isPaused(world));
      const seen = { least: 99, most: 0 };
      world.watch = (facts) => {
        const view = viewElement(elementIn(world), facts);
        const served = view.instances.filter(({ healthy, cluster }) => healthy && cluster.everStable).length;
        seen.least = Math.min(seen.least, share.kind === 'weight' ? served : countHealthy(view));
        seen.most = Math.max(seen.most, countLive(view));
      };
      commit(world, api('3.0.0', steps));
      until(world, isPaused(world));
      expect(elementIn(world).track?.step?.index).toBe(0);
      expect(there(world, '2.0.0')).toBe(0);
      expect(seen.least).toBeGreaterThanOrEqual(4);
      expect(seen.most).toBeLessThanOrEqual(ceiling);
    },
  );

  it('a canary of first deployment skips its steps: there is nothing that it could stand beside', () => {
    const world = new SmallWorld(1);
    commit(world, api('1.0.0', twoSteps));
    until(world, hasSucceeded(world));
    expect(stepsBegun(world, 0)).toBe(0);
    expect(shareOf(world, '1.0.0')).toBe(100);
  });

  it('a failed scale-down loses no instance: what was to go stays until it can, what serves serves on', () => {
    const steps = { canary: [step(count(2))], onFailure: 'pause' as const };
    const world = deployed([api('1.0.0', steps)]);
    commit(world, api('2.0.0', steps));
    until(world, isPaused(world));
    const first = [...world.truth.resources.keys()].filter((id) => id.includes('/2.0.0~'));
    world.record([
      inSolution(shop, { kind: 'step.promoted', element: 'api' as never }),
      inSolution(shop, { kind: 'rollout.phase', phase: 'progressing', reason: null }),
    ]);
    world.weather = { failed: 0.5, hopeless: 0, unknown: 0.2, routeFailed: 0.1 };
    let least = 99;
    world.watch = () => {
      const good = [...world.truth.resources].filter(([, { state }]) => state === 'active').length;
      least = Math.min(least, good);
    };
    for (let i = 0; i < 400; i++) world.step(world.clock + 60_000);
    world.weather = { failed: 0, hopeless: 0, unknown: 0, routeFailed: 0 };
    for (let i = 0; i < 50 && phase(world) !== 'succeeded'; i++) {
      if (phase(world) === 'paused') world.resume(shop);
      world.rest();
    }
    expect(phase(world)).toBe('succeeded');
    expect(least).toBeGreaterThanOrEqual(4);
    expect([there(world, '1.0.0'), there(world, '2.0.0')]).toEqual([0, 4]);
    expect([...world.truth.resources.keys()]).toEqual(expect.arrayContaining(first));
  });

  it('a paused canary does not reach its progress deadline, nor does what has to wait for it', () => {
    const steps = { canary: [step(count(1), 3_600_000), step(count(2))], onFailure: 'revert' as const };
    // The former web takes the former api alone, so that api cannot end before web is over.
    const web = (version: string, range: string): ElementSpec => ({
      ...api(version, steps),
      name: 'web',
      needs: [{ element: 'api', range }],
    });
    const plain = (version: string): ElementSpec => ({
      name: 'api',
      version,
      size: 2,
      rollout: { onFailure: 'revert' },
    });
    const world = deployed([plain('1.0.0'), web('1.0.0', '>=1.0.0 <2.0.0')]);
    commit(world, plain('2.0.0'), web('2.0.0', '>=1.0.0 <3.0.0'));
    until(world, () => phase(world) !== 'progressing');
    expect(phase(world)).toBe('paused');
    expect(solutionIn(world).rollout?.reason).toBe('web waits to be promoted');
    expect(world.clock).toBeGreaterThan(3_600_000);
  });

  it.each(['in its pause', 'while it waits for a person'])(
    'a canary whose instance dies %s is repaired to the size of the step, not beyond',
    (when) => {
      const steps = { canary: [step(count(2), when === 'in its pause' ? 600_000 : 0)] };
      const world = deployed([api('1.0.0', steps)]);
      commit(world, api('2.0.0', steps));
      until(
        world,
        when === 'in its pause' ? () => elementIn(world).track?.step?.readyAt != null : isPaused(world),
      );
      const [id] = [...world.truth.resources.keys()].filter((one) => one.includes('/2.0.0~'));
      if (id === undefined) throw new Error('there is none');
      world.truth.resources.delete(id);
      world.lookAtAll();
      let most = 0;
      const until5 = world.clock + 300_000;
      while (world.clock < until5) {
        if (!world.step(until5)) break;
        most = Math.max(most, there(world, '2.0.0'));
      }
      expect(there(world, '2.0.0')).toBe(2);
      expect(most).toBe(2);
      expect(there(world, '1.0.0')).toBe(2);
      expect(elementIn(world).track?.step?.index).toBe(0);
    },
  );

  it('what got sick in its step does not go further, however long its pause is over', () => {
    const steps = { canary: [step(count(1), 60_000), step(count(2))], onFailure: 'pause' as const };
    const world = deployed([api('1.0.0', steps)]);
    commit(world, api('2.0.0', steps));
    until(world, () => elementIn(world).track?.step?.readyAt != null);
    world.truth.badReleases.add('shop/api/2.0.0~00000000');
    world.lookAtAll();
    until(world, () => phase(world) !== 'progressing');
    expect(phase(world)).toBe('paused');
    expect(elementIn(world).track?.step?.index).toBe(0);
    expect(there(world, '2.0.0')).toBe(1);
  });

  it.each([
    ['goes back', (world: SmallWorld) => goBack(world)],
    [
      'is taken back by a commit',
      (world: SmallWorld) => commit(world, api('1.0.0', { canary: [step(weight(10))] })),
    ],
    [
      'is left for another one that rolls',
      (world: SmallWorld) => commit(world, api('3.0.0', { strategy: 'rolling' })),
    ],
  ])('a canary by weight that %s gets no more of the traffic on its way out than it had', (_, leave) => {
    const world = deployed([api('1.0.0', { canary: [step(weight(10))] })]);
    commit(world, api('2.0.0', { canary: [step(weight(10))] }));
    until(world, isPaused(world));
    expect(Math.round(shareOf(world, '2.0.0'))).toBe(10);
    let most = 0;
    world.watch = () => (most = Math.max(most, shareOf(world, '2.0.0')));
    leave(world);
    until(world, () => phase(world) === 'succeeded' || phase(world) === 'reverted');
    expect(Math.round(most)).toBeLessThanOrEqual(10);
    expect(there(world, '2.0.0')).toBe(0);
  });

  it.each([
    [4, 8],
    [2, 6],
    [8, 4],
  ])('a step to half of another size gets at most half: from %i to %i', (before, after) => {
    const steps = { canary: [step({ kind: 'percent', value: 50 })] };
    const world = deployed([api('1.0.0', steps, before)]);
    commit(world, api('2.0.0', steps, after));
    until(world, isPaused(world));
    expect(there(world, '2.0.0')).toBe(after / 2);
    expect(there(world, '1.0.0'), 'and what served is not taken away before').toBeGreaterThanOrEqual(
      before / 2,
    );
  });
});

function goBack(world: SmallWorld): void {
  const targets = solutionIn(world).former;
  world.record([
    inSolution(shop, { kind: 'rollout.reverting', targets, clusters: [], reason: safe('it is bad') }),
  ]);
}
