import { describe, expect, it } from 'vitest';
import { readClaim } from '../../src/core/status/claim.js';
import { memoryDisk } from '../support/memory-disk.js';
import { statusRef } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { World } from '../support/fake-ports/world.js';

describe('a domain', () => {
  it('is run by one controller: another is refused, and told by whom', async () => {
    const world = new World();
    await started(world);
    const other = await world.tryStart({ controller: 'laptop', disk: memoryDisk() });
    expect(other.booted).toMatchObject({ ok: false, code: 'claim.refused' });
    expect(JSON.stringify(other.booted)).toContain('ctl-1');
    expect(JSON.stringify(other.booted)).toContain('--takeover');
  });

  it('comes back to a controller of the same name, with the same id and the next epoch', async () => {
    const world = new World();
    const first = await started(world);
    const before = claim(world);
    await first.engine.close();
    const again = await world.start();
    await again.settled();
    await again.push(shop({ api: '1.1.0' }));
    expect(claim(world)).toEqual({ ...before, epoch: before.epoch + 1 });
  });

  it('never has one epoch twice, though its claim cannot be read for a moment, whichever that is', async () => {
    for (const verb of ['commit', 'tree'] as const)
      for (let at = 1; at <= 12; at++) {
        const world = new World();
        const first = await started(world);
        const before = claim(world);
        await first.engine.close();
        world.loseState();
        let asked = 0;
        const ask = world.git[verb].bind(world.git) as (oid: string) => Promise<never>;
        Object.assign(world.git, {
          [verb]: (oid: string) => (++asked === at ? Promise.resolve(null) : ask(oid)),
        });
        const again = await world.tryStart();
        if (again.booted?.ok !== true) continue;
        world.git.push(shop({ api: '1.1.0' }));
        again.look();
        await world.until(() => again.engine.isStopped || claim(world).epoch > before.epoch, 'a claim');
        expect(claim(world).id, `${verb} ${at}`).toBe(before.id);
        expect(again.engine.core.branch.epoch, `${verb} ${at}`).not.toBe(before.epoch);
      }
  });

  it('that was taken over is left alone by the former controller, before its next effect', async () => {
    const world = new World();
    const former = await started(world);
    const taken = await world.start({ controller: 'laptop', disk: memoryDisk(), takeover: true });
    await taken.settled();
    const before = world.technology.asked.length;
    world.git.push(shop({ api: '1.1.0' }));
    former.look();
    await world.until(() => former.engine.isStopped, 'the former one stops');
    expect(former.engine.stoppedBecause).toMatch(/taken the domain over|run by laptop/);
    expect(
      world.technology.asked.slice(before).filter(({ epoch }) => epoch === 1),
      'no effect of the old epoch',
    ).toEqual([]);
    taken.look();
    await world.until(
      () => taken.verdict(world.git.refs.get('refs/heads/main') as never) === 'applied',
      'the new one acts',
    );
    expect(claim(world)).toMatchObject({ controller: 'laptop', epoch: 2 });
  });

  it('that is taken over in mid-rollout gets no further effect of the old epoch', async () => {
    const world = new World();
    const former = await started(world);
    world.git.push(shop({ api: '1.1.0' }));
    former.look();
    await world.until(
      () => world.technology.effects.some((effect) => /create .*1\.1\.0/.test(effect)),
      'mid-rollout',
    );
    const taken = await world.tryStart({ controller: 'laptop', disk: memoryDisk(), takeover: true });
    await world.until(() => claim(world).epoch === 2, 'the claim');
    const before = world.technology.asked.length;
    await world.until(() => former.engine.isStopped, 'the former one stops');
    await taken.settled();
    const epochs = world.technology.asked.slice(before).map(({ epoch }) => epoch);
    expect(
      epochs.every((epoch) => epoch === 2),
      JSON.stringify(epochs),
    ).toBe(true);
    expect(world.technology.summary()).toEqual([
      'shop/api 1.1.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
  });

  it('that comes back after somebody else had it is known as the other one left it', async () => {
    const world = new World();
    const first = await started(world);
    await first.engine.close();
    const other = await world.start({ controller: 'laptop', disk: memoryDisk(), takeover: true });
    await other.settled();
    const theirs = await other.push(shop({ api: '1.1.0' }));
    expect(other.verdict(theirs)).toBe('applied');
    await other.engine.close();
    const asked = world.technology.asked.length;
    const back = await world.start({ takeover: true });
    await back.settled();
    await world.pass(30_000);
    expect(back.engine.core.state.domain.accepted, 'what the other one accepted').toBe(theirs);
    expect(back.verdict(theirs)).toBe('applied');
    expect([...back.engine.core.state.domain.holds.keys()], 'nothing is unaccounted for').toEqual([]);
    expect(world.technology.asked.slice(asked), 'nothing has to be done').toEqual([]);
  });

  it('whose status branch was written by a newer version is left untouched', async () => {
    const world = new World();
    const first = await started(world);
    await first.engine.close();
    const newer = (world.git.status()['prod/controller.yaml'] ?? '').replace(
      'schemaVersion: 1',
      'schemaVersion: 2',
    );
    const tip = world.git.pushTo(statusRef, { 'prod/controller.yaml': newer }, 'A newer Heliostat');
    world.git.push(shop({ api: '1.1.0' }));
    const again = await world.tryStart();
    expect(again.booted).toMatchObject({ ok: false, code: 'status.unreadable' });
    expect(world.git.refs.get(statusRef)).toBe(tip);
  });

  it('whose status branch is taken back to an older commit is not written to any more', async () => {
    const world = new World();
    const controller = await started(world);
    const [, second] = world.git.statusLog();
    world.git.refs.set(statusRef, second?.oid ?? '');
    world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.engine.isStopped, 'it stops');
    expect(world.git.refs.get(statusRef)).toBe(second?.oid);
    expect(controller.engine.stoppedBecause).toContain('rewritten');
  });
});

async function started(world: World) {
  world.git.push(shop());
  const controller = await world.start();
  await controller.settled();
  return controller;
}

function claim(world: World) {
  const reading = readClaim(world.git.status()['prod/controller.yaml'] ?? '');
  if (reading.kind !== 'claim') throw new Error(reading.kind);
  return reading.claim;
}
