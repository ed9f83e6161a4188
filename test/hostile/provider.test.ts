import { describe, expect, it } from 'vitest';
import type { InstanceId } from '../../src/core/base/names.js';
import { safe } from '../../src/core/base/safe-text.js';
import { heardTextLimit } from '../../src/engine/heard.js';
import type { Observation, Outcome } from '../../src/ports/provider.js';
import { shop } from '../support/fake-ports/model.js';
import { never } from '../support/fake-ports/providers.js';
import { World } from '../support/fake-ports/world.js';
import { showed } from '../support/promises.js';
import { HostileWorld } from './support/provider-world.js';

const running = ['shop/api 1.0.0 #0 active good', 'shop/db 1.0.0 #0 active good'];
const isApi = (id: string): boolean => id.includes('/api/');

describe('a provider that lies about what it did', () => {
  it('says done and made nothing: what is observed wins, and it is made after all', async (context) => {
    const lied: string[] = [];
    const world = new HostileWorld((honest) => ({
      ...honest,
      apply: (transition, task, ctx) => {
        if (transition !== 'create' || !isApi(task.id) || lied.length > 0)
          return honest.apply(transition, task, ctx);
        lied.push(task.id);
        return Promise.resolve({ kind: 'done', observation: null });
      },
    }));
    const revision = world.git.push(shop());
    const controller = await world.start();
    await world.until(() => controller.verdict(revision) === 'applied', 'the truth');
    expect(lied).toHaveLength(1);
    expect(world.technology.summary()).toEqual(running);
    showed(context, { hostileInputs: 1 });
  });

  it('says done, and that the thing is there and well: the next look wins, and it is started after all', async (context) => {
    let lies = 0;
    const world = new HostileWorld((honest) => ({
      ...honest,
      apply: (transition, task, ctx) => {
        if (!isApi(task.id) || transition !== 'start' || lies++ > 2)
          return honest.apply(transition, task, ctx);
        const observation = {
          ...missing(task.id),
          presence: 'present',
          state: 'active',
          health: 'good',
        } as const;
        return Promise.resolve({ kind: 'done', observation });
      },
    }));
    world.git.push(shop());
    await world.start();
    await world.until(() => world.technology.summary().join() === running.join(), 'the truth');
    expect(lies).toBeGreaterThan(2);
    showed(context, { hostileInputs: 1 });
  });

  it('times out after creating: what is there is adopted, never doubled', async (context) => {
    const world = new World();
    const revision = world.git.push(shop());
    world.technology.fate = (transition, id, nth) =>
      transition === 'create' && isApi(id) && nth === 0 ? 'lost' : 'done';
    const controller = await world.start();
    await world.until(() => controller.verdict(revision) === 'applied', 'applied');
    const created = world.technology.effects.filter((effect) => effect.startsWith('create') && isApi(effect));
    expect(created).toHaveLength(1);
    expect(world.technology.summary()).toEqual(running);
    showed(context, { hostileInputs: 1 });
  });
});

/** One honest answer after each wrong one would hide what the wrong ones do; so all are wrong until they are not. */
const wrongObservations: readonly (readonly [string, (honest: readonly Observation[]) => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a text', () => 'all is well'],
  ['no list', () => ({ length: 1, 0: {} })],
  ['fewer than asked', (honest) => honest.slice(1)],
  ['more than asked', (honest) => [...honest, ...honest]],
  ['a million', () => Array.from({ length: 1_000_000 }, () => null)],
  ['of other instances', (honest) => honest.map((one) => ({ ...one, id: 'prod/shop/api/9.9.9~00000000/0' }))],
  [
    'with the ids of each other',
    (honest) =>
      honest.map((one, i) => ({
        ...one,
        id: honest[(i + 1) % honest.length]?.id === one.id ? 'x' : honest[(i + 1) % honest.length]?.id,
      })),
  ],
  ['of no known state', (honest) => honest.map((one) => ({ ...one, state: 'exploded' }))],
  ['of no known presence', (honest) => honest.map((one) => ({ ...one, presence: true }))],
  ['holes', (honest) => new Array(honest.length)],
  ['numbers', (honest) => honest.map((_, i) => i)],
  [
    'a prototype',
    (honest) => honest.map((one) => JSON.parse(`{"__proto__":${JSON.stringify(one)}}`) as unknown),
  ],
];

describe('a provider that answers a look with garbage', () => {
  it.each(wrongObservations)('%s: nothing is believed, nothing is done, and it is said', async (_, wrong) => {
    let isWrong = false;
    const world = new HostileWorld((honest) => ({
      ...honest,
      observe: async (instances, ctx) => {
        const answer = await honest.observe(instances, ctx);
        return (isWrong ? wrong(answer) : answer) as readonly Observation[];
      },
    }));
    world.git.push(shop());
    const controller = await world.start();
    await controller.settled();
    isWrong = true;
    const asked = world.technology.asked.length;
    await world.pass(60_000);
    expect(world.technology.asked.length, 'no effect on what garbage says').toBe(asked);
    expect(world.logged.filter((line) => line.includes('noop')).join('\n')).toContain(
      'does not tell what runs',
    );
    isWrong = false;
    await world.pass(30_000);
    const revision = await controller.push(shop({ api: '1.1.0' }));
    expect(controller.verdict(revision), 'other work goes on').toBe('applied');
  });
});

const wrongOutcomes: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'done'],
  ['a list', [{ kind: 'done' }]],
  ['an outcome of no kind', {}],
  ['an outcome of no known kind', { kind: 'perhaps' }],
  ['done with garbage', { kind: 'done', observation: 'active' }],
  [
    'done with another instance',
    {
      kind: 'done',
      observation: {
        ...missing('prod/shop/db/1.0.0~00000000/0' as InstanceId),
        presence: 'present',
        state: 'active',
      },
    },
  ],
  ['failed without a reason', { kind: 'failed' }],
];

describe('a provider that answers an effect with garbage', () => {
  it.each(wrongOutcomes)(
    '%s: it is looked at before anything is repeated, and goes on',
    async (_, answer) => {
      let wrong = true;
      const world = new HostileWorld((honest) => ({
        ...honest,
        apply: async (transition, task, ctx) => {
          const outcome = await honest.apply(transition, task, ctx);
          if (!isApi(task.id) || transition !== 'create' || !wrong) return outcome;
          wrong = false;
          return answer as Outcome;
        },
      }));
      const revision = world.git.push(shop());
      const controller = await world.start();
      await world.until(() => controller.verdict(revision) === 'applied', 'applied in spite of it');
      // What failed may be made anew, after it was taken away.
      const count = (what: string): number =>
        world.technology.effects.filter((effect) => effect.startsWith(what) && isApi(effect)).length;
      expect(count('create') - count('reset')).toBe(1);
      expect(world.technology.summary()).toEqual(running);
    },
  );

  it('a reason of 10 MB with a secret in it: little of it is kept, and nothing of the secret', async (context) => {
    const secret = 'planted-7c1e55a0b2';
    const world = new HostileWorld((honest) => ({
      ...honest,
      apply: (transition, task, ctx) =>
        isApi(task.id)
          ? Promise.resolve({
              kind: 'failed',
              retryable: false,
              code: 'x'.repeat(10_000),
              message: safe(`${secret} `.repeat(500_000)),
            })
          : honest.apply(transition, task, ctx),
    }));
    world.secrets.set('token', secret);
    const revision = world.git.push(shop());
    const controller = await world.start();
    await world.until(() => controller.kinds().includes('operation.ended'), 'the failure');
    await world.pass(60_000);
    expect(controller.verdict(revision)).not.toBe('applied');
    const kept = JSON.stringify(controller.records) + world.git.everythingWritten() + world.logged.join('\n');
    expect(kept).not.toContain(secret);
    const messages = controller.records.map(({ entry }) => JSON.stringify(entry).length);
    expect(Math.max(...messages)).toBeLessThan(20 * heardTextLimit);
    showed(context, { hostileInputs: 1 + wrongOutcomes.length + wrongObservations.length });
  });
});

describe('a provider that is slow', () => {
  it('hangs at every call for one element: the others go on, and the calls do not gather', async (context) => {
    let waiting = 0;
    const world = new HostileWorld((honest) => ({
      ...honest,
      apply: (transition, task, ctx) => {
        if (!isApi(task.id)) return honest.apply(transition, task, ctx);
        waiting += 1;
        return never();
      },
    }));
    world.git.push(shop());
    const controller = await world.start();
    await world.pass(600_000);
    expect(world.technology.summary()).toEqual(['shop/db 1.0.0 #0 active good']);
    expect(waiting).toBeLessThan(30);
    const revision = await controller.push(shop({ api: null }));
    expect(controller.verdict(revision), 'and the commit that takes it away is not blocked').not.toBeNull();
    showed(context, { hostileInputs: 1 });
  });

  it('answers when nobody waits any more: what it says then is nothing', async (context) => {
    const late: (() => void)[] = [];
    const world = new HostileWorld((honest) => ({
      ...honest,
      apply: (transition, task, ctx) => {
        if (!isApi(task.id) || transition !== 'create' || late.length > 0)
          return honest.apply(transition, task, ctx);
        return new Promise<Outcome>((resolve) => {
          late.push(() =>
            resolve({ kind: 'failed', retryable: false, code: 'late', message: safe('too late') }),
          );
        });
      },
    }));
    const revision = world.git.push(shop());
    const controller = await world.start();
    await world.until(() => controller.verdict(revision) === 'applied', 'applied meanwhile');
    for (const answer of late) answer();
    await world.pass(60_000);
    expect(controller.verdict(revision)).toBe('applied');
    expect(world.technology.summary()).toEqual(running);
    showed(context, { hostileInputs: 1 });
  });
});

describe('two resources with one key', () => {
  it('are never taken for one: what has our key and no place in the memory is held, and nothing is destroyed', async (context) => {
    const world = new World();
    world.git.push(shop());
    const controller = await world.start();
    await controller.settled();
    const [id, resource] = [...world.technology.resources].find(([key]) => isApi(key)) ?? [];
    if (id === undefined || resource === undefined) throw new Error('no api');
    // The same key, listed a second time under an identity that nobody made.
    const twin = id.replace(/~[0-9a-f]+/, '~deadbeef') as InstanceId;
    world.technology.resources.set(twin, { ...resource, owner: resource.owner.replace(id, twin) as never });
    await controller.engine.close();
    const next = await world.start();
    await world.until(() => next.engine.core.state.domain.holds.has('resource.unaccounted'), 'the hold');
    await world.pass(60_000);
    expect(world.technology.resources.has(twin), 'never destroyed by itself').toBe(true);
    expect(world.technology.effects.filter((effect) => effect.startsWith('destroy'))).toEqual([]);
    showed(context, { hostileInputs: 1 });
  });
});

function missing(id: InstanceId): Observation {
  return {
    id,
    presence: 'absent',
    state: 'inactive',
    health: 'unknown',
    digest: null,
    resource: null,
    detail: null,
    foreignHome: null,
  };
}
