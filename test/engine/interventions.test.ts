import { describe, expect, it } from 'vitest';
import type { Revision } from '../../src/core/base/names.js';
import type { StatusView } from '../../src/core/status/view.js';
import { main } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { who, World, type Controller } from '../support/fake-ports/world.js';

const minute = 60_000;

async function started(world = new World()): Promise<{ world: World; controller: Controller }> {
  world.git.push(shop());
  const controller = await world.start();
  await controller.settled();
  return { world, controller };
}

function tried(world: World, transition: string, part: string): boolean {
  return world.technology.asked.some((call) => call.transition === transition && call.id.includes(part));
}

/** A release of the api that does not start. */
async function failing(): Promise<{ world: World; controller: Controller; revision: Revision }> {
  const { world, controller } = await started();
  world.technology.fate = (transition, id) =>
    transition === 'start' && id.includes('/1.1.0~') ? 'fails' : 'done';
  const revision = world.git.push(shop({ api: '1.1.0' }));
  controller.look();
  await world.until(() => tried(world, 'start', '/1.1.0~'), 'the try');
  return { world, controller, revision };
}

function effects(world: World): string[] {
  return world.technology.effects.map((effect) => {
    const [transition, id] = effect.split(' ');
    const [, solution, element, cluster] = (id ?? '').split('/');
    return `${transition} ${solution}/${element} ${cluster?.split('~')[0]}`;
  });
}

async function conditions(controller: Controller): Promise<string[]> {
  const status = (await controller.ask({ verb: 'status' })) as unknown as StatusView;
  return [...status.conditions, ...status.solutions.flatMap((solution) => solution.conditions)].map(
    ({ type, message, command }) => `${type}: ${message} → ${command}`,
  );
}

describe('a pause that a person asks for', () => {
  const pause = { verb: 'pause', target: 'prod/shop', forMs: 30 * minute, ...who } as const;

  it('holds a new commit, says who, why, until when and how it ends, and ends by itself', async () => {
    const { world, controller } = await started();
    expect(await controller.ask(pause)).toMatchObject({ done: true });
    const before = world.technology.effects.length;
    const revision = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'held', 'the verdict');
    await world.pass(20 * minute);
    expect(world.technology.effects).toHaveLength(before);
    expect(await conditions(controller)).toEqual([
      expect.stringMatching(
        /^paused: prod\/shop is paused by ada until \d{4}-.+Z: because; .+ → heliostat resume prod\/shop --reason TEXT$/,
      ),
    ]);
    const status = world.git.status()['prod/solutions/shop/solution.yaml'];
    expect(status).toContain('prod/shop is paused by ada');
    expect(world.git.status()['prod/memory.yaml']).toContain('target: shop');

    await world.until(() => controller.verdict(revision) === 'applied', 'the end');
    expect(await conditions(controller)).toEqual([]);
    await controller.settled();
    expect(world.git.status()['prod/memory.yaml']).not.toContain('target: shop');
  });

  it.each([['journal'], ['status branch']])('is kept by the %s when the controller dies', async (memory) => {
    const { world, controller } = await started();
    await controller.ask(pause);
    await controller.settled();
    controller.incarnation.die();
    if (memory === 'status branch') world.loseState();
    const revision = world.git.push(shop({ api: '1.1.0' }));
    const next = await world.start();
    await world.until(() => next.verdict(revision) === 'held', 'the verdict');
    const before = world.technology.effects.length;
    await world.pass(20 * minute);
    expect(world.technology.effects).toHaveLength(before);
    await world.until(() => next.verdict(revision) === 'applied', 'the end');
  });

  it('is over for who comes back after its time', async () => {
    const { world, controller } = await started();
    await controller.ask(pause);
    await controller.settled();
    controller.incarnation.die();
    await world.pass(40 * minute);
    const next = await world.start();
    await next.settled();
    expect(next.engine.core.state.domain.pauses).toBeUndefined();
    expect(next.kinds()).toContain('pause.ended');
  });

  it('of the domain repairs nothing, is ended early by resume, and then all is repaired', async () => {
    const { world, controller } = await started();
    await controller.ask({ ...pause, target: 'prod', forMs: null });
    const [api] = [...world.technology.resources.keys()].filter((id) => id.includes('/api/'));
    world.technology.resources.delete(api as never);
    await world.pass(10 * minute);
    expect(world.technology.summary()).toHaveLength(1);
    expect(await controller.ask({ verb: 'resume', target: 'prod/shop', ...who })).toMatchObject({
      done: false,
      message: 'prod/shop is paused with all of prod: resume that',
    });
    expect(await controller.ask({ verb: 'down', ...who })).toMatchObject({
      done: false,
      message: expect.stringContaining('heliostat resume prod --reason TEXT') as string,
    });
    expect(await controller.ask({ verb: 'resume', target: 'prod', ...who })).toMatchObject({ done: true });
    await world.until(() => world.technology.summary().length === 2, 'the repair');
  });

  it.each(['prod/nothing', 'prod/shop/nothing', 'other', 'prod/shop/api/1'])(
    'of %s, which is not there, is none',
    async (target) => {
      const { controller } = await started();
      const before = controller.kinds().length;
      expect(await controller.ask({ ...pause, target })).toMatchObject({ done: false });
      expect(controller.kinds()).toHaveLength(before);
    },
  );
});

describe('an abort', () => {
  it('ends the rollout as failed, with who and why; what runs stays until another commit', async () => {
    const { world, controller, revision } = await failing();
    expect(await controller.ask({ verb: 'abort', target: 'prod/shop', revert: false, ...who })).toMatchObject(
      {
        done: true,
      },
    );
    await world.until(() => controller.verdict(revision) === 'failed', 'the verdict');
    const given = controller.engine.core.state.domain.revisions.get(revision)?.verdicts;
    expect(Object.values(given ?? {})[0]?.reason).toBe('aborted by ada: because');
    await controller.settled();
    expect(world.technology.summary()).toEqual([
      'shop/api 1.0.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
    world.technology.fate = () => 'done';
    const next = await controller.push(shop({ api: '1.2.0' }));
    expect(controller.verdict(next)).toBe('applied');
  });

  it('that reverts goes back to what was stable, blames nobody, and says so in a commit', async () => {
    const { world, controller } = await started();
    const good = world.git.refs.get(main) as Revision;
    world.technology.fate = (transition, id) =>
      transition === 'start' && id.includes('/1.1.0~') ? 'hangs' : 'done';
    const revision = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'progressing', 'the rollout');
    await controller.ask({ verb: 'abort', target: 'prod/shop', revert: true, ...who });
    expect(controller.engine.core.state.tables.solutions.get('shop' as never)?.quarantine?.clusters).toEqual(
      [],
    );
    await world.until(() => controller.verdict(revision) === 'reverted', 'the way back');
    await world.until(() => world.git.refs.get(main) !== revision, 'the commit');
    const revert = world.git.refs.get(main) as Revision;
    await world.until(() => controller.verdict(revert) === 'applied', 'its verdict');
    expect(world.git.filesOf(revert)).toEqual(world.git.filesOf(good));
    expect(world.git.commits.get(revert)?.subject).toBe('Revert shop in prod: its rollout was given up');
    expect(world.git.commits.get(revert)?.body).toContain('aborted by ada: because');
  });

  it('is told when there is nothing to abort, or nothing to go back to', async () => {
    const { controller } = await started();
    const abort = { verb: 'abort', target: 'prod/shop', revert: false, ...who } as const;
    expect(await controller.ask(abort)).toMatchObject({
      done: false,
      message: 'no rollout of shop is under way',
    });
    const world = new World();
    world.technology.fate = (transition) => (transition === 'start' ? 'fails' : 'done');
    world.git.push(shop());
    const first = await world.start();
    await world.until(() => tried(world, 'start', '/db/'), 'the try');
    expect(await first.ask({ ...abort, revert: true })).toMatchObject({
      done: false,
      message: expect.stringContaining('nothing to go back to') as string,
    });
    expect(await first.ask({ ...abort, target: 'prod/shop/api' })).toMatchObject({
      done: false,
      message: expect.stringContaining('abort shop') as string,
    });
  });
});

describe('a restart', () => {
  const restart = { verb: 'restart', target: 'prod/shop', ...who } as const;

  it('stops and starts every instance once, and says when it is over', async () => {
    const { world, controller } = await started();
    await world.pass(minute);
    const before = world.technology.effects.length;
    expect(await controller.ask(restart)).toMatchObject({ done: true });
    expect((await conditions(controller)).map((line) => line.split(':')[0])).toEqual([
      'restarting',
      'restarting',
    ]);
    await world.until(
      () => controller.kinds().filter((kind) => kind === 'restart.ended').length === 2,
      'the end',
    );
    expect(effects(world).slice(before).sort()).toEqual([
      'start shop/api 1.0.0',
      'start shop/db 1.0.0',
      'stop shop/api 1.0.0',
      'stop shop/db 1.0.0',
    ]);
    expect(await conditions(controller)).toEqual([]);
  });

  it('goes on after the controller has died, once for each instance', async () => {
    const { world, controller } = await started();
    await world.pass(minute);
    const before = world.technology.effects.length;
    await controller.ask({ ...restart, target: 'prod/shop/db' });
    await world.until(() => effects(world).slice(before).length > 0, 'the stop');
    world.crash(controller);
    const next = await world.start();
    await world.until(() => next.kinds().includes('restart.ended'), 'the end');
    await next.settled();
    expect(
      effects(world)
        .slice(before)
        .filter((effect) => effect.startsWith('start')),
    ).toHaveLength(1);
    expect(world.technology.summary()).toHaveLength(2);
  });

  it('is refused where nothing runs, where it is paused, and where it is under way already', async () => {
    const { controller } = await started();
    const asked = async (target = 'prod/shop/api') => (await controller.ask({ ...restart, target })).message;
    expect(await asked('prod/nothing')).toBe('there is no prod/nothing here');
    await controller.ask({ verb: 'pause', target: 'prod', forMs: null, ...who });
    expect(await asked()).toContain('heliostat resume prod --reason TEXT');
    await controller.ask({ verb: 'resume', target: 'prod', ...who });
    expect((await controller.ask({ ...restart, target: 'prod/shop/api' })).done).toBe(true);
    expect(await asked()).toContain('already');
    const abort = { verb: 'abort', target: 'prod/shop/api', revert: false, ...who } as const;
    expect(await controller.ask(abort)).toMatchObject({ done: true });
    await controller.settled();
    expect(await conditions(controller)).toEqual([]);
  });
});
