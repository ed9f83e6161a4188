import { describe, expect, it } from 'vitest';
import type { ElementKey, SolutionName } from '../../../src/core/base/names.js';
import type { Version } from '../../../src/core/base/version.js';
import { reservations } from '../../../src/core/rollout/reservation.js';
import type { Facts } from '../../../src/core/rollout/facts.js';
import type { ElementState } from '../../../src/core/rollout/state.js';
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
function consumer(): ElementState {
  const world = new SmallWorld(1);
  go(world, model({ name: 'db' }, { name: 'api', needs: [{ element: 'data/db', range: '<2' }] }));
  const api = world.state.tables.solutions.get('shop' as SolutionName)?.elements.get('api' as never);
  if (api === undefined) throw new Error('there is no api');
  return api;
}

function facts(presence: 'present' | 'unknown', starting: readonly string[] = []): Facts {
  return { seen: () => ({ presence }), starting: new Set(starting) } as unknown as Facts;
}

/** The same element with its instance in another state. */
function changed(element: ElementState, change: object): ElementState {
  const [cluster] = element.clusters.values();
  const [instance] = cluster?.instances.values() ?? [];
  const instances = new Map([[0, { ...instance, ...change }]]);
  return { ...element, clusters: new Map([[cluster?.key, { ...cluster, instances }]]) as never };
}

describe('a consumer in another solution reserves its provider', () => {
  const api = consumer();
  const stopped = changed(api, { lifecycle: 'inactive', operation: null });
  const reserves = (element: ElementState, of = '1.0.0', seen = facts('present')): boolean =>
    reservations(element, db, version(of), seen).length > 0;

  it('while it runs, in the versions that it accepts and in no others', () => {
    expect(reserves(api)).toBe(true);
    expect(reserves(api, '2.0.0')).toBe(false);
    expect(reservations(api, 'data/other' as ElementKey, version('1.0.0'), facts('present'))).toEqual([]);
  });

  it('from the entry by which it begins to start, and in the decision that makes it', () => {
    expect(reserves(stopped)).toBe(false);
    const id = [...api.clusters.values()][0]?.instances.get(0)?.id ?? '';
    expect(reserves(stopped, '1.0.0', facts('present', [id]))).toBe(true);
    expect(reserves(changed(stopped, { operation: { transition: 'start' } }))).toBe(true);
  });

  it('until it is known that a start which was interrupted has come to nothing', () => {
    expect(reserves(stopped, '1.0.0', facts('unknown'))).toBe(true);
    expect(reserves(changed(stopped, { ready: false }), '1.0.0', facts('unknown'))).toBe(false);
  });

  it('before it stands in the journal that it runs, once that is seen: both are decided in one turn', () => {
    const seen = { seen: () => ({ presence: 'present', state: 'active' }) } as unknown as Facts;
    expect(reserves(stopped, '1.0.0', seen)).toBe(true);
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
