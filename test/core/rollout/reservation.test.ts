import { describe, expect, it } from 'vitest';
import type { ElementKey, SolutionName } from '../../../src/core/base/names.js';
import type { Version } from '../../../src/core/base/version.js';
import { reservations } from '../../../src/core/rollout/reservation.js';
import type { Facts } from '../../../src/core/rollout/facts.js';
import type { ClusterState } from '../../../src/core/rollout/state.js';
import type { ElementSpec } from '../../support/desired.js';
import { desiredElement } from '../../support/desired.js';
import { go } from '../../support/deployed.js';
import { bySolution } from '../../support/small-world/generate.js';
import { SmallWorld } from '../../support/small-world/world.js';

const db = 'data/db' as ElementKey;
const version = (text: string) => text as Version;

function model(store: ElementSpec, api: ElementSpec) {
  return bySolution([
    desiredElement(store, 'data' as SolutionName),
    desiredElement(api, 'shop' as SolutionName),
  ]);
}

/** A consumer in another solution that takes 1.x only, with one instance. */
function consumer(): { readonly world: SmallWorld; readonly cluster: ClusterState } {
  const world = new SmallWorld(1);
  go(world, model({ name: 'db' }, { name: 'api', needs: [{ element: 'data/db', range: '<2' }] }));
  const api = world.state.tables.solutions.get('shop' as SolutionName)?.elements.get('api' as never);
  const cluster = [...(api?.clusters.values() ?? [])][0];
  if (cluster === undefined) throw new Error('there is no api');
  return { world, cluster };
}

function facts(presence: 'present' | 'unknown', starting: readonly string[] = []): Facts {
  return { seen: () => ({ presence }), starting: new Set(starting) } as unknown as Facts;
}

/** The same cluster with its instance in another state. */
function changed(cluster: ClusterState, change: object): ClusterState {
  const [instance] = cluster.instances.values();
  return { ...cluster, instances: new Map([[0, { ...instance, ...change } as never]]) };
}

describe('a consumer in another solution reserves its provider', () => {
  const { cluster } = consumer();
  const reserves = (state: ClusterState, of = '1.0.0', seen = facts('present')): boolean =>
    reservations(state, db, version(of), seen).length > 0;

  it('while it runs, in the versions that it accepts and in no others', () => {
    expect(reserves(cluster)).toBe(true);
    expect(reserves(cluster, '2.0.0')).toBe(false);
    expect(reservations(cluster, 'data/other' as ElementKey, version('1.0.0'), facts('present'))).toEqual([]);
  });

  it('from the entry by which it begins to start, and in the decision that makes it', () => {
    const stopped = changed(cluster, { lifecycle: 'inactive', operation: null });
    expect(reserves(stopped)).toBe(false);
    const [{ id } = { id: '' }] = cluster.instances.values();
    expect(reserves(stopped, '1.0.0', facts('present', [id]))).toBe(true);
    expect(reserves(changed(stopped, { operation: { transition: 'start' } }))).toBe(true);
  });

  it('until it is known that a start which was interrupted has come to nothing', () => {
    const stopped = changed(cluster, { lifecycle: 'inactive', operation: null });
    expect(reserves(stopped, '1.0.0', facts('unknown'))).toBe(true);
    expect(reserves(changed(stopped, { ready: false }), '1.0.0', facts('unknown'))).toBe(false);
  });
});

describe('a consumer that is seen to run', () => {
  it('reserves its provider before that stands in the journal: both are decided in one turn', () => {
    const { cluster } = consumer();
    const stopped = changed(cluster, { lifecycle: 'inactive', operation: null });
    const seen = { seen: () => ({ presence: 'present', state: 'active' }) } as unknown as Facts;
    expect(reservations(stopped, db, version('1.0.0'), seen)).toHaveLength(1);
  });
});

describe('a provider that is to go', () => {
  it('stays for a consumer whose start was under way when the controller died, wherever that was', () => {
    for (let steps = 1; steps < 60; steps++) {
      const world = new SmallWorld(steps);
      const needs = [{ element: 'data/db', range: '<2' }];
      go(world, model({ name: 'db' }, { name: 'api', version: '0.9.0', needs }));
      world.commit(model({ name: 'db' }, { name: 'api', version: '1.0.0', needs }));
      for (let i = 0; i < steps; i++) world.step();
      world.commit(
        model(
          { name: 'db', version: '2.0.0' },
          { name: 'api', version: '2.0.0', needs: [{ element: 'data/db', range: '>=2' }] },
        ),
      );
      world.restart();
      // Every action is held against the floors of all who run, by what there really is.
      world.rest();
      expect(world.rollouts().map(({ phase }) => phase)).toEqual(['succeeded', 'succeeded']);
    }
  });
});
