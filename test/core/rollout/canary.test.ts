import { describe, expect, it } from 'vitest';
import { inSolution } from '../../../src/core/journal/entry.js';
import { api, count, elementIn, solutionIn, step, until, weight } from '../../support/canary.js';
import type { ElementSpec } from '../../support/desired.js';
import { shop } from '../../support/desired.js';
import { deployed, go, modelOf } from '../../support/deployed.js';
import type { SmallWorld } from '../../support/small-world/world.js';

/** `1.0.0 ×3, 2.0.0 ×1`: what gets traffic, with its share of it in percent. */
function traffic(world: SmallWorld): string {
  const backends = [...elementIn(world).listeners.values()].flatMap((listener) => listener.backends ?? []);
  const total = backends.reduce((sum, backend) => sum + backend.weight, 0);
  const versions = new Map<string, number>();
  for (const { instance, weight: share } of backends) {
    const version = /\/([0-9.]+)~/.exec(instance)?.[1] ?? '';
    versions.set(version, (versions.get(version) ?? 0) + share);
  }
  return [...versions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, share]) => `${version} ${Math.round((100 * share) / total)} %`)
    .join(', ');
}

function commit(world: SmallWorld, spec: ElementSpec): void {
  if (!world.commit(modelOf([spec]))) throw new Error('the plan refuses it');
}

function promote(world: SmallWorld): void {
  world.record([
    inSolution(shop, { kind: 'step.promoted', element: 'api' as never }),
    inSolution(shop, { kind: 'rollout.phase', phase: 'progressing', reason: null }),
  ]);
}

describe('a canary by size', () => {
  it('goes step by step, each with its share of the instances, and then all the way', () => {
    const steps = {
      canary: [step(count(1), 5_000), step({ kind: 'percent', value: 50 }, 5_000)],
      promote: 'auto' as const,
    };
    const world = deployed([api('1.0.0', steps)]);
    const seen: string[] = [];
    commit(world, api('2.0.0', steps));
    until(world, () => {
      const now = traffic(world);
      if (elementIn(world).track?.step?.readyAt != null && seen.at(-1) !== now) seen.push(now);
      return solutionIn(world).rollout?.phase === 'succeeded';
    });
    expect(seen).toEqual(['1.0.0 75 %, 2.0.0 25 %', '1.0.0 50 %, 2.0.0 50 %']);
    expect(traffic(world)).toBe('2.0.0 100 %');
    expect(elementIn(world).wholeSize).toBe(4);
  });

  it('waits for a person before the rest, says so, and goes on when it is promoted', () => {
    const steps = { canary: [step(count(1))] };
    const world = deployed([api('1.0.0', steps)]);
    commit(world, api('2.0.0', steps));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    expect(solutionIn(world).rollout?.reason).toBe('api waits to be promoted');
    expect(traffic(world)).toBe('1.0.0 75 %, 2.0.0 25 %');
    world.step(world.clock + 3_600_000);
    expect(traffic(world)).toBe('1.0.0 75 %, 2.0.0 25 %');
    promote(world);
    until(world, () => solutionIn(world).rollout?.phase === 'succeeded');
    expect(traffic(world)).toBe('2.0.0 100 %');
  });

  it('goes back from a version that does not get well, which never had more than its step', () => {
    const steps = { canary: [step(count(1))], promote: 'auto' as const };
    const world = deployed([api('1.0.0', steps)]);
    world.truth.badReleases.add('shop/api/2.0.0~00000000');
    commit(world, api('2.0.0', steps));
    let most = 0;
    until(world, () => {
      const bad = [...world.truth.resources].filter(([id]) => id.includes('/2.0.0~'));
      most = Math.max(most, bad.length);
      return solutionIn(world).rollout?.phase === 'reverted';
    });
    expect(most).toBe(1);
    expect(traffic(world)).toBe('1.0.0 100 %');
  });

  it('skips the steps of a first deployment, and of a way back', () => {
    const steps = { canary: [step(count(1))] };
    const world = deployed([api('1.0.0', steps)]);
    commit(world, api('2.0.0', steps));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    go(world, modelOf([api('1.0.0', steps)]));
    expect(traffic(world)).toBe('1.0.0 100 %');
  });

  it('stays on its step where a commit changes the size, and begins anew with another version', () => {
    const steps = { canary: [step(count(1)), step(count(2))] };
    const world = deployed([api('1.0.0', steps)]);
    commit(world, api('2.0.0', steps));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    expect(elementIn(world).track?.step?.index).toBe(1);
    commit(world, api('2.0.0', steps, 6));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    expect(elementIn(world).track?.step?.index).toBe(1);
    commit(world, api('3.0.0', steps, 6));
    until(world, () => elementIn(world).track?.step?.index === 0);
    expect(traffic(world)).not.toContain('3.0.0 100 %');
  });
});

describe('a canary by weight', () => {
  it('stands in full beside what served, takes its share, hands over all of it, and only then the former goes', () => {
    const steps = { canary: [step(weight(10), 5_000), step(weight(50), 5_000)], promote: 'auto' as const };
    const world = deployed([api('1.0.0', steps)]);
    const seen: string[] = [];
    commit(world, api('2.0.0', steps));
    until(world, () => {
      const now = traffic(world);
      if (seen.at(-1) !== now) seen.push(now);
      return solutionIn(world).rollout?.phase === 'succeeded';
    });
    expect(seen.filter((share) => share !== '1.0.0 100 %').slice(-4)).toEqual([
      '1.0.0 90 %, 2.0.0 10 %',
      '1.0.0 50 %, 2.0.0 50 %',
      '1.0.0 0 %, 2.0.0 100 %',
      '2.0.0 100 %',
    ]);
    expect(traffic(world)).toBe('2.0.0 100 %');
  });
});

it('is foreseen with all its steps, gates passed and promoted', () => {
  const steps = { canary: [step(count(1), 5_000), step(count(2), 5_000)] };
  const world = deployed([api('1.0.0', steps)]);
  const foreseen = world.preview(modelOf([api('2.0.0', steps)]));
  expect(foreseen.ends).toBe(true);
  expect(foreseen.preview.durationMs).toBeGreaterThan(10_000);
});

it('blue and green: the new one gets nothing until it is promoted, and then everything at once', () => {
  const policy = { strategy: 'blueGreen' as const };
  const world = deployed([api('1.0.0', policy)]);
  const shares = new Set<string>();
  commit(world, api('2.0.0', policy));
  const watch = (phase: string) => () => {
    shares.add(traffic(world));
    return solutionIn(world).rollout?.phase === phase;
  };
  until(world, watch('paused'));
  expect(traffic(world)).toBe('1.0.0 100 %, 2.0.0 0 %');
  promote(world);
  until(world, watch('succeeded'));
  expect(
    [...shares].every((share) => /(?:^|, )(?:1|2)\.0\.0 100 %/.test(share)),
    [...shares].join(' | '),
  ).toBe(true);
  expect(traffic(world)).toBe('2.0.0 100 %');
});
