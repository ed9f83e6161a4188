import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/base/digest.js';
import type { SolutionName } from '../../../src/core/base/names.js';
import { inSolution } from '../../../src/core/journal/entry.js';
import { count, solutionIn, step, until, weight } from '../../support/canary.js';
import type { ElementSpec } from '../../support/desired.js';
import { desiredElement, shop } from '../../support/desired.js';
import type { Model } from '../../support/small-world/generate.js';
import { bySolution } from '../../support/small-world/generate.js';
import { isDone } from '../../../src/core/rollout/done.js';
import type { Facts } from '../../../src/core/rollout/facts.js';
import { viewElement } from '../../../src/core/rollout/view.js';
import { Dirty } from '../../../src/engine/dirty.js';
import { SmallWorld } from '../../support/small-world/world.js';

const data = 'data' as SolutionName;
const half = step(weight(50));
const one = step(count(1));

function host(version: string): ElementSpec {
  return { name: 'host', version, size: 1, expose: 8080, rollout: { strategy: 'canary', canary: [half] } };
}

function app(version: string): ElementSpec {
  const rollout = { maxUnavailable: { kind: 'count' as const, value: 1 }, allowDowntime: true };
  return { name: 'app', version, size: 1, rollout, needs: [{ element: 'host', type: 'context' }] };
}

/** A canary that shares by weight, on a host and with a store; no version of it runs on both versions of the store. */
function torn(version: string, range: string, ofStore: ElementSpec['rollout'] = {}): Model {
  return modelOf([
    { name: 'host', version },
    { name: 'store', version, rollout: ofStore },
    {
      ...app(version),
      rollout: { ...app(version).rollout, strategy: 'canary', canary: [half] },
      needs: [
        { element: 'host', type: 'context' },
        { element: 'store', range },
      ],
    },
  ]);
}

function modelOf(specs: readonly ElementSpec[], elsewhere: readonly ElementSpec[] = []): Model {
  return bySolution([
    ...specs.map((spec) => desiredElement(spec, shop)),
    ...elsewhere.map((spec) => desiredElement(spec, data)),
  ]);
}

function commit(world: SmallWorld, model: Model): void {
  if (!world.commit(model)) throw new Error('the plan refuses it');
}

function running(model: Model): SmallWorld {
  const world = new SmallWorld(1);
  commit(world, model);
  world.rest();
  return world;
}

function promote(world: SmallWorld, element: string): void {
  world.record([
    inSolution(shop, { kind: 'step.promoted', element: element as never }),
    inSolution(shop, { kind: 'rollout.phase', phase: 'progressing', reason: null }),
  ]);
}

/** Versions of the host that instances of app live on. */
function homes(world: SmallWorld): string[] {
  return [...world.instances()]
    .filter(({ element }) => element === 'shop/app')
    .flatMap(({ runtime }) => Object.values(runtime?.placement ?? {}))
    .map((id) => /\/host\/([0-9.]+)~/.exec(id)?.[1] ?? id);
}

/** Of the former version first. */
function lifecycles(world: SmallWorld, element: string): string[] {
  return [...world.instances()]
    .filter((instance) => instance.element === `shop/${element}`)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ lifecycle }) => lifecycle);
}

function finish(world: SmallWorld, model: Model, element = 'app'): void {
  promote(world, element);
  until(world, () => solutionIn(world).rollout?.phase === 'succeeded');
  world.rest();
  expect(world.differences(model)).toEqual([]);
}

describe('beside a canary', () => {
  it('what lives on the version that goes is decided anew as soon as the last step begins, not at the next deadline', () => {
    const model = modelOf([host('1.0.0'), app('1.0.0')]);
    const world = running(model);
    const target = model.get(shop)?.elements.get('host' as never);
    if (target === undefined) throw new Error('there is no host');
    const dirty = new Dirty(world.state.tables);
    dirty.markFor(shop, { kind: 'step.begun', element: target.name, index: 1, target, final: target });
    expect([...dirty.take()].map(({ elements }) => [...elements].sort())).toEqual([['app', 'host']]);
  });

  it('what comes in the same commit is put on what stays, not on what the last step takes away', () => {
    const world = running(modelOf([host('1.0.0'), app('1.0.0')]));
    commit(world, modelOf([host('2.0.0'), app('2.0.0')]));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    expect(homes(world)).toEqual(['2.0.0']);
  });

  it('what only runs on a version that goes waits to be replaced, and does not keep its step from being passed', () => {
    const old = (version: string): ElementSpec => ({ name: 'host', version, size: 1 });
    const both = (version: string, range: string): ElementSpec => ({
      name: 'app',
      version,
      size: 3,
      rollout: { strategy: 'canary', canary: [one] },
      needs: [{ element: 'host', type: 'context', range }],
    });
    const world = running(modelOf([old('1.0.0'), both('1.0.0', '<2')]));
    const next = modelOf([old('2.0.0'), both('2.0.0', '*')]);
    commit(world, next);
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    finish(world, next);
    expect(new Set(homes(world))).toEqual(new Set(['2.0.0']));
  });

  it('what a step keeps finds its provider when it has moved: it was down for a moment, and no other version will do', () => {
    const world = running(torn('1.0.0', '<2'));
    const next = torn('2.0.0', '>=2');
    commit(world, next);
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    expect(homes(world)).toEqual(['2.0.0', '2.0.0']);
    expect(lifecycles(world, 'store')).toEqual(['active', 'active']);
    expect(lifecycles(world, 'app')).toEqual(['active', 'active']);
    finish(world, next);
  });

  it('a step does not wait for what it keeps where that can never come back: downtime let its provider go', () => {
    const recreate = { strategy: 'recreate', allowDowntime: true } as const;
    const world = running(torn('1.0.0', '<2', recreate));
    const next = torn('2.0.0', '>=2', recreate);
    commit(world, next);
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    expect(lifecycles(world, 'store')).toEqual(['active']);
    expect(lifecycles(world, 'app')).toEqual(['inactive', 'active']);
    finish(world, next);
  });

  it('what an abandoned canary left behind, and those who went over to it keep, does not keep a step from being passed: only the full size lets it go', () => {
    const api = (version: string): ElementSpec => ({
      name: 'api',
      version,
      size: 2,
      rollout: { strategy: 'canary', canary: [one] },
    });
    const web = (version: string, range: string): ElementSpec => ({
      name: 'web',
      version,
      needs: [{ element: 'api', range }],
    });
    const world = running(modelOf([api('1.0.0'), web('1.0.0', '<3')]));
    commit(world, modelOf([api('2.0.0'), web('1.0.0', '<3')]));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    // Two backends of it there are only as long as one of them is of the version that was given up.
    const next = modelOf([api('3.0.0'), web('2.0.0', '>=2 <4')]);
    expect(world.preview(next).ends, 'there is a way').toBe(true);
    commit(world, next);
    until(world, () => solutionIn(world).rollout?.phase !== 'progressing');
    expect(solutionIn(world).rollout?.reason).toBe('api waits to be promoted');
    promote(world, 'api');
    until(world, () => solutionIn(world).rollout?.phase === 'succeeded');
    expect(world.differences(next)).toEqual([]);
  });

  it('a step is passed though nothing can be given any more to what only stays for it', () => {
    const api = (version: string): ElementSpec => ({
      name: 'api',
      version,
      size: 2,
      rollout: { strategy: 'canary', canary: [one] },
    });
    const world = running(modelOf([api('1.0.0')]));
    const looked: Facts[] = [];
    world.watch = (facts) => void looked.push(facts);
    commit(world, modelOf([api('2.0.0')]));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    const element = world.state.tables.solutions.get(shop)?.elements.get('api' as never);
    const facts = looked.at(-1);
    if (element === undefined || facts === undefined) throw new Error('there is no api');
    const isDoneWithout = (version: string, isEdited = false): boolean => {
      const seen: Facts['seen'] = (id) =>
        isEdited && id.includes(`/${version}~`)
          ? { ...facts.seen(id), digest: digestOf('by hand') }
          : facts.seen(id);
      const digest: Facts['configurationDigest'] = (instance, cluster) =>
        cluster.definition.version === version ? null : facts.configurationDigest(instance, cluster);
      const bent = Object.create(facts, {
        configurationDigest: { value: digest },
        seen: { value: seen },
      }) as Facts;
      return isDone(viewElement(element, bent), bent);
    };
    expect(isDoneWithout('1.0.0')).toBe(true);
    expect(isDoneWithout('1.0.0', true), 'not even what somebody has edited can be set right').toBe(true);
    expect(isDoneWithout('2.0.0')).toBe(false);
  });

  it('what serves one consumer is in the rotation, though others are given none of it', () => {
    const web: ElementSpec = { name: 'web', needs: [{ element: 'api' }] };
    const world = new SmallWorld(1);
    const looked: Facts[] = [];
    world.watch = (facts) => void looked.push(facts);
    commit(world, modelOf([{ name: 'api', expose: 8080 }, web]));
    world.rest();
    const element = world.state.tables.solutions.get(shop)?.elements.get('api' as never);
    const facts = looked.at(-1);
    if (element === undefined || facts === undefined) throw new Error('there is no api');
    const isInRotation = (...weights: readonly number[]): boolean => {
      const listeners = [...element.listeners.values()].map((listener, i) => {
        const backends = (listener.backends ?? []).map((backend) => ({
          ...backend,
          weight: weights[i] ?? 0,
        }));
        return [listener.binding, { ...listener, backends }] as const;
      });
      const view = viewElement({ ...element, listeners: new Map(listeners) }, facts);
      return view.instances.every(({ inRotation }) => inRotation);
    };
    expect(element.listeners.size).toBe(2);
    expect(isInRotation(0, 1_000)).toBe(true);
    expect(isInRotation(0, 0)).toBe(false);
  });

  it('the preview of what has to wait for the step of another rollout ends, and finds a way', () => {
    const store = (version: string): ElementSpec => ({ name: 'store', version, size: 1 });
    const web = (version: string, range: string): ElementSpec => ({
      name: 'web',
      version,
      size: 2,
      rollout: { strategy: 'canary', canary: [one] },
      needs: [{ element: 'data/store', range }],
    });
    const world = running(modelOf([web('1.0.0', '<2')], [store('1.0.0')]));
    commit(world, modelOf([web('2.0.0', '>=2')], [store('2.0.0')]));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    const next = modelOf([web('2.0.0', '>=2')], [store('3.0.0')]);
    expect(world.preview(next).ends).toBe(true);
    commit(world, next);
    finish(world, next, 'web');
  });

  it('what an overtaken rollout has made whole, and its consumers keep, leaves room for what comes after it', () => {
    const api = (version: string, rollout: ElementSpec['rollout'] = {}): ElementSpec => ({
      name: 'api',
      version,
      size: 2,
      rollout,
    });
    const web = (version: string, range: string): ElementSpec => ({
      name: 'web',
      version,
      size: 2,
      needs: [{ element: 'api', range }],
      rollout: { strategy: 'canary', canary: [one], promote: 'manual' },
    });
    const world = running(modelOf([api('1.0.0'), web('1.0.0', '>=1 <2')]));
    // web waits in its step, one of it on each version, so that both versions of api stand in full.
    commit(world, modelOf([api('2.0.0'), web('2.0.0', '>=2 <3')]));
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    expect(lifecycles(world, 'api')).toEqual(['active', 'active', 'active', 'active']);

    const canary = { strategy: 'canary', canary: [one], promote: 'auto' } as const;
    const next = modelOf([api('2.1.0', canary), web('2.0.0', '>=2 <3')]);
    commit(world, next);
    until(world, () => solutionIn(world).rollout?.phase === 'paused');
    finish(world, next, 'web');
  });
});
