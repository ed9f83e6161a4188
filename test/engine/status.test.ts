import { describe, expect, it } from 'vitest';
import { statusRef } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { World } from '../support/fake-ports/world.js';

describe('the status branch', () => {
  it('loses no change of anybody in a race: what was lost is built anew on what won', async () => {
    const world = new World();
    let races = 0;
    world.git.beforeSwap = (ref) => {
      if (ref === statusRef && races < 6)
        world.git.pushTo(statusRef, { [`other/n${races++}.yaml`]: `n: ${races}\n` }, 'Another domain');
    };
    const revision = world.git.push(shop());
    const controller = await world.start();
    await controller.settled();
    expect(races).toBe(6);
    const paths = Object.keys(world.git.status());
    expect(paths.filter((path) => path.startsWith('other/'))).toHaveLength(6);
    expect(paths).toContain('prod/solutions/shop/elements/api.yaml');
    expect(world.git.status()['README.md'], 'the index knows who came meanwhile').toContain('[other]');
    expect(world.git.statusLog().every(({ parents }, i) => parents.length === (i === 0 ? 0 : 1))).toBe(true);
    expect(controller.verdict(revision)).toBe('applied');
  });

  it('keeps what other domains say in the note of a revision', async () => {
    const world = new World();
    const revision = world.git.push(shop());
    await world.git.refsPort.note('heliostat', new Map([[revision, 'test: applied\n']]), 0);
    await (await world.start()).settled();
    expect(world.git.noteOf(revision)?.split('\n').filter(Boolean).sort()).toEqual([
      'prod: applied',
      'test: applied',
    ]);
  });

  it('that cannot be written holds up nothing, is said, and is caught up with', async () => {
    const world = new World();
    const controller = await started(world);
    world.git.unavailable.set(statusRef, 20);
    const revision = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.engine.status.problem !== null, 'the failure');
    expect(controller.engine.status.problem).toContain('full');
    const status = await controller.ask({ verb: 'status' });
    expect(JSON.stringify(status)).toContain('cannot be written');
    await world.until(() => controller.verdict(revision) === 'applied', 'the rollout');
    await controller.settled();
    expect(controller.engine.status.problem).toBe(null);
    expect(world.git.noteOf(revision)).toBe('prod: applied\n');
  });

  it('survives a repository that throws', async () => {
    const world = new World();
    const controller = await started(world);
    const commit = world.git.refsPort.commit;
    let throws = 3;
    Object.assign(world.git.refsPort, {
      commit: (request: Parameters<typeof commit>[0]) =>
        throws-- > 0 ? Promise.reject(new Error('no space left on device')) : commit(request),
    });
    const revision = await controller.push(shop({ api: '1.1.0' }));
    expect(world.git.noteOf(revision)).toBe('prod: applied\n');
  });

  it('says once what happened, and nothing while nothing happens', async () => {
    const world = new World();
    const controller = await started(world);
    const before = world.git.statusLog().length;
    await controller.push(shop({ api: '9.9.9' }));
    expect(world.git.statusLog().length - before, 'one commit for a rejection').toBe(1);
    await world.pass(60_000);
    expect(world.git.statusLog().length - before).toBe(1);
  });

  it('never claims what a crash could still take back', async () => {
    const world = new World();
    const controller = await started(world);
    // The disk takes every write and never says that it is durable.
    const { sync } = controller.disk;
    let held: (() => void)[] = [];
    controller.disk.sync = (file) =>
      new Promise((resolve) => held.push(() => void sync.call(controller.disk, file).then(resolve)));
    const revision = world.git.push(shop({ api: '9.9.9' }));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'rejected', 'the verdict in memory');
    await world.pass(5_000);
    expect(world.git.noteOf(revision)).toBe(null);
    controller.disk.sync = (file) => sync.call(controller.disk, file);
    for (const release of held) release();
    held = [];
    await world.until(() => world.git.noteOf(revision) !== null, 'the note');
  });
});

describe('a disk that is full', () => {
  it('stops the controller before its next effect, and it says why', async () => {
    let full = false;
    const world = new World({ fault: (verb) => (full && verb === 'append' ? 'noSpace' : null) });
    const controller = await started(world);
    const asked = world.technology.asked.length;
    const commits = world.git.statusLog().length;
    full = true;
    const revision = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.engine.isStopped, 'the stop');
    await world.pass(60_000);
    expect(controller.engine.stoppedBecause).toContain('full');
    expect(world.technology.asked).toHaveLength(asked);
    expect(world.git.statusLog(), 'nothing is claimed that no journal holds').toHaveLength(commits);
    expect(world.logged.some((line) => line.includes('full'))).toBe(true);
    full = false;
    world.crash(controller);
    const again = await world.start();
    await world.until(() => again.verdict(revision) === 'applied', 'room again');
  });

  it('makes a start fail with what to do, when the journal cannot even be begun', async () => {
    const world = new World({
      fault: (verb) => (verb === 'replace' || verb === 'append' ? 'noSpace' : null),
    });
    world.git.push(shop());
    const controller = await world.tryStart();
    expect(controller.booted).toMatchObject({ ok: false, code: 'journal.disk' });
    expect(world.technology.asked).toEqual([]);
  });
});

async function started(world: World) {
  world.git.push(shop());
  const controller = await world.start();
  await controller.settled();
  return controller;
}
