import { describe, expect, it } from 'vitest';
import type { ElementName, SolutionName } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import { inSolution } from '../../../src/core/journal/entry.js';
import type { ElementSpec } from '../../support/desired.js';
import { deployed, modelOf } from '../../support/deployed.js';
import type { SmallWorld } from '../../support/small-world/world.js';

const shop = 'shop' as SolutionName;

function restart(world: SmallWorld, name: string): number {
  pass(world, 60_000);
  const from = world.entries;
  const element = name as ElementName;
  world.record([
    inSolution(shop, { kind: 'restart.began', element, who: safe('ada'), reason: safe('leak') }),
  ]);
  return from;
}

function end(world: SmallWorld, name: string): void {
  const element = name as ElementName;
  world.record([inSolution(shop, { kind: 'restart.ended', element, reason: safe('aborted by ada') })]);
}

function pass(world: SmallWorld, ms: number): void {
  const until = world.clock + ms;
  while (world.step(until));
}

/** `stop api/0`, in their order. */
function begun(world: SmallWorld, from: number): string[] {
  return world.taken(from).map(({ transition, instance }) => {
    const [, , element, , ordinal] = instance.split('/');
    return `${transition} ${element}/${ordinal}`;
  });
}

function isRestarting(world: SmallWorld, name: string): boolean {
  return world.state.tables.solutions.get(shop)?.elements.get(name as ElementName)?.restart != null;
}

const api = (more: Partial<ElementSpec> = {}): ElementSpec => ({
  ...{ name: 'api', size: 3, version: '1.0.0' },
  ...more,
});

describe('a restart', () => {
  it('takes each instance once, the next one when the last one serves again, and ends', () => {
    const world = deployed([api({ expose: 8080 })]);
    const from = restart(world, 'api');
    world.rest();
    const order = ['api/0', 'api/1', 'api/2'].flatMap((id) => [`stop ${id}`, `start ${id}`]);
    expect(begun(world, from)).toEqual(order);
    expect(isRestarting(world, 'api')).toBe(false);
    expect(world.differences(modelOf([api({ expose: 8080 })]))).toEqual([]);
    expect(world.askAgain()).toEqual([]);
  });

  it('goes one at a time even where more might be missing', () => {
    const rollout = { maxUnavailable: { kind: 'count', value: 2 } } as const;
    const world = deployed([api({ rollout })]);
    const from = restart(world, 'api');
    world.rest();
    const order = ['api/0', 'api/1', 'api/2'].flatMap((id) => [`stop ${id}`, `start ${id}`]);
    expect(begun(world, from)).toEqual(order);
  });

  it('also of the only one, whose place nobody can take', () => {
    const world = deployed([api({ size: 1 })]);
    const from = restart(world, 'api');
    world.rest();
    expect(begun(world, from)).toEqual(['stop api/0', 'start api/0']);
  });

  it('is told by its entry, and goes on after the controller has died in it', () => {
    const world = deployed([api()]);
    const from = restart(world, 'api');
    while (!begun(world, from).includes('start api/0')) world.step();
    world.restart();
    expect(isRestarting(world, 'api')).toBe(true);
    world.rest();
    expect(isRestarting(world, 'api')).toBe(false);
    expect(new Set(begun(world, from)).size).toBe(6);
    expect(world.differences(modelOf([api()]))).toEqual([]);
  });

  it('of what nobody is to mend by himself is over before another rollout of its solution ends well', () => {
    const kept = api({ size: 1, repair: 'report' });
    const world = deployed([kept]);
    const from = restart(world, 'api');
    while (!begun(world, from).includes('stop api/0')) world.step();
    world.commit(modelOf([kept, { name: 'web', size: 0 }]));
    while (world.step());
    const ended = world.told(from).filter((line) => /(operation|rollout)\.ended/.test(line));
    expect(ended.map((line) => /(\w+)\.ended/.exec(line)?.[1])).toEqual([
      'operation',
      'operation',
      'rollout',
    ]);
  });

  it('stops where the first does not come back: the others serve on', () => {
    const world = deployed([api()]);
    const from = restart(world, 'api');
    while (!begun(world, from).includes('stop api/0')) world.step();
    world.truth.badReleases.add('shop/api/1.0.0~00000000');
    for (let i = 0; i < 400; i++) world.step(world.clock + 1_000);
    expect(begun(world, from).filter((step) => step.endsWith('/1') || step.endsWith('/2'))).toEqual([]);
    expect(isRestarting(world, 'api')).toBe(true);
  });

  it('ends early when a person gives it up: what has not gone yet stays', () => {
    const world = deployed([api()]);
    const from = restart(world, 'api');
    while (!begun(world, from).includes('start api/0')) world.step();
    end(world, 'api');
    world.rest();
    expect(begun(world, from)).toEqual(['stop api/0', 'start api/0']);
    expect(world.differences(modelOf([api()]))).toEqual([]);
  });

  it('leaves up what other instances live on, and says so', () => {
    const node: ElementSpec = { name: 'node', size: 1, version: '1.0.0' };
    const needs = [{ element: 'node', type: 'context' as const, range: '^1' }];
    const world = deployed([node, api({ needs })]);
    const from = restart(world, 'node');
    world.rest();
    expect(begun(world, from)).toEqual([]);
    expect(world.told(from).at(-1)).toContain('other instances live on them');
  });

  it('waits for the rollout under way, and then takes nobody who came in it', () => {
    const world = deployed([api()]);
    pass(world, 60_000);
    const next = modelOf([api({ version: '2.0.0' })]);
    if (!world.commit(next)) throw new Error('refused');
    for (let i = 0; i < 5; i++) world.step();
    restart(world, 'api');
    world.rest();
    expect(isRestarting(world, 'api')).toBe(false);
    expect(world.differences(next)).toEqual([]);
  });

  it('is over with the rollout in which all came anew, not when the element is looked at for another reason', () => {
    const world = deployed([api()]);
    restart(world, 'api');
    if (!world.commit(modelOf([api({ version: '2.0.0' })]))) throw new Error('the plan refuses it');
    do world.settle();
    while (world.rollouts().some(({ phase }) => phase !== 'succeeded') && world.step());
    expect(isRestarting(world, 'api')).toBe(false);
  });

  it('is made where drift is only reported, too', () => {
    const world = deployed([api({ repair: 'report', size: 1 })]);
    const from = restart(world, 'api');
    world.rest();
    expect(begun(world, from)).toEqual(['stop api/0', 'start api/0']);
  });

  it('keeps the floor that consumers have', () => {
    const world = deployed([
      { name: 'db', size: 2, version: '1.0.0' },
      api({ needs: [{ element: 'db', range: '^1' }] }),
    ]);
    const from = restart(world, 'db');
    restart(world, 'api');
    world.rest();
    const order = begun(world, from).filter((step) => step.includes(' db/'));
    expect(order).toEqual(['stop db/0', 'start db/0', 'stop db/1', 'start db/1']);
  });
});
