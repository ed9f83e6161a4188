import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/core/journal/entry.js';
import type { StatusView } from '../../src/core/status/view.js';
import { statusRef } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { never } from '../support/fake-ports/providers.js';
import { World, type Controller } from '../support/fake-ports/world.js';

const upgraded = ['shop/api 1.1.0 #0 active good', 'shop/db 1.0.0 #0 active good'];

describe('a repository that is gone', () => {
  it('is told as long as it is gone, stops every effect, and is no deleted branch; back again, all goes on', async () => {
    const world = new World();
    const controller = await started(world);
    const { refsPort } = world.git;
    const read = refsPort.read;
    const gone = new Error('the repository /repo/.git is not there: it was moved, deleted or unmounted');
    const asked = world.technology.asked.length;
    Object.assign(refsPort, { read: () => Promise.reject(gone) });
    world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.engine.core.troubles.has('tip'), 'it is noticed');
    await world.pass(10 * 60_000);
    expect(controller.engine.isStopped).toBe(false);
    expect(world.technology.asked).toHaveLength(asked);
    expect(controller.engine.core.state.domain.holds.size, 'nothing is held for it').toBe(0);
    const status = await statusOf(controller);
    expect(status.healthy).toBe(false);
    expect(codes(status)).toEqual(['claim.unreadable', 'tip.unreadable']);
    expect(status.conditions.every(({ sinceMs, command }) => sinceMs > 0 && command !== null)).toBe(true);

    Object.assign(refsPort, { read });
    await world.until(() => world.technology.summary().join() === upgraded.join(), 'the rollout');
    await controller.settled();
    await world.pass(20_000);
    expect(codes(await statusOf(controller))).toEqual([]);
    expect(told(controller, 'tip.unreadable'), 'once each, however long it was').toEqual(['began', 'ended']);
    expect(world.logged.filter((line) => line.includes('cannot be looked at')).length).toBe(2);
  });

  it('and that is kept elsewhere is told with the revision that what runs is held to, until it answers', async () => {
    const world = new World();
    const controller = await started(world);
    const { refsPort } = world.git;
    const accepted = controller.engine.core.state.domain.accepted?.slice(0, 7) ?? '';
    let away: { code: string; message: string } | null = {
      code: 'remote.away',
      message: 'git.example does not answer',
    };
    Object.assign(refsPort, { away: () => Promise.resolve(away) });
    await world.pass(60_000);
    const { conditions } = await statusOf(controller);
    expect(conditions).toMatchObject([
      {
        type: 'unreachable',
        reason: 'remote.away',
        message: `git.example does not answer; what runs is held to ${accepted}, the last known`,
      },
    ]);
    expect(controller.engine.isStopped).toBe(false);
    away = null;
    await world.pass(20_000);
    expect(codes(await statusOf(controller))).toEqual([]);
    expect(told(controller, 'remote.away')).toEqual(['began', 'ended']);
  });

  it('in the middle of a rollout counts as no failure of an instance', async () => {
    const world = new World();
    const controller = await started(world);
    const { refsPort } = world.git;
    const read = refsPort.read;
    const revision = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.verdict(revision) !== null, 'a look');
    Object.assign(refsPort, { read: () => Promise.reject(new Error('stale file handle')) });
    await world.pass(15_000);
    Object.assign(refsPort, { read });
    await world.until(() => controller.verdict(revision) === 'applied', 'the end');
    expect(controller.kinds()).not.toContain('instance.trouble');
  });

  it('when the claim is to be written stops the controller with that cause, not as a bug', async () => {
    const world = new World();
    world.git.push(shop());
    Object.assign(world.git.refsPort, { commit: () => Promise.reject(new Error('read-only file system')) });
    const controller = await world.tryStart();
    await world.until(() => controller.engine.isStopped, 'it stops');
    expect(controller.failure).toBe(null);
    expect(controller.engine.stopped).toMatchObject({ cause: 'claim' });
    expect(controller.engine.stoppedBecause).toContain('read-only file system');
  });
});

describe('a provider that hangs', () => {
  it('in observe is left after its time, said, asked less and less often, and over once it answers', async () => {
    const world = new World();
    let hangs = false;
    const calls: number[] = [];
    const controller = await started(world, (provider) => ({
      ...provider,
      observe: (...args) => {
        if (hangs) calls.push(world.clock.monoMs());
        return hangs ? never() : provider.observe(...args);
      },
    }));
    hangs = true;
    await world.until(() => controller.engine.core.troubles.has('observe:noop'), 'it is said');
    await world.pass(10 * 60_000);
    const [condition] = (await statusOf(controller)).conditions;
    expect(condition).toMatchObject({ type: 'unresponsive', reason: 'provider.silent' });
    expect(condition?.message).toContain('noop');
    expect(calls.length, 'of 600 that a poll would have made').toBeLessThan(40);
    expect(world.technology.summary()).toHaveLength(2);
    hangs = false;
    await world.pass(90_000);
    expect(codes(await statusOf(controller))).toEqual([]);
    expect(told(controller, 'provider.silent')).toEqual(['began', 'ended']);
  });

  it('from the start leaves the controller not ready, and nothing is done on what is unknown', async () => {
    const world = new World();
    const first = await started(world);
    await first.engine.close();
    const asked = world.technology.asked.length;
    world.git.push(shop({ api: '1.1.0' }));
    const again = await world.tryStart({
      change: (provider) => ({ ...provider, observe: () => never() }),
    });
    await world.pass(5 * 60_000);
    expect(again.engine.isReady).toBe(false);
    expect(again.engine.wasReady).toBe(false);
    expect(world.technology.asked.slice(asked).filter(({ id }) => id.includes('/1.0.0~'))).toEqual([]);
  });

  it('in list ends no hold of what nothing accounts for, and is asked again', async () => {
    const world = new World();
    let hangs = false;
    const stranger = 'prod/shop/old/0.9.0~00000000/0';
    const change: Change = (provider) => ({
      ...provider,
      list: (...args) => (hangs ? never() : provider.list(...args)),
    });
    const first = await started(world, change);
    const [known] = [...world.technology.resources.values()];
    const owner = `${first.engine.core.state.domain.id}:${stranger}`;
    world.technology.resources.set(stranger as never, { ...known, owner } as never);
    await first.engine.close();
    const second = await world.start({ change });
    await world.until(() => second.engine.core.state.domain.holds.has('resource.unaccounted'), 'the hold');
    await second.engine.close();
    hangs = true;
    const third = await world.start({ change });
    await world.until(() => third.engine.core.troubles.has('list:noop'), 'it is said');
    await world.pass(60_000);
    expect([...third.engine.core.state.domain.holds.keys()]).toEqual(['resource.unaccounted']);
    world.technology.resources.delete(stranger as never);
    hangs = false;
    await world.until(() => third.engine.core.state.domain.holds.size === 0, 'it is looked at again');
    expect(codes(await statusOf(third))).toEqual([]);
  });

  it('that takes an orphan away is left after its time: the orphan stays held', async () => {
    const world = new World();
    const stranger = 'prod/shop/old/0.9.0~00000000/0';
    world.technology.fate = (_transition, id) => (id === stranger ? 'hangs' : 'done');
    const first = await started(world);
    const [known] = [...world.technology.resources.values()];
    const owner = `${first.engine.core.state.domain.id}:${stranger}`;
    world.technology.resources.set(stranger as never, { ...known, owner } as never);
    await first.engine.close();
    const again = await world.start();
    await world.until(() => again.engine.core.state.domain.holds.has('resource.unaccounted'), 'the hold');
    await again.ask({ verb: 'release', hold: 'resource.unaccounted', reason: 'old', who: 'ada' });
    await world.until(() => again.kinds().includes('orphan.ended'), 'the end of the try');
    expect(entries(again).find(({ kind }) => kind === 'orphan.ended')).toMatchObject({ outcome: 'unknown' });
    await world.pass(10_000);
    expect([...again.engine.core.state.domain.holds.keys()]).toEqual(['resource.unaccounted']);
  });

  it('in apply is a condition of its solution until it answers, with the next try in the events', async () => {
    const world = new World();
    const controller = await started(world);
    let hangs = true;
    world.technology.fate = (transition) => (transition === 'start' && hangs ? 'hangs' : 'done');
    const revision = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(
      () =>
        entries(controller).some((entry) => entry.kind === 'operation.ended' && entry.outcome === 'unknown'),
      'its time is over',
    );
    const [condition] = (await statusOf(controller)).solutions[0]?.conditions ?? [];
    expect(condition).toMatchObject({ type: 'retrying', reason: 'start' });
    expect(condition?.message).toContain('no answer within 10 s');
    expect(condition?.command).toBe('heliostat logs prod/shop/api');
    hangs = false;
    await world.until(() => controller.verdict(revision) === 'applied', 'the rollout');
    await controller.settled();
    expect((await statusOf(controller)).solutions[0]?.conditions).toEqual([]);
  });
});

describe('a probe that never answers, or breaks', () => {
  it('is a bad answer after its time, and the instance is probed again', async () => {
    for (const probe of [() => never<never>(), () => Promise.reject(new Error('a bug of the prober'))]) {
      const world = new World();
      const files = shop();
      const api = 'catalog/api/1.0.0.yaml';
      const health = 'health: { tcp: {}, interval: 1s, timeout: 1s, healthyAfter: 1, unhealthyAfter: 2 }';
      world.git.push({ ...files, [api]: `${files[api]}${health}\n` });
      const ports = world.ports.bind(world);
      let asked = 0;
      world.ports = (disk) => {
        const real = ports(disk);
        const hanging = { probe: () => (asked++, probe()) };
        return {
          ...real,
          prober: { probe: (...args) => (asked >= 3 ? real.prober.probe(...args) : hanging.probe()) },
        };
      };
      const controller = await world.start();
      await controller.settled();
      expect(asked).toBe(3);
      expect(world.technology.summary()).toHaveLength(2);
    }
  });
});

describe('the tracked branch', () => {
  const main = 'refs/heads/main';

  it('that is deleted is held; once a person knows, it stays known until the branch was there again', async () => {
    const world = new World();
    const controller = await started(world);
    const tip = world.git.refs.get(main) ?? '';
    const asked = world.technology.asked.length;
    const remove = async (): Promise<void> => {
      world.git.refs.delete(main);
      controller.look();
      await world.until(() => holds(controller).includes('branch.deleted'), 'the hold');
    };
    const restore = async (): Promise<void> => {
      world.git.refs.set(main, tip);
      controller.look();
      await world.until(() => !controller.engine.tips.busy, 'a look');
      await world.pass(1_000);
    };
    await remove();
    expect((await statusOf(controller)).conditions[0]).toMatchObject({
      type: 'held',
      reason: 'branch.deleted',
      command: 'heliostat approve branch.deleted --domain prod --reason TEXT',
    });
    await controller.ask({ verb: 'release', hold: 'branch.deleted', reason: 'moved away', who: 'ada' });
    for (let i = 0; i < 3; i++) {
      controller.look();
      await world.pass(30_000);
    }
    expect(holds(controller), 'not held again while nothing has changed').toEqual([]);
    expect((await statusOf(controller)).healthy).toBe(true);
    await restore();
    await remove();
    await restore();
    expect(holds(controller), 'over by itself').toEqual([]);
    expect(world.technology.asked, 'nothing was done at all').toHaveLength(asked);
  });

  it('that is deleted and comes back with a commit goes on with it', async () => {
    const world = new World();
    const controller = await started(world);
    const tip = world.git.refs.get(main) ?? '';
    world.git.refs.delete(main);
    controller.look();
    await world.until(() => holds(controller).includes('branch.deleted'), 'the hold');
    await controller.ask({ verb: 'release', hold: 'branch.deleted', reason: 'on purpose', who: 'ada' });
    world.git.refs.set(main, tip);
    await controller.push(shop({ api: '1.1.0' }));
    expect(world.technology.summary()).toEqual(upgraded);
    world.git.refs.delete(main);
    controller.look();
    await world.until(() => holds(controller).includes('branch.deleted'), 'held anew');
  });
});

describe('a document of the status branch that is broken', () => {
  const paths = [
    'prod/memory.yaml',
    'prod/solutions/shop/solution.yaml',
    'prod/solutions/shop/elements/api.yaml',
    'prod/releases/api.yaml',
  ];
  for (const path of paths)
    it(`(${path}) is named by a start that has nothing else to remember by, and nothing is done`, async () => {
      const world = new World();
      const first = await started(world);
      await first.engine.close();
      world.loseState();
      const asked = world.technology.asked.length;
      const whole = world.git.status()[path] ?? '';
      for (const broken of ['', '\u0000', whole.replace(/^memory: .*$/m, 'memory: {'), 'memory: {}\n']) {
        world.git.pushTo(statusRef, { [path]: broken }, 'Somebody');
        const tip = world.git.refs.get(statusRef);
        const again = await world.tryStart();
        expect(again.booted, broken).toMatchObject({ ok: false, code: 'status.broken' });
        expect(JSON.stringify(again.booted)).toContain(path);
        expect(world.git.refs.get(statusRef)).toBe(tip);
      }
      expect(world.technology.asked).toHaveLength(asked);
      world.git.pushTo(statusRef, { [path]: whole }, 'Restored');
      const mended = await world.start();
      await mended.settled();
      expect(world.technology.asked).toHaveLength(asked);
    });

  for (const folder of ['.', 'solutions', 'solutions/shop', 'solutions/shop/elements', 'releases'])
    it(`(the folder ${folder}) is named by a start, and what it held does not pass for gone`, async () => {
      const world = new World();
      const first = await started(world);
      await first.engine.close();
      world.loseState();
      const asked = world.technology.asked.length;
      const tree = world.git.folderAt(statusRef, folder === '.' ? 'prod' : `prod/${folder}`);
      const entries = world.git.treesById.get(tree) ?? [];
      world.git.treesById.delete(tree);
      const again = await world.tryStart();
      expect(again.booted).toMatchObject({
        ok: false,
        code: folder === '.' ? 'status.unreadable' : 'status.broken',
      });
      expect(world.technology.asked).toHaveLength(asked);
      world.git.treesById.set(tree, entries);
      const mended = await world.start();
      await mended.settled();
      expect(world.technology.asked).toHaveLength(asked);
    });

  it('is no matter to a controller that has its journal', async () => {
    const world = new World();
    const first = await started(world);
    await first.engine.close();
    world.git.pushTo(statusRef, { 'prod/memory.yaml': 'nonsense' }, 'Somebody');
    const again = await world.start();
    await again.push(shop({ api: '1.1.0' }));
    expect(world.technology.summary()).toEqual(upgraded);
  });
});

type Change = NonNullable<NonNullable<Parameters<World['tryStart']>[0]>['change']>;

async function started(world: World, change?: Change): Promise<Controller> {
  world.git.push(shop());
  const controller = await world.start(change === undefined ? {} : { change });
  await controller.settled();
  return controller;
}

async function statusOf(controller: Controller): Promise<StatusView> {
  return (await controller.ask({ verb: 'status' })) as unknown as StatusView;
}

function codes(view: StatusView): string[] {
  return view.conditions.map(({ reason }) => reason);
}

function entries(controller: Controller): Entry[] {
  return controller.records.map(({ entry }) => entry as Entry);
}

function told(controller: Controller, code: string): string[] {
  return entries(controller).flatMap((entry) =>
    (entry.kind === 'trouble.began' || entry.kind === 'trouble.ended') && entry.trouble === code
      ? [entry.kind.slice('trouble.'.length)]
      : [],
  );
}

function holds(controller: Controller): string[] {
  return [...controller.engine.core.state.domain.holds.keys()];
}
