import { describe, expect, it } from 'vitest';
import type { DomainName } from '../../src/core/base/names.js';
import { requestDocument, requestPath } from '../../src/core/status/request.js';
import { statusRef } from '../../src/engine/status-branch.js';
import { shop } from '../support/fake-ports/model.js';
import { who, World, type Controller } from '../support/fake-ports/world.js';

const prod = 'prod' as DomainName;

/** The shop runs, and nobody listens. */
async function unattended(): Promise<World> {
  const world = new World();
  world.git.push(shop(), 'Open the shop');
  const controller = await world.start();
  await controller.settled();
  await controller.engine.close();
  return world;
}

function say(
  world: World,
  id: string,
  request: object,
  tip: string | null = world.git.refs.get(main) ?? null,
) {
  const written = { id, request: { ...who, ...request } as never, tip, saidAtMs: world.clock.wallMs() };
  world.git.pushTo(statusRef, { [requestPath(prod, id)]: requestDocument(written) }, 'Ask');
}

const main = 'refs/heads/main';
const pause = { verb: 'pause', target: 'prod/shop', forMs: null };

function requests(world: World): string[] {
  return Object.keys(world.git.status()).filter((path) => path.startsWith('prod/requests/'));
}

function answers(controller: Controller): string[] {
  const { answered = [] } = controller.engine.core.state.domain;
  return answered.map(
    ({ id, verb, done, message }) => `${id} ${verb} ${done ? 'done' : 'refused'}: ${message}`,
  );
}

function paused(controller: Controller): string[] {
  return (controller.engine.core.state.domain.pauses ?? []).map(({ target }) => target);
}

describe('what somebody wrote on the status branch while no controller ran', () => {
  it('is done by the next one, with who and why; its file goes, and its answer is remembered', async () => {
    const world = await unattended();
    say(world, 'r1', pause);
    const next = await world.start();
    await next.settled();

    expect(paused(next)).toEqual(['shop']);
    expect(next.engine.core.state.domain.pauses?.[0]).toMatchObject(who);
    expect(answers(next)).toEqual([expect.stringMatching(/^r1 pause done: /)]);
    expect(requests(world)).toEqual([]);
    expect(world.git.status()['prod/memory.yaml']).toContain('"id":"r1"');
  });

  it('is taken for no change of our own documents, and for no other controller', async () => {
    const world = await unattended();
    say(world, 'r1', pause);
    const next = await world.start();
    await next.settled();
    expect(next.kinds()).not.toContain('status.lost');
    expect(next.engine.stopped).toBeNull();
  });

  it('is done in the order in which it was said', async () => {
    const world = await unattended();
    say(world, 'r2', { verb: 'resume', target: 'prod/shop' });
    say(world, 'r1', pause);
    const next = await world.start();
    await next.settled();
    expect(answers(next).map((line) => line.slice(0, 9))).toEqual(['r1 pause ', 'r2 resume']);
    expect(paused(next)).toEqual([]);
  });

  it('is done once, wherever the controller dies, though the file lies there again', async () => {
    for (let writes = 0; writes < 6; writes++) {
      const world = await unattended();
      say(world, 'r1', { verb: 'restart', target: 'prod/shop/db' });
      let left = writes;
      const died = { value: false };
      const next = await world.start();
      world.git.beforeSwap = () => {
        if (left-- === 0 && !died.value) {
          died.value = true;
          world.crash(next);
        }
      };
      await world.until(() => died.value || (next.engine.isSettled && next.engine.status.isIdle), 'an end');
      if (!died.value) world.crash(next);
      world.git.beforeSwap = () => undefined;
      const last = await world.start();
      await last.settled();
      expect(requests(world), `after ${writes}`).toEqual([]);
      say(world, 'r1', { verb: 'restart', target: 'prod/shop/db' });
      await world.pass(30_000);
      await last.settled();
      expect(answers(last), `after ${writes}`).toHaveLength(1);
      const starts = world.technology.effects.filter(
        (effect) => effect.startsWith('start') && effect.includes('/db/'),
      );
      expect(starts, `after ${writes}`).toHaveLength(2);
    }
  });

  it('is done once by one that has lost its state folder', async () => {
    const world = await unattended();
    say(world, 'r1', pause);
    const next = await world.start();
    await next.settled();
    expect(await next.ask({ verb: 'resume', target: 'prod/shop', ...who })).toMatchObject({ done: true });
    await next.settled();
    world.crash(next);
    world.loseState();
    say(world, 'r1', pause);
    const last = await world.start();
    await last.settled();
    expect(paused(last)).toEqual([]);
    expect(requests(world)).toEqual([]);
  });

  it('is taken up by one that runs, too', async () => {
    const world = new World();
    world.git.push(shop(), 'Open the shop');
    const controller = await world.start();
    await controller.settled();
    say(world, 'r1', pause);
    await world.pass(30_000);
    expect(paused(controller)).toEqual(['shop']);
    expect(requests(world)).toEqual([]);
  });
});

describe('what makes no sense any more', () => {
  it('is answered so and not obeyed: a hold that is not there, a rollout of another commit', async () => {
    const world = await unattended();
    const former = world.git.refs.get(main) ?? null;
    say(world, 'r1', { verb: 'release', hold: 'plan.noPath' });
    say(world, 'r2', { verb: 'retry', target: 'prod/shop' }, 'f'.repeat(40));
    say(world, 'r3', { verb: 'pause', target: 'prod/nothing', forMs: null });
    const next = await world.start();
    await next.settled();
    expect(answers(next)).toEqual([
      'r1 release refused: there is no hold plan.noPath',
      `r2 retry refused: it was said of fffffff, and ${former?.slice(0, 7)} is the tip by now`,
      expect.stringMatching(/^r3 pause refused: there is no prod\/nothing/),
    ]);
    expect(requests(world)).toEqual([]);
  });

  it('is answered where nobody can read it, or where it is nothing that a branch may ask for', async () => {
    const world = await unattended();
    world.git.pushTo(statusRef, { [requestPath(prod, 'r1')]: 'verb: pause\n' }, 'Ask');
    say(world, 'r2', { verb: 'down' });
    say(world, 'r3', { verb: 'pause', target: 'prod/shop', forMs: -1 });
    const next = await world.start();
    await next.settled();
    expect(answers(next).map((line) => line.split(': ')[1])).toEqual([
      'it cannot be read',
      'down is not taken from a branch',
      'pause needs forMs, milliseconds or null',
    ]);
    expect(requests(world)).toEqual([]);
    expect(world.technology.summary()).toHaveLength(2);
  });
});
