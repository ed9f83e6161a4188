import { describe, expect, it } from 'vitest';
import type { ElementName, SolutionName } from '../../../src/core/base/names.js';
import { inDomain, inSolution } from '../../../src/core/journal/entry.js';
import { safe } from '../../../src/core/base/safe-text.js';
import { releasedReturn } from '../../../src/core/rollout/held-back.js';
import { factsOver } from '../../../src/core/rollout/world.js';
import type { ElementSpec } from '../../support/desired.js';
import { worldOver } from '../../support/desired.js';
import { deployed, go, modelOf } from '../../support/deployed.js';
import type { SmallWorld } from '../../support/small-world/world.js';

const shop = 'shop' as SolutionName;
const hold = 'rollout.irreversible.shop';

function db(version: string, more: Partial<ElementSpec> = {}): ElementSpec {
  return { name: 'db', size: 2, ...more, version, rollout: { onFailure: 'revert' } };
}

/** A version that changes data as it starts. */
const migrating = (version: string, more: Partial<ElementSpec> = {}) =>
  db(version, { ...more, revertible: false });

function solution(world: SmallWorld) {
  const found = world.state.tables.solutions.get(shop);
  if (found === undefined) throw new Error('there is no shop');
  return found;
}

function running(world: SmallWorld): string[] {
  return [...solution(world).elements.values()].flatMap(({ name, clusters }) =>
    [...clusters.values()].flatMap(({ definition, instances }) => {
      const active = [...instances.values()].filter(({ lifecycle }) => lifecycle === 'active').length;
      return active === 0 ? [] : [`${name} ${definition.version} ×${active}`];
    }),
  );
}

function holds(world: SmallWorld): string[] {
  return [...world.state.domain.holds.keys()];
}

function planned(world: SmallWorld, ...specs: ElementSpec[]): string[] {
  return (world.plan(modelOf(specs))?.holds ?? []).map(({ code, reason }) => `${code}: ${reason}`);
}

/** It starts, and never becomes well. */
function failed(): SmallWorld {
  const world = deployed([db('1.0.0')]);
  world.truth.badReleases.add('shop/db/2.0.0~00000000');
  if (!world.commit(modelOf([migrating('2.0.0')]))) throw new Error('refused');
  // What runs badly is kept up and never comes to rest.
  for (let i = 0; solution(world).rollout?.phase === 'progressing'; i++) {
    if (i > 50_000) throw new Error('it never fails');
    world.step(world.clock + 1_000);
  }
  world.settle();
  return world;
}

/** What the engine records for a person who releases the hold. */
function release(world: SmallWorld): void {
  const facts = factsOver(worldOver(world.state.tables, () => world.clock));
  const back = releasedReturn(hold, world.state.tables.solutions, facts);
  if (back === null) throw new Error('nothing waits');
  world.record([
    inDomain({ kind: 'hold.ended', id: hold, released: true, who: safe('Ada'), reason: safe('restored') }),
    ...back.entries.map((entry) => inSolution(back.solution, entry)),
  ]);
}

describe('a plan to a lower version', () => {
  it('is held once an instance of a version that says so was started, and names the way', () => {
    const world = deployed([db('1.0.0')]);
    go(world, modelOf([migrating('2.0.0')]));
    const [said = ''] = planned(world, db('1.5.0'));
    expect(said).toMatch(/^plan\.irreversible: .*shop\/db from 2\.0\.0 to 1\.5\.0/);
  });

  it('is read on the version that is left, not on the one that comes', () => {
    const world = deployed([db('2.0.0')]);
    expect(planned(world, migrating('1.0.0'))).toEqual([]);
  });

  it('is not held where the version was never started', () => {
    const world = deployed([db('1.0.0')]);
    if (!world.commit(modelOf([migrating('2.0.0')]))) throw new Error('refused');
    expect(running(world)).toEqual(['db 1.0.0 ×2']);
    expect(planned(world, db('1.0.0'))).toEqual([]);
  });

  it('is held from the first start on, though none of it runs any more', () => {
    const world = failed();
    world.abort(shop);
    world.rest();
    expect(running(world)).toEqual(['db 1.0.0 ×2']);
    expect(planned(world, db('1.1.0'))).toHaveLength(1);
  });

  it('is no matter of a higher one, of another size, or of its end', () => {
    const world = deployed([db('1.0.0')]);
    go(world, modelOf([migrating('2.0.0')]));
    for (const next of [db('2.1.0'), migrating('2.0.0', { size: 3 })])
      expect(planned(world, next)).toEqual([]);
    expect(planned(world, { name: 'other' })).toEqual([]);
  });

  it('is asked about once: who went down by a person goes on as if it had never been there', () => {
    const world = deployed([db('1.0.0')]);
    go(world, modelOf([migrating('2.0.0')]));
    if (!world.commit(modelOf([db('1.5.0')]))) throw new Error('refused');
    world.rest();
    expect(running(world)).toEqual(['db 1.5.0 ×2']);
    expect(planned(world, db('1.4.0'))).toEqual([]);
  });
});

describe('a rollout that fails behind a point of no return', () => {
  it('does not go back by itself, and asks a person with a hold that names the command', () => {
    const world = failed();
    expect(solution(world).rollout).toMatchObject({ phase: 'paused' });
    expect(running(world), 'what was there before goes on').toContain('db 1.0.0 ×2');
    expect(holds(world)).toEqual([hold]);
    const told = world.state.domain.holds.get(hold)?.hold;
    expect(told?.reason).toContain('shop/db from 2.0.0 to 1.0.0');
    expect(told?.command).toBe(`heliostat approve ${hold} --domain test --reason TEXT`);
  });

  it('goes back when a person lets it, with what failed in quarantine, and waits no more', () => {
    const world = failed();
    release(world);
    world.rest();
    expect(solution(world).rollout?.phase).toBe('reverted');
    expect(running(world)).toEqual(['db 1.0.0 ×2']);
    expect(solution(world).quarantine?.clusters).toMatchObject([{ element: 'db' }]);
    expect(holds(world)).toEqual([]);
    const point = solution(world).elements.get('db' as ElementName)?.pointOfNoReturn;
    expect(point, 'it was decided, once').toBeUndefined();
  });

  it('still waits after a restart', () => {
    const world = failed();
    world.restart();
    for (let i = 0; i < 200; i++) world.step(world.clock + 1_000);
    expect(solution(world).rollout?.phase).toBe('paused');
    expect(holds(world)).toEqual([hold]);
    release(world);
    world.rest();
    expect(running(world)).toEqual(['db 1.0.0 ×2']);
  });

  it('waits no more when a commit goes up instead', () => {
    const world = failed();
    go(world, modelOf([migrating('2.1.0')]));
    expect(running(world)).toEqual(['db 2.1.0 ×2']);
    expect(holds(world)).toEqual([]);
  });

  it('goes back by itself where nothing of it was started', () => {
    const world = deployed([db('1.0.0')]);
    world.weather = { failed: 0, hopeless: 1, unknown: 0, routeFailed: 0 };
    if (!world.commit(modelOf([migrating('2.0.0')]))) throw new Error('refused');
    for (let i = 0; solution(world).rollout?.phase === 'progressing' && i < 1_000; i++)
      world.step(world.clock + 1_000);
    expect(solution(world).rollout?.phase).toBe('reverting');
    expect(holds(world)).toEqual([]);
  });
});
