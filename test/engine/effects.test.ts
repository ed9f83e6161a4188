import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/core/journal/entry.js';
import { openJournal } from '../../src/engine/journal/open.js';
import { memoryDisk } from '../support/memory-disk.js';
import { shop } from '../support/fake-ports/model.js';
import type { Fate } from '../support/fake-ports/providers.js';
import { World } from '../support/fake-ports/world.js';

const running = ['shop/api 1.0.0 #0 active good', 'shop/db 1.0.0 #0 active good'];

/** The nth try of one transition of `api` goes otherwise. */
function once(transition: string, fate: Fate): (asked: string, id: string, nth: number) => Fate {
  return (asked, id, nth) => (asked === transition && id.includes('/api/') && nth === 0 ? fate : 'done');
}

describe('an effect', () => {
  it('is preceded by its intent, durable on the disk, with the same operation id', async () => {
    const world = new World();
    world.git.push(shop());
    const durable = new Map<string, boolean>();
    const apply = world.technology.apply.bind(world.technology);
    world.technology.apply = async (clock, transition, task, ctx) => {
      durable.set(ctx.operation ?? '', await survives(world, ctx.operation ?? ''));
      return apply(clock, transition, task, ctx);
    };
    await (await world.start()).settled();
    expect(durable.size).toBe(6);
    expect([...durable.values()].every(Boolean), JSON.stringify([...durable])).toBe(true);
  });

  it('on the router carries the id of its intent too', async () => {
    const world = new World();
    world.git.push(shop());
    await (await world.start()).settled();
    expect(world.technology.routed.length).toBeGreaterThan(0);
    for (const operation of world.technology.routed) expect(operation).toMatch(/^1\.solution\/shop\.[0-9]+$/);
  });

  it('never gets an operation id that was used before, across a restart', async () => {
    const world = new World();
    world.git.push(shop());
    const first = await world.start();
    await first.settled();
    await first.engine.close();
    const second = await world.start();
    await second.settled();
    await second.push(shop({ api: '1.1.0' }));
    const ids = world.technology.asked.map(({ operation }) => operation);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(world.technology.asked.map(({ epoch }) => epoch))).toEqual(new Set([1, 2]));
  });

  it('whose provider hangs past its time ends unknown, and is observed before it is tried again', async () => {
    for (const fate of ['hangs', 'lost', 'unknown', 'rejects'] as const) {
      const world = new World();
      const revision = world.git.push(shop());
      world.technology.fate = once('create', fate);
      const controller = await world.start();
      await world.until(() => controller.verdict(revision) === 'applied', `applied in spite of ${fate}`);
      expect(world.technology.summary(), fate).toEqual(running);
      const ends = controller.records
        .map(({ entry }) => entry as Entry)
        .filter((entry) => entry.kind === 'operation.ended' && entry.instance.includes('/api/'));
      expect(ends[0], fate).toMatchObject({ outcome: 'unknown' });
      const asked = world.technology.timeline.filter((call) => call.includes('/api/'));
      const next = asked.findIndex(
        (call, i) => i > asked.indexOf(`create ${api(world)}`) && !call.startsWith('observe'),
      );
      expect(asked[next - 1], `${fate}: ${asked.join(', ')}`).toBe(`observe ${api(world)}`);
      const created = world.technology.effects.filter(
        (effect) => effect.startsWith('create') && effect.includes('/api/'),
      );
      expect(created, fate).toHaveLength(1);
    }
  });

  it('that is called off is over before anything else is done to its instance: it may only be late', async () => {
    const world = new World();
    const { technology } = world;
    const revision = world.git.push(shop());
    const apply = technology.apply.bind(technology);
    technology.apply = (clock, transition, task, ctx) => {
      const isLate = transition === 'start' && task.id.includes('/api/');
      // Its time and the grace are over after 15 s.
      technology.latencyMs = isLate ? 17_000 : 5;
      return apply(clock, transition, task, ctx);
    };
    const controller = await world.start();
    await world.until(() => controller.verdict(revision) === 'applied', 'what came late was seen');
    expect(technology.overlaps).toEqual([]);
    const starts = technology.asked.filter(
      (call) => call.transition === 'start' && call.id.includes('/api/'),
    );
    expect(starts).toHaveLength(1);
  });

  it('is not repeated as long as nothing can be observed', async () => {
    const world = new World();
    const revision = world.git.push(shop());
    world.technology.fate = once('create', 'unknown');
    world.technology.canObserve = false;
    const controller = await world.start();
    await world.until(() => controller.verdict(revision) !== null, 'a look');
    await world.pass(50_000);
    const creates = (): number =>
      world.technology.asked.filter(({ transition, id }) => transition === 'create' && id.includes('/api/'))
        .length;
    expect(creates()).toBe(1);
    world.technology.canObserve = true;
    await world.until(() => controller.verdict(revision) === 'applied', 'sight is back');
    expect(world.technology.adopted, 'what exists is never made anew').toEqual([]);
    expect(world.technology.summary()).toEqual(running);
  });

  it('that fails is tried again, and that is refused for good pauses the rollout and says why', async () => {
    const world = new World();
    const revision = world.git.push(shop());
    world.technology.fate = once('start', 'fails');
    const controller = await world.start();
    await world.until(() => controller.verdict(revision) === 'applied', 'a second try');
    world.technology.fate = (transition) => (transition === 'start' ? 'refused' : 'done');
    const refused = world.git.push(shop({ api: '1.1.0' }));
    controller.look();
    await world.until(() => controller.verdict(refused) === 'held', 'a pause');
    expect(world.technology.summary()).toContain('shop/api 1.0.0 #0 active good');
    await world.pass(5_000);
    expect(world.git.status()['prod/solutions/shop/solution.yaml']).toContain('it did not work');
  });
});

describe('a gateway', () => {
  it('that hangs or fails is asked again, and the rollout goes on', async () => {
    for (const fate of ['hangs', 'fails'] as const) {
      const world = new World();
      let asked = 0;
      world.technology.routeFate = () => (asked++ === 0 ? fate : 'done');
      const revision = world.git.push(shop());
      const controller = await world.start();
      await world.until(() => controller.verdict(revision) === 'applied', fate);
      expect(world.technology.routing()).toHaveLength(1);
    }
  });
});

describe('drift', () => {
  it('is seen and repaired: what vanished is made again, what fell is restarted', async () => {
    const world = new World();
    world.git.push(shop());
    const controller = await world.start();
    await controller.settled();
    const [db] = [...world.technology.resources.keys()].filter((id) => id.includes('/db/'));
    const [api] = [...world.technology.resources.keys()].filter((id) => id.includes('/api/'));
    world.technology.resources.delete(db as never);
    await world.pass(40_000);
    expect(world.technology.summary()).toEqual(running);
    const fallen = world.technology.resources.get(api as never);
    if (fallen) fallen.state = 'inactive';
    await world.pass(40_000);
    expect(world.technology.summary()).toEqual(running);
    expect(new Set([...world.technology.resources.keys()]), 'the same identities').toEqual(
      new Set([db, api]),
    );
    await controller.settled();
    expect(world.git.status()['prod/solutions/shop/elements/api.yaml']).toContain('healthy: true');
  });
});

describe('secrets', () => {
  it('reach the provider, and nothing that is written', async () => {
    const value = 'hunter2-planted-value';
    const world = new World();
    world.secrets.set('token', value);
    world.git.push(shop({ secret: ', token: "${secrets.token}"' }));
    world.technology.fate = once('configure', 'rejects');
    const apply = world.technology.apply.bind(world.technology);
    world.technology.apply = async (clock, transition, task, ctx) => {
      try {
        return await apply(clock, transition, task, ctx);
      } catch {
        throw new Error(`cannot log in with ${value}`);
      }
    };
    const controller = await world.start();
    await controller.settled();
    expect(world.technology.summary()).toEqual(running);
    const seen = world.technology.asked.map(({ configuration }) => JSON.stringify(configuration));
    expect(seen.some((text) => text.includes(value))).toBe(true);
    const written = [
      ...[...world.disk.contents().values()].map((bytes) => Buffer.from(bytes).toString('latin1')),
      world.git.everythingWritten(),
      ...world.logged,
      JSON.stringify(controller.records),
    ].join('\n');
    expect(written).toContain('cannot log in with [redacted]');
    expect(written).not.toContain(value);
  });

  it('that are missing hold what needs them, and say which', async () => {
    const world = new World();
    const revision = world.git.push(shop({ secret: ', token: "${secrets.token}"' }));
    const controller = await world.start();
    await controller.settled();
    expect(controller.verdict(revision)).toBe('rejected');
    expect(world.git.status()[`prod/revisions/${revision.slice(0, 2)}/${revision}.yaml`]).toContain('token');
  });
});

function api(world: World): string {
  return [...world.technology.resources.keys()].find((id) => id.includes('/api/')) ?? '';
}

/** Whether the intent would be found after a loss of power in this moment that keeps nothing unsynced. */
async function survives(world: World, operation: string): Promise<boolean> {
  const disk = memoryDisk({ files: world.disk.durable() });
  const opened = await openJournal({ disk, folder: 'journal' });
  if (!opened.ok) return false;
  return opened.records.some(
    ({ epoch, stream, sequence, entry }) =>
      `${epoch}.${stream}.${sequence}` === operation && (entry as Entry).kind === 'operation.begun',
  );
}
