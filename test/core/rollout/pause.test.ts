import { describe, expect, it } from 'vitest';
import type { DomainName, SolutionName } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import { inDomain } from '../../../src/core/journal/entry.js';
import { decodeDomain, encodeDomain } from '../../../src/core/rollout/domain-encode.js';
import { emptyDomain } from '../../../src/core/rollout/domain-evolve.js';
import { pauseOver, type Pause, type PauseTarget } from '../../../src/core/rollout/pause.js';
import { verdictOf } from '../../../src/core/rollout/verdicts.js';
import { pauseEnded } from '../../../src/engine/pauses.js';
import type { ElementSpec } from '../../support/desired.js';
import { deployed, go, modelOf } from '../../support/deployed.js';
import type { SmallWorld } from '../../support/small-world/world.js';

const hour = 3_600_000;

function api(version: string, more: Partial<ElementSpec> = {}): ElementSpec {
  return { name: 'api', size: 2, ...more, version };
}

function pause(world: SmallWorld, target: string, forMs: number | null): void {
  const untilWallMs = forMs === null ? null : world.clock + forMs;
  const [who, reason] = [safe('ada'), safe('moving the disk')];
  world.record([inDomain({ kind: 'pause.began', target: target as PauseTarget, who, reason, untilWallMs })]);
}

function resume(world: SmallWorld): void {
  for (const each of world.state.domain.pauses ?? [])
    world.record(pauseEnded(world.state, each, { who: safe('ada'), reason: safe('done') }));
}

/** Begun since an entry: `start api`. */
function begun(world: SmallWorld, from: number): string[] {
  return world.taken(from).map(({ transition, instance }) => `${transition} ${instance.split('/')[2]}`);
}

function verdict(world: SmallWorld): string {
  const { domain, tables } = world.state;
  const tip = domain.revisions.get(domain.tip as never);
  return tip === undefined ? 'none' : verdictOf(tip, domain, tables.solutions);
}

function pass(world: SmallWorld, ms: number): void {
  const until = world.clock + ms;
  while (world.step(until));
}

describe('a pause', () => {
  it('lets what is under way end and begins nothing more, until its time is over; then all goes on by itself', () => {
    const world = deployed([api('1.0.0')]);
    if (!world.commit(modelOf([api('2.0.0')]))) throw new Error('refused');
    const committed = world.entries;
    while (!begun(world, committed).includes('start api')) world.step();
    pause(world, 'shop', hour);
    const from = world.entries;
    pass(world, hour - 1);
    expect(begun(world, from)).toEqual([]);
    expect([...world.instances()].filter(({ operation }) => operation !== null)).toEqual([]);
    expect(verdict(world)).toBe('held');

    world.rest();
    expect(world.state.domain.pauses).toBeUndefined();
    expect(verdict(world)).toBe('applied');
    expect(world.differences(modelOf([api('2.0.0')]))).toEqual([]);
  });

  it('takes a new revision of what is paused: it is held, and rolled out at the end', () => {
    const world = deployed([api('1.0.0')]);
    pause(world, '*', hour);
    const from = world.entries;
    expect(world.commit(modelOf([api('2.0.0')]))).toBe(true);
    pass(world, hour / 2);
    expect(begun(world, from)).toEqual([]);
    expect(verdict(world)).toBe('held');
    resume(world);
    world.rest();
    expect(verdict(world)).toBe('applied');
  });

  it('repairs nothing, and notes what it sees all the same', () => {
    const world = deployed([api('1.0.0')]);
    pause(world, 'shop', hour);
    const [first] = world.instances();
    world.truth.resources.delete(first?.id as never);
    const from = world.entries;
    world.lookAtAll();
    pass(world, hour - 1);
    expect(begun(world, from)).toEqual([]);
    expect([...world.instances()].map(({ lifecycle }) => lifecycle)).toContain('initial');
    world.rest();
    expect(world.differences(modelOf([api('1.0.0')]))).toEqual([]);
  });

  it('of one element leaves the others alone, and makes nobody fail who waits for it', () => {
    const db = (version: string): ElementSpec => ({ name: 'db', size: 1, version });
    const web = (version: string, range: string): ElementSpec => ({
      ...{ name: 'web', size: 1, version },
      needs: [{ element: 'db', range }],
    });
    const world = deployed([db('1.0.0'), web('1.0.0', '^1')]);
    pause(world, 'shop/web', 24 * hour);
    const from = world.entries;
    const next = modelOf([db('2.0.0'), web('2.0.0', '>=1 <3')]);
    if (!world.commit(next)) throw new Error('refused');
    pass(world, 20 * hour);
    expect(begun(world, from)).toEqual(['create db', 'configure db', 'start db']);
    expect(world.rollouts()).toMatchObject([{ phase: 'progressing' }]);
    expect(verdict(world)).toBe('held');
    world.rest(20_000, 30 * hour);
    expect(verdict(world)).toBe('applied');
    expect(world.differences(next)).toEqual([]);
  });

  it('stops no clock that then strikes: deadlines begin anew at its end', () => {
    const world = deployed([api('1.0.0')]);
    if (!world.commit(modelOf([api('2.0.0')]))) throw new Error('refused');
    pause(world, 'shop', 5 * hour);
    pass(world, 5 * hour - 1);
    expect(world.rollouts()).toMatchObject([{ phase: 'progressing' }]);
    world.rest();
    expect(world.rollouts()).toMatchObject([{ phase: 'succeeded' }]);
  });

  it('survives a restart, journal and snapshot alike', () => {
    const world = deployed([api('1.0.0')]);
    pause(world, 'shop/api', hour);
    for (let i = 0; i < 4; i++) world.restart();
    expect(world.state.domain.pauses).toMatchObject([
      { target: 'shop/api', who: 'ada', reason: 'moving the disk' },
    ]);
    const from = world.entries;
    expect(world.commit(modelOf([api('2.0.0')]))).toBe(true);
    pass(world, hour / 2);
    expect(begun(world, from)).toEqual([]);
  });

  it('is replaced by another one of the same target', () => {
    const world = deployed([api('1.0.0')]);
    pause(world, 'shop', hour);
    pause(world, 'shop', null);
    expect(world.state.domain.pauses).toMatchObject([{ target: 'shop', untilWallMs: null }]);
    pass(world, 10 * hour);
    expect(world.state.domain.pauses).toHaveLength(1);
    resume(world);
    go(world, modelOf([api('2.0.0')]));
  });
});

it('is nothing that a journal of before there were any has to say', () => {
  const { pauses: _pauses, ...before } = emptyDomain('prod' as DomainName);
  const decoded = decodeDomain(encodeDomain(before));
  expect(pauseOver(decoded.pauses ?? [], '*')).toBeNull();
  expect(encodeDomain(decoded)).toEqual(encodeDomain(before));
});

describe('the pause that counts', () => {
  const of = (target: string, untilWallMs: number | null): Pause => ({
    target: target as PauseTarget,
    who: safe('ada'),
    reason: safe('because'),
    sinceWallMs: 0,
    untilWallMs,
  });

  it.each([
    ['the one of its own', [of('shop', 5)], 'shop/api', 5],
    ['the widest reaches everything', [of('*', 5)], 'shop/api', 5],
    ['the longest of several', [of('*', 5), of('shop', 9), of('shop/api', 7)], 'shop/api', 9],
    ['one without an end lasts longest', [of('*', 5), of('shop', null)], 'shop', null],
    ['none of a namesake', [of('shop/ap', 5), of('sho', 5)], 'shop/api', undefined],
    ['none of an element for its solution', [of('shop/api', 5)], 'shop', undefined],
  ])('%s', (_, pauses, target, until) => {
    expect(pauseOver(pauses, target as SolutionName)?.untilWallMs).toBe(until);
  });
});
