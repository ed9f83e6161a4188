import { describe, expect, it } from 'vitest';
import { shop } from '../support/fake-ports/model.js';
import { who, World } from '../support/fake-ports/world.js';

const running = ['shop/api 1.0.0 #0 active good', 'shop/db 1.0.0 #0 active good'];

describe('a person', () => {
  it('lets a paused rollout go on, when what kept it is mended', async () => {
    const world = new World();
    const controller = await started(world);
    world.technology.fate = (transition, id) =>
      transition === 'start' && id.includes('/1.1.0~') ? 'refused' : 'done';
    const revision = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'held', 'the pause');
    expect(world.technology.summary(), 'what ran before runs on').toContain('shop/api 1.0.0 #0 active good');
    world.technology.fate = () => 'done';
    await world.pass(120_000);
    expect(controller.verdict(revision), 'nothing goes on by itself').toBe('held');
    expect(await controller.ask({ verb: 'resume', target: 'prod/shop', ...who })).toMatchObject({
      done: true,
    });
    await world.until(() => controller.verdict(revision) === 'applied', 'the end');
  });

  it('has what was given up tried again as a new arrival, with a verdict of its own', async () => {
    const world = new World();
    const abort =
      'defaults:\n  rollout: { onFailure: abort, minHealthyTime: 1s, drainDelay: 1s, healthyDeadline: 20s, progressDeadline: 60s }\n';
    const file = `apiVersion: heliostat/v1\nkind: Domain\nname: prod\n${abort}`;
    const files = (api: string) => ({ ...shop({ api }), 'heliostat.yaml': file });
    world.git.push(files('1.0.0'));
    const controller = await world.start();
    await controller.settled();
    world.technology.fate = (transition, id) =>
      transition === 'start' && id.includes('/1.1.0~') ? 'refused' : 'done';
    const revision = world.git.push(files('1.1.0'));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'failed', 'the failure');
    world.technology.fate = () => 'done';
    expect(await controller.ask({ verb: 'retry', target: 'prod', ...who })).toMatchObject({ done: true });
    await world.until(() => controller.verdict(revision) === 'applied', 'the second try');
    await controller.settled();
    expect(controller.engine.core.state.domain.revisions.get(revision)?.arrival).toBe(2);
    expect(world.technology.summary()).toEqual([
      'shop/api 1.1.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
    expect(world.git.noteOf(revision)).toBe('prod: applied\n');
  });

  it.each([
    ['with what ran before it', '1.0.0'],
    ['with nothing, where nothing ran', null],
  ])(
    'need not try again what was given up once a commit no longer asks for it: the failure ends %s',
    async (_, db) => {
      const world = new World();
      const rollout = '{ onFailure: abort, minHealthyTime: 1s, healthyDeadline: 20s, progressDeadline: 60s }';
      const domain = `apiVersion: heliostat/v1\nkind: Domain\nname: prod\ndefaults:\n  rollout: ${rollout}\n`;
      const element = (name: string) => `  ${name}: { component: db, version: 1.0.0 }\n`;
      const files = (...names: string[]) => ({
        ...shop(),
        'heliostat.yaml': domain,
        'solutions/other.yaml': `apiVersion: heliostat/v1\nkind: Solution\nname: other\nelements:${names.length === 0 ? ' {}' : ''}\n${names.map(element).join('')}`,
      });
      const before = db === null ? [] : ['a'];
      world.git.push(files(...before));
      const controller = await world.start();
      await controller.settled();
      world.technology.fate = (transition, id) =>
        transition === 'create' && id.includes('/b/') ? 'refused' : 'done';
      const failed = world.git.push(files(...before, 'b'));
      controller.look();
      await world.until(() => controller.verdict(failed) === 'failed', 'the failure');
      await controller.settled();
      const phase = () => controller.engine.core.state.tables.solutions.get('other' as never)?.rollout?.phase;
      expect(phase()).toBe('failed');
      const next = await controller.push(files(...before));
      expect(controller.verdict(next)).toBe('applied');
      expect(phase(), 'nobody is asked to retry any more').toBe('succeeded');
      expect(controller.verdict(failed), 'what was said stays').toBe('failed');
    },
  );

  it('cannot have what was rejected by trying it again: it answers for its mistakes as it did at first', async () => {
    const world = new World();
    const controller = await started(world);
    const wrong = { ...shop({ api: '1.1.0' }), 'solutions/other.yaml': 'kind: Solutoin\n' };
    const revision = world.git.push(wrong);
    controller.look();
    await world.until(() => controller.verdict(revision) === 'rejected', 'the rejection');
    for (const arrival of [2, 3]) {
      expect(await controller.ask({ verb: 'retry', target: 'prod', ...who })).toMatchObject({ done: true });
      const known = () => controller.engine.core.state.domain.revisions.get(revision);
      await world.until(() => known()?.arrival === arrival && known()?.state !== 'seen', 'the next try');
      expect(controller.verdict(revision)).toBe('rejected');
    }
    const next = await controller.push({ ...wrong, 'README.md': 'x\n' });
    expect(controller.verdict(next), 'another commit does not answer for them').toBe('applied');
  });

  it('lets a solution go: it runs on and nothing is done to it, also after a restart', async () => {
    const world = new World();
    const first = await started(world);
    expect(await first.ask({ verb: 'detach', target: 'prod/shop', ...who })).toMatchObject({ done: true });
    const asked = world.technology.asked.length;
    const [api] = [...world.technology.resources.keys()].filter((id) => id.includes('/api/'));
    world.technology.resources.delete(api as never);
    await world.pass(60_000);
    await world.until(() => first.engine.status.isIdle, 'the status');
    await first.engine.close();
    const again = await world.start();
    await world.pass(60_000);
    expect(world.technology.asked).toHaveLength(asked);
    expect(await again.ask({ verb: 'resume', target: 'prod/shop', ...who })).toMatchObject({ done: true });
    await world.until(() => world.technology.summary().length === 2, 'it is managed again');
  });

  it('takes a solution back while the tip is not sound: the next sound commit brings it to its model', async () => {
    const world = new World();
    const controller = await started(world);
    await controller.ask({ verb: 'detach', target: 'prod/shop', ...who });
    const model = shop({ api: '1.1.0' });
    await controller.push(model);
    const wrong = world.git.push({ ...model, 'solutions/shop.yaml': 'nonsense' });
    controller.look();
    await world.until(() => controller.verdict(wrong) === 'rejected', 'the rejection');
    await controller.ask({ verb: 'resume', target: 'prod/shop', ...who });
    await world.pass(10_000);
    expect(world.technology.summary(), 'a tip that is not sound changes nothing').toEqual(running);
    const mended = world.git.push(model);
    controller.look();
    await world.until(() => controller.verdict(mended) === 'applied', 'the verdict');
    expect(world.technology.summary()).toEqual([
      'shop/api 1.1.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
  });

  it('takes a solution back and dies before it was planned: the next start plans it', async () => {
    const world = new World();
    const controller = await started(world);
    await controller.ask({ verb: 'detach', target: 'prod/shop', ...who });
    const revision = await controller.push(shop({ api: '1.1.0' }));
    await world.until(() => controller.engine.status.isIdle, 'the status');
    controller.engine.tips.look = () => undefined;
    await controller.ask({ verb: 'resume', target: 'prod/shop', ...who });
    await world.pass(1_000);
    controller.incarnation.die();
    const again = await world.start();
    await world.until(
      () => world.technology.summary().join().includes('shop/api 1.1.0 #0 active'),
      'the new one',
    );
    await again.settled();
    expect(again.verdict(revision)).toBe('applied');
    const { arrival } = again.engine.core.state.domain.revisions.get(revision) as { arrival: number };
    await world.pass(60_000);
    expect(again.engine.core.state.domain.revisions.get(revision)?.arrival, 'once').toBe(arrival);
  });

  it('takes everything down, consumers first, and the next commit brings it back', async () => {
    const world = new World();
    const controller = await started(world);
    const effects = world.technology.effects.length;
    expect(await controller.ask({ verb: 'down', ...who })).toMatchObject({ done: true });
    await world.until(() => world.technology.resources.size === 0, 'all is gone');
    const stops = world.technology.effects.slice(effects).filter((effect) => effect.startsWith('stop'));
    expect(stops.map((effect) => effect.split('/')[2])).toEqual(['api', 'db']);
    await world.pass(60_000);
    expect(world.technology.resources.size, 'it stays down').toBe(0);
    const next = await controller.push(shop({ api: '1.1.0' }));
    expect(controller.verdict(next)).toBe('applied');
    expect(world.technology.summary()).toHaveLength(2);
  });

  it('who has a rollout tried again that is under way hears no verdict before its end', async () => {
    const world = new World();
    const controller = await started(world);
    const revision = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'progressing', 'the rollout');
    expect(await controller.ask({ verb: 'retry', target: 'prod', ...who })).toMatchObject({ done: true });
    await world.until(() => controller.verdict(revision) === 'applied', 'the end');
    expect(world.technology.summary()).toEqual([
      'shop/api 1.1.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
  });

  it('is told when there is nothing to do what is asked to', async () => {
    const world = new World();
    const controller = await started(world);
    const before = controller.kinds().length;
    for (const request of [
      { verb: 'resume', target: 'prod/shop', ...who },
      { verb: 'resume', target: 'prod/nothing', ...who },
      { verb: 'detach', target: 'prod/shop/api', ...who },
      { verb: 'release', hold: 'branch.forced', ...who },
    ] as const) {
      const answer = await controller.ask(request);
      expect(answer.done, request.verb).toBe(false);
      expect(answer.message, request.verb).not.toBe('');
    }
    expect(controller.kinds()).toHaveLength(before);
  });

  it('ends the controller, and everything that it runs goes on', async () => {
    const world = new World();
    const controller = await started(world);
    await controller.ask({ verb: 'shutdown' });
    await world.until(() => controller.ended, 'the end');
    expect(controller.engine.stoppedBecause).toBe(null);
    expect(world.technology.summary()).toHaveLength(2);
  });

  it('who asks a controller that has just stopped gets an answer', async () => {
    const world = new World();
    const controller = await started(world);
    const { inbox } = controller.engine.core;
    let answered = false;
    inbox.push({ kind: 'shutdown' });
    inbox.push({
      kind: 'request',
      request: { verb: 'detach', target: 'prod/shop', ...who },
      answer: () => (answered = true),
    });
    await world.until(() => controller.ended, 'the end');
    expect(answered).toBe(true);
    expect(controller.kinds()).not.toContain('solution.detached');
  });
});

async function started(world: World) {
  world.git.push(shop());
  const controller = await world.start();
  await controller.settled();
  return controller;
}
