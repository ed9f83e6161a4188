import { describe, expect, it } from 'vitest';
import { safe } from '../../src/core/base/safe-text.js';
import type { InstanceId } from '../../src/core/base/names.js';
import type { Entry } from '../../src/core/journal/entry.js';
import type { StatusView } from '../../src/core/status/view.js';
import { deaths, type Death } from '../support/fake-ports/incarnation.js';
import { shop } from '../support/fake-ports/model.js';
import type { Resource } from '../support/fake-ports/providers.js';
import { World, type Controller } from '../support/fake-ports/world.js';
import { memoryDisk } from '../support/memory-disk.js';

const running = ['shop/api 1.0.0 #0 active good', 'shop/db 1.0.0 #0 active good'];

describe('a state folder that was lost', () => {
  it('is restored from the status branch: what runs is observed and adopted, nothing is made or destroyed', async () => {
    const world = new World();
    const first = await started(world);
    const before = JSON.stringify(dataOf(first));
    await first.engine.close();
    world.loseState();
    const asked = world.technology.timeline.length;
    const again = await world.start();
    await again.settled();
    await world.pass(60_000);
    const after = world.technology.timeline.slice(asked);
    expect(after.filter((call) => !call.startsWith('observe'))).toEqual([]);
    expect(after.length).toBeGreaterThan(0);
    expect(world.technology.summary()).toEqual(running);
    expect(JSON.stringify(dataOf(again))).toBe(before);
    expect(again.engine.core.branch.epoch).toBe(2);
  });

  it('in mid-rollout is restored, and the rollout goes on to its end', async () => {
    const world = new World();
    const first = await started(world);
    const second = world.git.push(shop({ api: '1.1.0' }));
    first.look();
    await world.until(
      () => world.technology.effects.some((effect) => /start .*1\.1\.0/.test(effect)),
      'mid-rollout',
    );
    await world.until(() => first.engine.status.isIdle, 'a status');
    first.incarnation.die();
    world.loseState();
    const again = await world.start();
    await world.until(() => again.verdict(second) === 'applied', 'the end of the rollout');
    await again.settled();
    expect(world.technology.summary()).toEqual([
      'shop/api 1.1.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
    expect(world.technology.effects.filter((effect) => /create .*1\.1\.0/.test(effect))).toHaveLength(1);
  });

  it('after a long life takes no longer to go on than after a short one', async () => {
    const world = new World();
    const first = await started(world);
    world.technology.fate = (transition) => (transition === 'stop' ? 'fails' : 'done');
    await world.pass(20 * 60_000);
    const second = world.git.push(shop({ api: '1.1.0' }));
    first.look();
    await world.until(
      () => world.technology.asked.some(({ transition }) => transition === 'stop'),
      'a stop that fails',
    );
    await world.pass(3_000);
    first.incarnation.die();
    world.loseState();
    world.technology.fate = () => 'done';
    const again = await world.start();
    const since = world.clock.monoMs();
    await world.until(() => again.verdict(second) !== 'progressing' && again.engine.isSettled, 'the end');
    expect(world.clock.monoMs() - since, 'in ms').toBeLessThan(5 * 60_000);
  });

  it('and that has become older than the world: what was made anew meanwhile is configured before it is started', async () => {
    const world = new World();
    const first = await started(world);
    await first.engine.close();
    // Another incarnation has made it anew and died; the journal has lost that, and remembers that it was configured.
    for (const [id, resource] of world.technology.resources)
      world.technology.resources.set(id, { ...resource, state: 'inactive', digest: null });
    const asked = world.technology.asked.length;
    const again = await world.start();
    await again.settled();
    await world.pass(60_000);
    const after = world.technology.asked.slice(asked).map(({ transition, id }) => `${transition} ${id}`);
    for (const id of world.technology.resources.keys())
      expect(after.filter((call) => call.endsWith(id))).toEqual([`configure ${id}`, `start ${id}`]);
    expect(world.technology.summary()).toEqual(running);
  });

  it('after which a late effect of the former controller still makes something: it is found, and held', async () => {
    const world = new World();
    const first = await started(world);
    await first.engine.close();
    world.loseState();
    const again = await world.start();
    await again.settled();
    await world.pass(10_000);
    const [id, resource] = [...world.technology.resources][0] as [InstanceId, Resource];
    const late = id.replace(/\/0$/, '/7') as InstanceId;
    const owner = resource.owner.replace(/\/0$/, '/7') as Resource['owner'];
    world.technology.resources.set(late, { ...resource, owner });
    await world.until(() => again.engine.core.state.domain.holds.has('resource.unaccounted'), 'the hold');
    await again.ask({ verb: 'release', hold: 'resource.unaccounted', reason: 'late', who: 'ada' });
    await world.until(() => !world.technology.resources.has(late), 'it goes');
    expect(world.technology.summary()).toEqual(running);
  });

  it('is restored even if the restoring is broken off at any call', { timeout: 60_000 }, async () => {
    const restoring = async (death: Death | null) => {
      const world = new World({ random: () => 0.999 });
      const first = await started(world);
      await first.engine.close();
      world.loseState();
      let controller = await world.tryStart({ death });
      if (!controller.incarnation.dead) await controller.settled();
      const calls = controller.incarnation.calls;
      if (controller.incarnation.dead) {
        world.crash(controller);
        controller = await world.start();
        await controller.settled();
      }
      return { world, controller, calls: [...calls] };
    };
    const unbroken = await restoring(null);
    const wanted = { data: memoryOf(unbroken.controller), asked: unbroken.world.technology.asked.length };
    for (const { call, side } of deaths(unbroken.calls.length)) {
      const { controller, world } = await restoring({ call, side });
      const got = { data: memoryOf(controller), asked: world.technology.asked.length };
      expect(got, `${side} call ${call}: ${unbroken.calls[call - 1]}`).toEqual(wanted);
    }
  });

  it('claims nothing without it: who could not write his claim takes the domain over with the memory, or not at all', async () => {
    const world = new World();
    const former = await started(world);
    // It dies in the middle of something, of which its next life would tell at once.
    world.technology.fate = () => 'hangs';
    world.git.push(shop({ api: '1.1.0' }));
    former.look();
    await world.until(() => former.kinds().includes('operation.begun'), 'an operation');
    await world.pass(100);
    former.incarnation.die();
    world.technology.fate = () => 'done';
    const other = await world.start({ controller: 'ctl-2', disk: memoryDisk(), takeover: true });
    const revision = await other.push(shop({ api: '1.2.0' }));
    await other.engine.close();

    world.git.unavailable.set('refs/heads/heliostat/status', Infinity);
    const second = await world.tryStart({ takeover: true });
    await world.until(() => second.ended || second.engine.isStopped, 'its end');
    await world.pass(1_000);
    expect(second.kinds()).not.toContain('domain.claimed');
    await second.engine.close();
    world.git.unavailable.clear();

    const third = await world.start({ takeover: true });
    await third.settled();
    expect(third.verdict(revision)).toBe('applied');
    expect(world.technology.summary()).toContain('shop/api 1.2.0 #0 active good');
  });

  it('together with the status branch: what runs is adopted by its identity, strangers with our key are held', async () => {
    const world = new World();
    const first = await started(world);
    const id = first.engine.core.state.domain.id ?? '';
    await first.engine.close();
    world.loseState();
    world.git.refs.delete('refs/heads/heliostat/status');
    const effects = world.technology.effects.length;
    const again = await world.start();
    await again.settled();
    expect(world.technology.effects.slice(effects).filter((effect) => /destroy|stop/.test(effect))).toEqual(
      [],
    );
    expect(again.engine.core.state.domain.id, 'another domain to everybody').not.toBe(id);
  });
});

describe('what carries our key and nothing accounts for', () => {
  it('is listed and held, and destroyed only when a person says so', async () => {
    const world = new World();
    const first = await started(world);
    const [known] = [...world.technology.resources.entries()];
    const stranger = 'prod/shop/old/0.9.0~00000000/0';
    const owner = `${first.engine.core.state.domain.id}:${stranger}`;
    world.technology.resources.set(stranger as never, { ...(known?.[1] as Resource), owner: owner as never });
    await first.engine.close();
    const again = await world.start();
    await world.until(() => again.engine.core.state.domain.holds.has('resource.unaccounted'), 'the hold');
    await world.pass(120_000);
    expect(world.technology.resources.has(stranger as never)).toBe(true);
    expect(JSON.stringify(again.engine.core.state.domain.holds.get('resource.unaccounted'))).toContain(
      stranger,
    );
    expect(world.git.status()['prod/memory.yaml']).toContain(stranger);
    await again.ask({ verb: 'release', hold: 'resource.unaccounted', reason: 'old', who: 'ada' });
    await world.until(() => !world.technology.resources.has(stranger as never), 'it goes');
    await world.pass(10_000);
    expect(again.engine.core.state.domain.holds.size).toBe(0);
    expect(world.technology.summary()).toEqual(running);
    const intents = again.records
      .map(({ entry }) => (entry as Entry).kind)
      .filter((kind) => kind.startsWith('orphan'));
    expect(intents).toEqual(['orphan.begun', 'orphan.ended']);
  });

  it('stays held when it cannot be destroyed, and the controller lives on', async () => {
    for (const fate of ['rejects', 'fails'] as const) {
      const world = new World();
      const first = await started(world);
      const stranger = 'prod/shop/old/0.9.0~00000000/0';
      const [known] = [...world.technology.resources.values()];
      const owner = `${first.engine.core.state.domain.id}:${stranger}`;
      world.technology.resources.set(stranger as never, { ...(known as Resource), owner: owner as never });
      world.technology.fate = (_transition, id) => (id === stranger ? fate : 'done');
      await first.engine.close();
      const again = await world.start();
      await world.until(() => again.engine.core.state.domain.holds.has('resource.unaccounted'), 'the hold');
      await again.ask({ verb: 'release', hold: 'resource.unaccounted', reason: 'old', who: 'ada' });
      await world.pass(10_000);
      expect(again.kinds(), fate).toContain('orphan.ended');
      expect([...again.engine.core.state.domain.holds.keys()], fate).toEqual(['resource.unaccounted']);
      expect(again.engine.isStopped).toBe(false);
    }
  });

  it('goes before it is made anew, where the model asks for it meanwhile', async () => {
    const world = new World();
    world.git.push(shop({ apiSize: 2 }));
    const controller = await world.start();
    await controller.settled();
    const both = world.technology.summary();
    const [second] = [...world.technology.resources].filter(
      ([id]) => id.includes('/api/') && id.endsWith('/1'),
    );
    if (second === undefined) throw new Error('there is no second');
    await controller.push(shop({ apiSize: 1 }));
    world.technology.resources.set(...second);
    await world.until(
      () => controller.engine.core.state.domain.holds.has('resource.unaccounted'),
      'the hold',
    );

    world.technology.latencyMs = 2_000;
    await controller.ask({ verb: 'release', hold: 'resource.unaccounted', reason: 'old', who: 'ada' });
    await controller.push(shop({ apiSize: 2 }));
    await world.pass(60_000);
    expect(world.technology.overlaps, 'two things at a time were done to one instance').toEqual([]);
    expect(world.technology.summary()).toEqual(both);
    const done = world.technology.effects.filter((effect) => effect.endsWith(second[0]));
    expect(done.map((effect) => effect.split(' ')[0])).toEqual([
      ...['create', 'configure', 'start', 'stop', 'destroy'],
      ...['reset', 'create', 'configure', 'start'],
    ]);
  });

  it('of another home is never touched', async () => {
    const world = new World();
    const controller = await started(world);
    const observation = world.technology.observation.bind(world.technology);
    const [api] = [...world.technology.resources.keys()].filter((id) => id.includes('/api/'));
    world.technology.observation = (id) =>
      id === api
        ? { ...observation(id), state: 'failure', foreignHome: safe('/elsewhere/.git') }
        : observation(id);
    const asked = world.technology.asked.length;
    const from = world.clock.wallMs();
    await world.pass(60_000);
    expect(world.technology.asked).toHaveLength(asked);
    await controller.settled();

    const sinceMs = foreignSinceMs(await controller.ask({ verb: 'status' }));
    expect(sinceMs, 'since it was seen').toBeGreaterThan(from);
    await world.pass(60_000);
    expect(controller.kinds().filter((kind) => kind === 'instance.foreign')).toHaveLength(1);
    world.crash(controller);
    const again = await world.start();
    await again.settled();
    expect(foreignSinceMs(await again.ask({ verb: 'status' })), 'known after a restart').toBe(sinceMs);
  });
});

function foreignSinceMs(status: unknown): number | undefined {
  const { solutions } = status as StatusView;
  return solutions
    .flatMap(({ conditions }) => conditions)
    .find(({ reason }) => reason === 'resource.foreignHome')?.sinceMs;
}

async function started(world: World) {
  world.git.push(shop());
  const controller = await world.start();
  await controller.settled();
  return controller;
}

/** What a state remembers of the world, without what belongs to an incarnation. */
function dataOf(controller: Controller): unknown {
  const { state } = controller.engine.core;
  return [...state.tables.solutions.values()].map((solution) => ({
    name: solution.name,
    revision: solution.revision,
    lastStable: solution.lastStable,
    desiredDigest: solution.desiredDigest,
    elements: [...solution.elements.values()].map((element) => ({
      key: element.key,
      wholeSize: element.wholeSize,
      listeners: [...element.listeners.values()].map(({ binding, port }) => [binding, port]),
      instances: [...element.clusters.values()].flatMap((cluster) =>
        [...cluster.instances.values()].map(({ id, lifecycle, runtime, configured }) => ({
          id,
          lifecycle,
          runtime,
          configured,
        })),
      ),
    })),
  }));
}

function memoryOf(controller: Controller): unknown {
  const { domain } = controller.engine.core.state;
  const verdicts = [...domain.revisions.values()].map(({ revision, arrival, verdicts }) => [
    revision,
    arrival,
    verdicts,
  ]);
  return {
    solutions: dataOf(controller),
    accepted: domain.accepted,
    tip: domain.tip,
    verdicts,
    id: domain.id,
  };
}
