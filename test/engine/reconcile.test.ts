import { describe, expect, it } from 'vitest';
import { statusRef } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { World } from '../support/fake-ports/world.js';

const running = ['shop/api 1.0.0 #0 active good', 'shop/db 1.0.0 #0 active good'];

describe('a commit', () => {
  it('is accepted, rolled out, and ends with a verdict that status branch and note tell', async () => {
    const world = new World();
    const revision = world.git.push(shop());
    const controller = await world.start();
    await controller.settled();
    expect(world.technology.summary()).toEqual(running);
    const kinds = controller.kinds();
    const order = [
      'domain.claimed',
      'tip.seen',
      'revision.accepted',
      'rollout.planned',
      'rollout.ended',
      'verdict.given',
    ];
    expect(kinds.filter((kind) => order.includes(kind))).toEqual(order);
    expect(controller.verdict(revision)).toBe('applied');
    const told = world.git.statusLog().filter(({ subject }) => subject.endsWith('applied'));
    expect(told, 'one commit tells it').toHaveLength(1);
    expect(told[0]?.body).toContain(`Heliostat-Revision: ${revision}`);
    expect(told[0]?.body).toContain('Heliostat-Verdict: applied');
    expect(world.git.noteOf(revision)).toBe('prod: applied\n');
    const path = `prod/revisions/${revision.slice(0, 2)}/${revision}.yaml`;
    expect(world.git.status()[path]).toContain('verdict: applied');
  });

  it('starts a consumer only when its provider is routed and well', async () => {
    const world = new World();
    world.git.push(shop());
    await (await world.start()).settled();
    const starts = world.technology.effects.filter((effect) => effect.startsWith('start'));
    expect(starts.map((effect) => effect.split('/')[2])).toEqual(['db', 'api']);
  });

  it('that changes nothing is applied at once and touches nothing', async () => {
    const world = new World();
    const controller = await started(world);
    const asked = world.technology.asked.length;
    const second = await controller.push({ ...shop(), 'notes.txt': 'no model' });
    expect(controller.verdict(second)).toBe('applied');
    expect(world.technology.asked).toHaveLength(asked);
    expect(world.git.noteOf(second)).toBe('prod: applied\n');
  });

  it('is not said to be applied while another element of its solution is still being mended', async () => {
    const world = new World();
    world.git.push(shop());
    const controller = await world.start();
    await controller.settled();
    const { resources } = world.technology;
    world.technology.fate = (transition, id) =>
      transition === 'create' && id.includes('/api/') ? 'fails' : 'done';
    for (const id of resources.keys()) if (id.includes('/api/')) resources.delete(id);
    await world.until(
      () => world.technology.timeline.filter((call) => /create .*api/.test(call)).length > 1,
      'a try',
    );
    const revision = world.git.push(shop({ db: '1.1.0' }));
    controller.look();
    await world.until(
      () => world.technology.summary().join() === 'shop/db 1.1.0 #0 active good',
      'the new database alone',
    );
    await world.pass(30_000);
    expect(controller.verdict(revision)).toBe('progressing');
    world.technology.fate = () => 'done';
    await world.until(() => controller.verdict(revision) === 'applied', 'the verdict');
    expect(world.technology.summary()).toEqual([
      'shop/api 1.0.0 #0 active good',
      'shop/db 1.1.0 #0 active good',
    ]);
  });

  it('that removes an element takes it down and forgets it', async () => {
    const world = new World();
    const controller = await started(world);
    const second = await controller.push(shop({ api: null }));
    expect(controller.verdict(second)).toBe('applied');
    expect(world.technology.summary()).toEqual(['shop/db 1.0.0 #0 active good']);
    expect(Object.keys(world.git.status())).not.toContain('prod/solutions/shop/elements/api.yaml');
    expect(world.technology.routing(), 'nobody asks for the range any more').toEqual([]);
  });
});

describe('where there is nothing to do', () => {
  it('a start writes neither journal nor status branch, and raises no epoch', async () => {
    const world = new World();
    const first = await started(world);
    await first.engine.close();
    const before = {
      status: world.git.refs.get(statusRef),
      disk: sizes(world),
      asked: world.technology.asked.length,
    };
    const again = await world.start();
    await again.settled();
    await world.pass(120_000);
    expect(again.kinds()).toEqual([]);
    expect(again.engine.core.branch.epoch).toBe(0);
    expect({
      status: world.git.refs.get(statusRef),
      disk: sizes(world),
      asked: world.technology.asked.length,
    }).toEqual(before);
  });

  it('time that passes writes nothing', async () => {
    const world = new World();
    const controller = await started(world);
    const before = { commits: world.git.statusLog().length, kinds: controller.kinds().length };
    await world.pass(600_000);
    expect({ commits: world.git.statusLog().length, kinds: controller.kinds().length }).toEqual(before);
  });

  it('a look at the same tip is no arrival', async () => {
    const world = new World();
    const controller = await started(world);
    const before = controller.kinds().length;
    for (let i = 0; i < 5; i++) controller.look();
    await world.pass(10_000);
    expect(controller.kinds()).toHaveLength(before);
  });
});

describe('a rejected tip', () => {
  it('changes nothing, and what was under way goes on to its own verdict', async () => {
    const world = new World();
    const controller = await started(world);
    const good = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.verdict(good) === 'progressing', 'the rollout begins');
    const bad = world.git.push(shop({ api: '9.9.9' }));
    controller.look();
    await world.until(() => controller.verdict(bad) !== null, 'the bad tip was judged');
    expect(controller.verdict(bad)).toBe('rejected');
    expect(controller.verdict(good)).toBe('progressing');
    await controller.settled();
    expect(controller.verdict(good)).toBe('applied');
    expect(world.technology.summary()).toEqual([
      'shop/api 1.1.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
    expect(world.git.noteOf(bad)).toMatch(/^prod: rejected \(.+ at solutions\/shop\.yaml:\d+/);
    expect(world.git.noteOf(good)).toBe('prod: applied\n');
  });

  it('is mended by the next commit', async () => {
    const world = new World();
    const controller = await started(world);
    await controller.push(shop({ api: '9.9.9' }));
    const mended = await controller.push(shop({ api: '1.2.0' }));
    expect(controller.verdict(mended)).toBe('applied');
    expect(world.technology.summary()[0]).toBe('shop/api 1.2.0 #0 active good');
  });
});

describe('newest wins', () => {
  it('a commit in mid-rollout supersedes the older one, which hears it as its verdict', async () => {
    const world = new World();
    const controller = await started(world);
    const older = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => world.technology.summary().some((line) => line.includes('1.1.0')), 'mid-rollout');
    const newer = await controller.push(shop({ api: '1.2.0' }));
    expect([controller.verdict(older), controller.verdict(newer)]).toEqual(['superseded', 'applied']);
    expect(world.technology.summary()).toEqual([
      'shop/api 1.2.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
    expect(world.git.noteOf(older)).toBe(`prod: superseded (${newer.slice(0, 7)} came after it)\n`);
    expect(world.technology.overlaps).toEqual([]);
  });

  it('a hung rollout never blocks the commit that fixes it', async () => {
    const world = new World();
    const controller = await started(world);
    world.technology.healthOf = (id) => (id.includes('/1.1.0~') ? 'bad' : 'good');
    const sick = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.pass(60_000);
    expect(controller.verdict(sick)).toBe('held');
    const fix = await controller.push(shop({ api: '1.2.0' }));
    expect([controller.verdict(sick), controller.verdict(fix)]).toEqual(['superseded', 'applied']);
    expect(world.technology.summary()[0]).toBe('shop/api 1.2.0 #0 active good');
  });

  it('tips between two looks are superseded without being read', async () => {
    const world = new World();
    const controller = await started(world);
    const loads = controller.engine.tips.counts.loads;
    const between = ['1.1.0', '9.9.9'].map((api) => world.git.push(shop({ api })));
    const tip = await controller.push(shop({ api: '1.2.0' }));
    expect(between.map((revision) => controller.verdict(revision))).toEqual(['superseded', 'superseded']);
    expect(controller.verdict(tip)).toBe('applied');
    expect(controller.engine.tips.counts.loads - loads, 'only the tip was read').toBe(1);
    expect(world.technology.effects.filter((effect) => effect.includes('/1.1.0~'))).toEqual([]);
    for (const revision of between) expect(world.git.noteOf(revision)).toContain('prod: superseded');
  });
});

describe('a tracked branch that people bend', () => {
  it('is held when it was forced: repair goes on, nothing new starts, until a person releases it', async () => {
    const world = new World();
    const controller = await started(world);
    const forced = world.git.force(shop({ api: '1.1.0' }), null);
    controller.look();
    await world.until(() => held(controller).includes('branch.forced'), 'the hold');
    await controller.settled();
    expect(world.technology.summary()).toEqual(running);
    const api = [...world.technology.resources.keys()].find((id) => id.includes('/api/')) ?? '';
    world.technology.resources.delete(api as never);
    await world.pass(30_000);
    expect(world.technology.summary(), 'repair goes on').toEqual(running);
    const answer = await controller.ask({
      verb: 'release',
      hold: 'branch.forced',
      reason: 'meant',
      who: 'ada',
    });
    expect(answer).toMatchObject({ done: true });
    await world.until(() => controller.verdict(forced) === 'applied', 'the forced tip is applied');
    await controller.settled();
    expect(held(controller)).toEqual([]);
    expect(world.technology.summary()[0]).toBe('shop/api 1.1.0 #0 active good');
  });

  it('is held when it was deleted: nothing is destroyed, and its return ends the hold', async () => {
    const world = new World();
    const controller = await started(world);
    const tip = world.git.refs.get('refs/heads/main') ?? '';
    world.git.refs.delete('refs/heads/main');
    controller.look();
    await world.until(() => held(controller).includes('branch.deleted'), 'the hold');
    await world.pass(60_000);
    expect(world.technology.summary()).toEqual(running);
    world.git.refs.set('refs/heads/main', tip);
    controller.look();
    await world.until(() => held(controller).length === 0, 'the end of the hold');
    expect(world.technology.summary()).toEqual(running);
  });
});

describe('a commit that would take everything down', () => {
  const { 'solutions/shop.yaml': _solution, ...emptied } = shop();

  it('is held, and the next commit that keeps something goes its way without a trace of the hold', async () => {
    const world = new World();
    const controller = await started(world);
    const wiped = world.git.push(emptied);
    controller.look();
    await world.until(() => controller.verdict(wiped) === 'held', 'the hold');
    await world.pass(60_000);
    expect(world.technology.summary()).toEqual(running);
    const mended = await controller.push(shop({ api: '1.1.0' }));
    expect([controller.verdict(wiped), controller.verdict(mended)]).toEqual(['superseded', 'applied']);
    expect(held(controller)).toEqual([]);
  });

  it('is carried out once a person released it', async () => {
    const world = new World();
    const controller = await started(world);
    const wiped = world.git.push(emptied);
    controller.look();
    await world.until(() => held(controller).length > 0, 'the hold');
    const hold = held(controller)[0] ?? '';
    expect(await controller.ask({ verb: 'release', hold, reason: 'end of sale', who: 'ada' })).toMatchObject({
      done: true,
    });
    await world.until(() => controller.verdict(wiped) === 'applied', 'the verdict');
    await controller.settled();
    expect(world.technology.summary()).toEqual([]);
    expect(held(controller)).toEqual([]);
  });
});

async function started(world: World) {
  world.git.push(shop());
  const controller = await world.start();
  await controller.settled();
  return controller;
}

function held(controller: Awaited<ReturnType<World['start']>>): string[] {
  return [...controller.engine.core.state.domain.holds.keys()];
}

function sizes(world: World): Record<string, number> {
  return Object.fromEntries([...world.disk.contents()].map(([name, bytes]) => [name, bytes.length]));
}
