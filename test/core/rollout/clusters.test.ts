import { describe, expect, it } from 'vitest';
import type { DesiredCluster, DesiredElement } from '../../../src/core/base/desired.js';
import { digestOf } from '../../../src/core/base/digest.js';
import { elementAt } from '../../../src/core/rollout/tables.js';
import type { ElementSpec } from '../../support/desired.js';
import { desiredElement } from '../../support/desired.js';
import { go } from '../../support/deployed.js';
import type { Model } from '../../support/small-world/generate.js';
import { bySolution } from '../../support/small-world/generate.js';
import { SmallWorld } from '../../support/small-world/world.js';

interface Written {
  readonly version: string;
  readonly size: number;
  readonly state?: DesiredCluster['state'];
  readonly weight?: number;
}

/** The long form: several versions of one element on purpose. */
function longForm(clusters: readonly Written[], spec: Partial<ElementSpec> = {}): Model {
  const made = clusters.map(({ version, size, state, weight }) => {
    const [cluster] = desiredElement({ name: 'api', version, size, ...spec }).clusters;
    return { ...(cluster as DesiredCluster), state: state ?? ('active' as const), weight: weight ?? null };
  });
  const base = desiredElement({ name: 'api', ...spec });
  const element: DesiredElement = { ...base, clusters: made, digest: digestOf(made) };
  return bySolution([element]);
}

function started(model: Model): SmallWorld {
  const world = new SmallWorld(1);
  go(world, model);
  return world;
}

function states(world: SmallWorld): string[] {
  return [...world.truth.resources]
    .map(([id, { state }]) => `${id.split('/')[3]?.split('~')[0]} ${state}`)
    .sort();
}

function weights(world: SmallWorld): Record<string, number> {
  const sums: Record<string, number> = {};
  const listeners = elementAt(world.state.tables, 'shop/api' as never)?.listeners.values() ?? [];
  for (const listener of listeners)
    for (const { instance, weight } of listener.backends ?? []) {
      const version = instance.split('/')[3]?.split('~')[0] ?? '';
      sums[version] = (sums[version] ?? 0) + weight;
    }
  return sums;
}

describe('several clusters of one element', () => {
  it('run side by side at their sizes', () => {
    const world = started(
      longForm([
        { version: '1.0.0', size: 2 },
        { version: '2.0.0', size: 1 },
      ]),
    );
    expect(states(world)).toEqual(['1.0.0 active', '1.0.0 active', '2.0.0 active']);
  });

  it('get the traffic by weight, whatever their sizes', () => {
    const model = longForm(
      [
        { version: '1.0.0', size: 3, weight: 90 },
        { version: '2.0.0', size: 1, weight: 10 },
      ],
      { expose: 8080 },
    );
    const sums = weights(started(model));
    expect((sums['1.0.0'] ?? 0) / (sums['2.0.0'] ?? 1)).toBeCloseTo(9, 1);
  });

  it('with weight 0 is parked: it runs, counts as there, and gets nothing', () => {
    const model = longForm(
      [
        { version: '1.0.0', size: 1, weight: 100 },
        { version: '2.0.0', size: 1, weight: 0 },
      ],
      { expose: 8080 },
    );
    expect(weights(started(model))).toEqual({ '1.0.0': 1_000 * 100, '2.0.0': 0 });
  });

  it('all with weight 0 count all: nobody is sent into the void', () => {
    const model = longForm([{ version: '1.0.0', size: 2, weight: 0 }], { expose: 8080 });
    expect(weights(started(model))['1.0.0']).toBeGreaterThan(0);
  });

  it('change their weights without touching an instance', () => {
    const at = (weight: number): Model =>
      longForm(
        [
          { version: '1.0.0', size: 1, weight: 100 - weight },
          { version: '2.0.0', size: 1, weight },
        ],
        { expose: 8080 },
      );
    const world = started(at(10));
    const log = go(world, at(50));
    expect(log.some((line) => line.includes('operation.begun'))).toBe(false);
    const sums = weights(world);
    expect(sums['1.0.0']).toBe(sums['2.0.0']);
  });
});

describe('a cluster that is inactive', () => {
  const standby = (state: DesiredCluster['state']): Model =>
    longForm([
      { version: '1.0.0', size: 2 },
      { version: '2.0.0', size: 2, state },
    ]);

  it('is installed and configured, and not started', () => {
    const world = started(standby('inactive'));
    expect(states(world)).toEqual(['1.0.0 active', '1.0.0 active', '2.0.0 inactive', '2.0.0 inactive']);
  });

  it('starts without being made anew when it becomes active', () => {
    const world = started(standby('inactive'));
    const log = go(world, standby('active'));
    expect(log.some((line) => line.includes('"create"'))).toBe(false);
    expect(states(world).every((state) => state.endsWith(' active'))).toBe(true);
  });

  it('is stopped and kept when it was active', () => {
    const world = started(standby('active'));
    const log = go(world, standby('inactive'));
    expect(log.some((line) => line.includes('"destroy"'))).toBe(false);
    expect(states(world).filter((state) => state.endsWith(' inactive'))).toHaveLength(2);
  });

  it('goes altogether as initial', () => {
    const world = started(standby('inactive'));
    go(world, standby('initial'));
    expect(states(world)).toEqual(['1.0.0 active', '1.0.0 active']);
  });
});
