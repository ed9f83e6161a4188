import { describe, expect, it } from 'vitest';
import type { Revision } from '../../src/core/base/names.js';
import { main } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { who, World, type Controller } from '../support/fake-ports/world.js';

const rollout =
  '{ onFailure: revert, minHealthyTime: 1s, drainDelay: 1s, healthyDeadline: 20s, progressDeadline: 60s }';
const domain = `apiVersion: heliostat/v1\nkind: Domain\nname: prod\ndefaults:\n  rollout: ${rollout}\n`;
const files = (api: string, apiSize = 1) => ({ ...shop({ api, apiSize }), 'heliostat.yaml': domain });

/** A release of the api that does not start. */
async function failing(): Promise<{ world: World; controller: Controller; good: Revision; bad: Revision }> {
  const world = new World();
  const good = world.git.push(files('1.0.0'), 'Open the shop');
  const controller = await world.start();
  await controller.settled();
  world.technology.fate = (transition, id) =>
    transition === 'start' && id.includes('/1.1.0~') ? 'refused' : 'done';
  const bad = world.git.push(files('1.1.0'), 'Raise the api');
  controller.look();
  return { world, controller, good, bad };
}

function tip(world: World): Revision {
  return world.git.refs.get(main) as Revision;
}

function revertOf(controller: Controller, revision: Revision) {
  return controller.engine.core.state.domain.revisions.get(revision)?.revert;
}

describe('a failure', () => {
  it('ends as a commit that has the files of what was stable, with the evidence; and then all is quiet', async () => {
    const { world, controller, good, bad } = await failing();
    await world.until(() => tip(world) !== bad, 'the revert');
    const revert = tip(world);
    await world.until(() => controller.verdict(revert) === 'applied', 'its verdict');
    await controller.settled();

    expect(world.git.filesOf(revert)).toEqual(world.git.filesOf(good));
    const commit = world.git.commits.get(revert);
    expect(commit?.parents).toEqual([bad]);
    expect(commit?.subject).toBe('Revert shop in prod: shop/api 1.1.0 failed');
    expect(commit?.body).toContain('start failed');
    expect(commit?.body).toContain(`Heliostat-Reverts: ${bad} 1`);
    expect(controller.verdict(bad)).toBe('reverted');
    expect(world.git.noteOf(bad)).toContain('prod: reverted');
    expect(revertOf(controller, bad)).toMatchObject({ outcome: 'made', commit: revert });
    expect(world.technology.summary()).toEqual([
      'shop/api 1.0.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
    expect(controller.engine.core.state.tables.solutions.get('shop' as never)).toMatchObject({
      quarantine: null,
      rollout: { phase: 'succeeded' },
    });
    await world.pass(600_000);
    expect(tip(world)).toBe(revert);
  });

  it('makes stable again what was stable, and not what has failed: the next failure goes back to it as well', async () => {
    const { world, controller, good, bad } = await failing();
    const stable = () =>
      controller.engine.core.state.tables.solutions.get('shop' as never)?.lastStable ?? null;
    await world.until(() => stable()?.revision === good, 'the first state');
    const digest = stable()?.desiredDigest;
    await world.until(() => tip(world) !== bad, 'the revert');
    const revert = tip(world);
    await world.until(() => controller.verdict(revert) === 'applied', 'its verdict');
    expect(stable()).toEqual({ revision: revert, desiredDigest: digest });

    const again = world.git.push(files('1.1.0'), 'Raise the api once more');
    controller.look();
    await world.until(() => revertOf(controller, again)?.outcome === 'made', 'the second revert');
    await world.until(() => controller.verdict(tip(world)) === 'applied', 'its verdict');
    expect(world.git.filesOf(tip(world))).toEqual(world.git.filesOf(good));
  });

  it('waits on a branch of its own where somebody is at work in the work tree, and says how to merge it', async () => {
    const { world, controller, bad } = await failing();
    world.git.occupied = 'main is checked out, and there are changes in its work tree';
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the branch');

    expect(tip(world)).toBe(bad);
    const { commit, ref, reason } = revertOf(controller, bad) ?? {};
    expect(ref).toBe(`refs/heads/heliostat/revert-${commit?.slice(0, 7)}`);
    expect(world.git.refs.get(ref ?? '')).toBe(commit);
    expect(reason).toContain(`git merge heliostat/revert-${commit?.slice(0, 7)}`);
    await controller.settled();
    expect(world.technology.summary()).toContain('shop/api 1.0.0 #0 active good');

    world.git.refs.set(main, commit as Revision);
    controller.look();
    await world.until(() => controller.verdict(commit as Revision) === 'applied', 'the merge');
  });

  it('makes no commit where somebody has asked for something else meanwhile', async () => {
    const { world, controller, bad } = await failing();
    await world.until(
      () =>
        controller.engine.core.state.tables.solutions.get('shop' as never)?.rollout?.phase === 'reverting',
      'the way back',
    );
    const better = world.git.push(files('1.2.0'), 'A better one');
    controller.look();
    await world.until(() => controller.verdict(better) === 'applied', 'the better one');
    await controller.settled();

    expect(tip(world)).toBe(better);
    expect(controller.verdict(bad)).toBe('failed');
    expect(revertOf(controller, bad)).toBeUndefined();
  });

  it('is put on top of what came after it, if that still asks for what failed', async () => {
    const { world, controller, good, bad } = await failing();
    world.git.beforeSwap = (ref) => {
      if (ref !== main) return;
      world.git.beforeSwap = () => undefined;
      world.git.push({ ...files('1.1.0'), 'README.md': 'Read me.\n' }, 'Write a readme');
      controller.look();
    };
    await world.until(() => revertOf(controller, bad)?.outcome === 'made', 'the revert');

    expect(world.git.filesOf(tip(world))).toEqual({ ...world.git.filesOf(good), 'README.md': 'Read me.\n' });
  });

  it('makes one commit though the controller dies before it knows of it', async () => {
    const { world, controller, bad } = await failing();
    await world.until(() => tip(world) !== bad, 'the revert');
    const revert = tip(world);
    world.crash(controller);
    const next = await world.start();
    await next.settled();

    expect(tip(world)).toBe(revert);
    expect(revertOf(next, bad)).toMatchObject({ outcome: 'made', commit: revert });
  });

  it('of the way back as well is left to a person; what should run is tried again at once all the same', async () => {
    const world = new World();
    world.git.push(files('1.0.0', 2), 'Open the shop');
    const controller = await world.start();
    await controller.settled();
    world.technology.healthOf = (id) => (id.includes('/api/') && id.endsWith('/1') ? 'bad' : 'good');
    const bad = world.git.push(files('1.1.0', 2), 'Raise the api');
    controller.look();
    const phase = () =>
      controller.engine.core.state.tables.solutions.get('shop' as never)?.rollout?.phase ?? null;
    await world.until(() => phase() === 'blocked', 'the failure of the way back');
    expect(controller.verdict(bad)).toBe('failed');
    world.technology.healthOf = () => 'good';
    await world.pass(4_000);

    expect(world.technology.summary().filter((line) => line.includes('/api'))).toEqual([
      'shop/api 1.0.0 #0 active good',
      'shop/api 1.0.0 #1 active good',
    ]);
    expect(phase(), 'a person has not looked yet').toBe('blocked');
    expect(tip(world)).toBe(bad);
    expect(revertOf(controller, bad)).toBeUndefined();
  });

  it('is tried again when a person wants it, with the same files', async () => {
    const { world, controller, bad } = await failing();
    world.git.occupied = 'main is checked out, and there are changes in its work tree';
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the branch');
    world.technology.fate = () => 'done';
    expect(await controller.ask({ verb: 'retry', target: 'prod/shop', ...who })).toMatchObject({
      done: true,
    });
    await world.until(() => controller.verdict(bad) === 'applied', 'the second try');
    expect(world.technology.summary()).toContain('shop/api 1.1.0 #0 active good');
  });

  it('is not looked at again and again where its solution was let go and taken back', async () => {
    const { world, controller, bad } = await failing();
    world.git.occupied = 'main is checked out, and there are changes in its work tree';
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the branch');
    for (const verb of ['detach', 'resume'] as const)
      expect(await controller.ask({ verb, target: 'prod/shop', ...who })).toMatchObject({ done: true });
    await controller.settled();
    const { domain } = controller.engine.core.state;
    const arrival = domain.revisions.get(bad)?.arrival;
    await world.pass(120_000);
    expect(controller.engine.core.state.domain.revisions.get(bad)?.arrival).toBe(arrival);
    expect(world.technology.summary()).toContain('shop/api 1.0.0 #0 active good');
  });
});

describe('solutions that belong together', () => {
  const release = (name: string, version: string, body = '') => ({
    [`catalog/${name}/${version}.yaml`]: `apiVersion: heliostat/v1\nkind: Component\nname: ${name}\nversion: ${version}\nprovider: noop\nendpoint: { url: "http://\${instance.address}:\${instance.port}" }\n${body}`,
  });
  const needs = (range: string) =>
    `dependencies: { db: { type: service, component: db, version: "${range}" } }\n`;
  const solution = (name: string, elements: string) => ({
    [`solutions/${name}.yaml`]: `apiVersion: heliostat/v1\nkind: Solution\nname: ${name}\nelements:\n${elements}`,
  });
  const two = (db: string, api: string) => ({
    'heliostat.yaml': domain,
    ...release('db', '1.0.0'),
    ...release('db', '2.0.0'),
    ...release('api', '1.0.0', needs('<2')),
    ...release('api', '2.0.0', needs('>=2')),
    ...solution('data', `  db: { component: db, version: ${db} }\n`),
    ...solution(
      'shop',
      `  api: { component: api, version: ${api}, relationships: { db: { dependency: db, element: db, solution: data } } }\n`,
    ),
  });

  async function broken(): Promise<{ world: World; controller: Controller; good: Revision; bad: Revision }> {
    const world = new World();
    const good = world.git.push(two('1.0.0', '1.0.0'), 'Open the shop');
    const controller = await world.start();
    await controller.settled();
    world.technology.fate = (transition, id) =>
      transition === 'start' && id.includes('/api/2.0.0~') ? 'refused' : 'done';
    const bad = world.git.push(two('2.0.0', '2.0.0'), 'Raise both');
    controller.look();
    return { world, controller, good, bad };
  }

  it('end in one commit that has the files of both', async () => {
    const { world, controller, good, bad } = await broken();
    await world.until(() => tip(world) !== bad, 'the revert');
    const revert = tip(world);
    await world.until(() => controller.verdict(revert) === 'applied', 'its verdict');

    expect(world.git.filesOf(revert)).toEqual(world.git.filesOf(good));
    expect(world.git.commits.get(revert)?.parents).toEqual([bad]);
    expect(world.git.commits.get(revert)?.body).toContain('goes back with shop');
    expect(controller.engine.core.state.domain.revisions.get(bad)?.verdicts).toMatchObject({
      data: { verdict: 'reverted' },
      shop: { verdict: 'reverted' },
    });
    expect(world.technology.summary()).toEqual([
      'data/db 1.0.0 #0 active good',
      'shop/api 1.0.0 #0 active good',
    ]);
  });

  it('end so too where the controller dies on the way back and its state folder is lost', async () => {
    const { world, controller, good, bad } = await broken();
    const phase = (name: string) =>
      controller.engine.core.state.tables.solutions.get(name as never)?.rollout?.phase;
    await world.until(() => phase('shop') === 'reverting', 'the way back');
    expect(phase('data')).toBe('reverting');
    await world.pass(2_000);
    world.crash(controller);
    world.loseState();
    const next = await world.start();
    await world.until(() => tip(world) !== bad, 'the revert');
    await world.until(() => next.verdict(tip(world)) === 'applied', 'its verdict');
    expect(world.git.filesOf(tip(world))).toEqual(world.git.filesOf(good));
  });

  it('are tried again together', async () => {
    const { world, controller, bad } = await broken();
    world.git.occupied = 'main is checked out, and there are changes in its work tree';
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the branch');
    world.technology.fate = () => 'done';
    expect(await controller.ask({ verb: 'retry', target: 'prod/shop', ...who })).toMatchObject({
      done: true,
    });
    await world.until(() => controller.verdict(bad) === 'applied', 'the second try');
    expect(world.technology.summary()).toEqual([
      'data/db 2.0.0 #0 active good',
      'shop/api 2.0.0 #0 active good',
    ]);
  });

  it('keep out what needs a version that failed, though the state folder was lost, and let it go with the next one', async () => {
    const world = new World();
    const more = { ...release('db', '2.1.0'), ...release('api', '1.1.0', needs('>=1')) };
    const files = (db: string, api: string) => ({ ...two(db, api), ...more });
    world.git.push(files('1.0.0', '1.1.0'), 'Open the shop');
    const controller = await world.start();
    await controller.settled();
    world.technology.fate = (transition, id) =>
      transition === 'start' && id.includes('/db/2.0.0~') ? 'refused' : 'done';
    world.git.occupied = 'main is checked out, and there are changes in its work tree';
    const bad = world.git.push(files('2.0.0', '1.1.0'), 'Raise the db');
    controller.look();
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the branch');
    await controller.settled();
    world.crash(controller);
    world.loseState();
    const next = await world.start();
    await next.settled();

    await next.push(files('2.0.0', '2.0.0'), 'Raise the api');
    expect(world.technology.summary()).toEqual([
      'data/db 1.0.0 #0 active good',
      'shop/api 1.1.0 #0 active good',
    ]);
    world.crash(next);
    world.loseState();
    const last = await world.start();
    await last.settled();
    const better = await last.push(files('2.1.0', '2.0.0'), 'Raise the db again');
    await world.until(() => last.verdict(better) === 'applied', 'the better one');
    expect(world.technology.summary()).toEqual([
      'data/db 2.1.0 #0 active good',
      'shop/api 2.0.0 #0 active good',
    ]);
  });
});
