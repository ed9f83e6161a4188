import { describe, expect, it } from 'vitest';
import { readClaim } from '../../src/core/status/claim.js';
import { shop } from '../support/fake-ports/model.js';
import { World } from '../support/fake-ports/world.js';
import { memoryDisk, type MemoryDisk } from '../support/memory-disk.js';

describe('an old copy of the state folder', () => {
  it('is no memory: what was done since is read from the status branch, not done again', async () => {
    const { world, copy } = await goneOn();
    const { technology } = world;
    const asked = technology.asked.length;
    const runs = technology.summary();
    const restored = await world.start({ disk: copy });
    await restored.settled();
    await world.pass(60_000);
    expect(restored.booted).toMatchObject({ ok: true, restored: true });
    expect(technology.summary()).toEqual(runs);
    expect(technology.asked.slice(asked)).toEqual([]);
    expect(restored.kinds()).not.toContain('verdict.given');

    await restored.push(shop({ api: '1.2.0' }));
    expect(technology.summary()).toEqual(['shop/api 1.2.0 #0 active good', 'shop/db 1.0.0 #0 active good']);
  });

  it('of the very incarnation that went on is no memory either', async () => {
    const { world, copy, epoch } = await goneOn();
    expect(epoch, 'no other start has come in between').toBe(1);
    const restored = await world.start({ disk: copy });
    expect(restored.booted).toMatchObject({ restored: true });
  });

  it('that is whole is taken for what it is: nothing is restored', async () => {
    const { world } = await goneOn();
    const again = await world.start();
    await again.settled();
    expect(again.booted).toMatchObject({ restored: false });
  });

  it('that was started while the first one lived stops at the first thing that it would do', async () => {
    const world = new World();
    const first = await world.start();
    await first.push(shop());
    const copy = copyOf(world.disk);
    const second = await world.start({ disk: copy });
    await second.settled();
    await first.push(shop({ api: '1.1.0' }));
    const asked = world.technology.asked.length;
    second.look();
    await world.until(() => second.engine.isStopped, 'the second one stops');
    expect(second.engine.stopped).toMatchObject({ cause: 'taken' });
    expect(second.engine.stoppedBecause).toContain('with a state folder of its own');
    expect(world.technology.asked).toHaveLength(asked);
    await first.push(shop({ api: '1.2.0' }));
    expect(first.engine.isStopped).toBe(false);
    expect(claimEpoch(world)).toBe(1);
  });
});

/** A controller did more after its state folder was copied, and ended. */
async function goneOn(): Promise<{ world: World; copy: MemoryDisk; epoch: number }> {
  const world = new World();
  const first = await world.start();
  await first.push(shop());
  const copy = copyOf(world.disk);
  await world.pass(60_000);
  await first.push(shop({ api: '1.1.0' }));
  await first.engine.close();
  return { world, copy, epoch: claimEpoch(world) };
}

function copyOf(disk: MemoryDisk): MemoryDisk {
  return memoryDisk({ files: disk.contents() });
}

function claimEpoch(world: World): number {
  const reading = readClaim(world.git.status()['prod/controller.yaml'] ?? '');
  return reading.kind === 'claim' ? reading.claim.epoch : 0;
}
