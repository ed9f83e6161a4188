import { describe, expect, it } from 'vitest';
import type { SolutionName } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import { inSolution } from '../../../src/core/journal/entry.js';
import { goBackEntry } from '../../../src/core/rollout/fail.js';
import type { ElementSpec } from '../../support/desired.js';
import { deployed, go, modelOf } from '../../support/deployed.js';
import type { SmallWorld } from '../../support/small-world/world.js';

const shop = 'shop' as SolutionName;
const api = (version: string): ElementSpec => ({ name: 'api', size: 2, version });

function solution(world: SmallWorld) {
  const found = world.state.tables.solutions.get(shop);
  if (found === undefined) throw new Error('there is no shop');
  return found;
}

function goBack(world: SmallWorld) {
  return goBackEntry(solution(world), safe('aborted by ada: because'));
}

function begin(world: SmallWorld, version: string): void {
  if (!world.commit(modelOf([api(version)]))) throw new Error('refused');
}

describe('a person who has a rollout go back', () => {
  it('gets what was stable, and blames nobody; the same revision is not tried again by itself', () => {
    const world = deployed([api('1.0.0')]);
    const from = world.entries;
    begin(world, '2.0.0');
    while (!world.taken(from).some(({ transition }) => transition === 'start')) world.step();
    const back = goBack(world);
    expect(back).toMatchObject({ kind: 'rollout.reverting', clusters: [] });
    world.record([inSolution(shop, back as never)]);
    world.rest();
    expect(solution(world).rollout).toMatchObject({ phase: 'reverted', reason: 'aborted by ada: because' });
    expect(world.differences(modelOf([api('1.0.0')]))).toEqual([]);
    // Another commit of the same version goes out: nothing is kept out.
    go(world, modelOf([{ ...api('2.0.0'), size: 1 }]));
  });

  it('blames what has failed already', () => {
    const world = deployed([api('1.0.0')]);
    world.truth.badReleases.add('shop/api/2.0.0~00000000');
    begin(world, '2.0.0');
    for (let i = 0; solution(world).rollout?.phase === 'progressing' && i < 50_000; i++)
      world.step(world.clock + 1_000);
    expect(solution(world).rollout?.phase).toBe('paused');
    const instances = [...world.instances()].filter(({ trouble }) => trouble?.exhausted === true);
    const blamed = instances.length === 0 ? [] : [{ element: 'api', cluster: '2.0.0~00000000' }];
    expect(goBack(world)).toMatchObject({ clusters: blamed });
  });

  it('has nowhere to go where nothing was stable, or nothing has changed since', () => {
    const never = deployed([]);
    begin(never, '1.0.0');
    expect(goBack(never)).toBeNull();
    expect(goBack(deployed([api('1.0.0')]))).toBeNull();
  });
});
