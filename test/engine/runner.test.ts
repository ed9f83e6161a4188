import { describe, expect, it } from 'vitest';
import type { Revision } from '../../src/core/base/names.js';
import { encodeState } from '../../src/core/journal/fold.js';
import type { Entry } from '../../src/core/journal/entry.js';
import { deaths, type Death } from '../support/fake-ports/incarnation.js';
import { shop } from '../support/fake-ports/model.js';
import { statusRef } from '../support/fake-ports/git.js';
import { World, type Controller, type StartOptions } from '../support/fake-ports/world.js';
import { memoryDisk } from '../support/memory-disk.js';
import { showed } from '../support/promises.js';

/** A controller on a machine that is gone after it: its disk is empty. */
function onRunner(world: World, options: StartOptions = {}): Promise<Controller> {
  return world.tryStart({ durable: false, disk: memoryDisk(), ...options });
}

/** Runs until nothing is left to do, and ends as a job does that is done. */
async function job(world: World): Promise<Controller> {
  const controller = await onRunner(world);
  await controller.settled();
  let isClosed = false;
  void controller.engine.close().then(() => (isClosed = true));
  await world.until(() => isClosed, 'the end of the job');
  return controller;
}

function intents(world: World): string[] {
  return Object.keys(world.git.status()).filter((path) => path.startsWith('prod/intents/'));
}

function subjects(world: World): string[] {
  return world.git.statusLog().map(({ subject }) => subject);
}

/** First a shop, then a newer api in it; whoever dies is followed by another on another machine. */
async function story(death: Death | null) {
  const world = new World();
  let controller = await onRunner(world, { death });
  const began = controller.incarnation.calls;
  let deathsMet = 0;
  const calm = async (): Promise<void> => {
    for (let starts = 0; starts < 4; starts++) {
      if (!controller.incarnation.dead) await controller.settled();
      if (!controller.incarnation.dead) return;
      deathsMet++;
      controller = await onRunner(world);
    }
    throw new Error('it dies again and again');
  };
  const commits: Revision[] = [];
  for (const files of [shop(), shop({ api: '1.1.0' })]) {
    const revision = world.git.push(files);
    commits.push(revision);
    if (!controller.incarnation.dead) controller.look();
    await world.until(
      () => controller.incarnation.dead || controller.verdict(revision) !== null,
      'a look at the tip',
    );
    await calm();
  }
  return { world, controller, commits, deathsMet, calls: began };
}

/** What has to be equal, whatever happened on the way. */
function outcome({ world, controller, commits }: Awaited<ReturnType<typeof story>>) {
  const { domain } = controller.engine.core.state;
  return {
    exists: world.technology.summary(),
    routed: world.technology.routing(),
    verdicts: commits.map((revision) => controller.verdict(revision)),
    notes: commits.map((revision) => world.git.noteOf(revision)),
    holds: [...domain.holds.keys()],
    elements: Object.keys(world.git.status()).filter((path) => path.includes('/elements/')),
  };
}

function doubled({ technology }: World): string[] {
  const alive = new Set<string>();
  const wrong: string[] = [...technology.overlaps];
  for (const effect of technology.effects) {
    const [verb, id = ''] = effect.split(' ');
    if (verb === 'create' && alive.has(id)) wrong.push(effect);
    if (verb === 'create') alive.add(id);
    if (verb === 'destroy' || verb === 'reset') alive.delete(id);
  }
  return wrong;
}

describe('a runner whose disk is gone with it', () => {
  it(
    'may be killed at any call of a port: the next one ends what was begun, and makes nothing twice',
    { timeout: 240_000 },
    async (context) => {
      const unbroken = await story(null);
      const wanted = outcome(unbroken);
      expect(wanted.verdicts).toEqual(['applied', 'applied']);
      const some = process.env['HELIOSTAT_REQUIRE_ALL'] === '1' ? 1 : 7;
      let crashes = 0;
      const wrong: unknown[] = [];
      for (const death of deaths(unbroken.calls.length).filter((_, i) => i % some === 0)) {
        const where = `${death.side} call ${death.call} (${unbroken.calls[death.call - 1] ?? ''})`;
        try {
          const broken = await story(death);
          crashes += broken.deathsMet;
          const got = outcome(broken);
          if (JSON.stringify(got) !== JSON.stringify(wanted)) wrong.push({ where, got });
          if (doubled(broken.world).length > 0) wrong.push({ where, doubled: doubled(broken.world) });
        } catch (error) {
          wrong.push({ where, error: String(error) });
        }
      }
      expect(wrong.map((each) => JSON.stringify(each)).slice(0, 5)).toEqual([]);
      expect(crashes).toBeGreaterThan(5);
      showed(context, { crashesSurvived: crashes });
    },
  );

  it('writes nothing where there is nothing to do, were the job before it ended or killed', async () => {
    const world = new World();
    world.git.push(shop());
    await job(world);
    const commits = subjects(world);
    const asked = world.technology.asked.length;
    await job(world);
    const killed = await onRunner(world);
    await killed.settled();
    killed.incarnation.die();
    await job(world);
    expect(subjects(world)).toEqual(commits);
    expect(world.technology.asked).toHaveLength(asked);
  });

  it('that was killed when all was told leaves nothing to be told again', async () => {
    const world = new World();
    world.git.push(shop());
    const first = await onRunner(world);
    await first.settled();
    await world.pass(1_000);
    first.incarnation.die();
    const commits = subjects(world);
    await job(world);
    expect(subjects(world)).toEqual(commits);
  });

  it('knows after its disk all that it knew before, to the byte', async () => {
    const world = new World();
    world.git.push(shop());
    const first = await job(world);
    const again = await onRunner(world);
    expect(again.booted).toMatchObject({ ok: true, restored: false });
    const { state } = again.engine.core;
    // Its commit could not know its own name.
    const written = first.engine.core.state.domain.written;
    const known = { ...state, at: first.engine.core.state.at, domain: { ...state.domain, written } };
    expect(Buffer.from(encodeState(known)).toString()).toBe(
      Buffer.from(encodeState(first.engine.core.state)).toString(),
    );
  });

  it('says on the branch what it is about to do before it does it, for people too', async () => {
    const world = new World();
    world.git.push(shop());
    const said: string[] = [];
    const controller = await onRunner(world, {
      change: (provider) => ({
        ...provider,
        apply: (transition, task, context) => {
          const all = Object.entries(world.git.status()).filter(([path]) => path.includes('/intents/'));
          if (
            !all.some(
              ([, text]) =>
                text.includes(`- ${transition} ${task.id}`) || text.includes(`"${transition} ${task.id}"`),
            )
          )
            said.push(`${transition} ${task.id}`);
          return provider.apply(transition, task, context);
        },
      }),
    });
    await controller.settled();
    expect(world.technology.asked.length).toBeGreaterThan(4);
    expect(said).toEqual([]);
    expect(world.git.status()['prod/intents/1/1.yaml']).toMatch(
      /^schemaVersion: 1\nepoch: 1\nnumber: 1\nbegun:\n/,
    );
  });

  it('never writes a secret there', async () => {
    const world = new World();
    world.secrets.set('password', 'hunter2-very-secret');
    world.git.push(shop({ secret: ', password: "${secret.password}"' }));
    await job(world);
    expect(intents(world).length).toBeGreaterThan(0);
    expect(world.git.everythingWritten()).not.toContain('hunter2');
  });
});

describe('pushes of intents', () => {
  it('take along all that gathers meanwhile: a hundred instances that are begun at once are a few', async () => {
    const world = new World();
    slow(world, 500);
    const more = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [
        `solutions/s${i}.yaml`,
        `apiVersion: heliostat/v1\nkind: Solution\nname: s${i}\nelements:\n  db: { component: db, version: 1.0.0 }\n`,
      ]),
    );
    world.git.push(shop({ more }));
    await job(world);
    const creates = world.technology.effects.filter((effect) => effect.startsWith('create '));
    expect(creates).toHaveLength(102);
    expect(subjects(world).length).toBeLessThan(20);
  });

  it('hold every effect back while the branch cannot be written, say so, and go on when it can', async () => {
    const world = new World();
    world.git.push(shop());
    const controller = await onRunner(world);
    await world.until(() => controller.engine.core.branch.isClaimed, 'the claim');
    world.git.unavailable.set(statusRef, 30);
    const asked = world.technology.asked.length;
    await world.until(() => controller.engine.core.troubles.has('status'), 'the trouble');
    expect(world.technology.asked).toHaveLength(asked);
    await controller.settled();
    expect(controller.engine.core.troubles.has('status')).toBe(false);
    expect(world.technology.summary()).toEqual([
      'shop/api 1.0.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
  });

  it('end with the claim: who finds another epoch stops, and what it had not carried is not done', async () => {
    const world = new World();
    world.git.push(shop());
    const first = await onRunner(world);
    await first.settled();
    world.git.push(shop({ api: '1.1.0' }));
    let taken = false;
    world.git.beforeSwap = () => {
      if (taken || !first.kinds().includes('operation.begun')) return;
      if (!first.records.some(({ entry }) => isCreateOf(entry as Entry, '1.1.0'))) return;
      taken = true;
      const claim = world.git.status()['prod/controller.yaml'] ?? '';
      const next = claim.replaceAll('epoch: 1', 'epoch: 2').replaceAll('"epoch":1', '"epoch":2');
      world.git.pushTo(statusRef, { 'prod/controller.yaml': next }, 'another one takes over');
    };
    first.look();
    await world.until(() => first.engine.isStopped, 'the end of the first one');
    await world.pass(60_000);
    expect(first.engine.stopped).toMatchObject({ cause: 'taken' });
    expect(world.technology.effects.filter((effect) => effect.includes('1.1.0'))).toEqual([]);
  });

  it('are bounded: a snapshot takes the place of many, and the next runner knows as much', async () => {
    const world = new World();
    const most: number[] = [];
    let controller = await onRunner(world);
    for (let i = 0; i < 24; i++) {
      await controller.push(shop({ api: i % 2 === 0 ? '1.0.0' : '1.1.0' }));
      most.push(intents(world).length);
      if (i % 6 !== 5) continue;
      controller.incarnation.die();
      controller = await onRunner(world);
    }
    expect(Math.max(...most)).toBeLessThanOrEqual(34);
    expect(Math.min(...most.slice(6))).toBeLessThan(20);
    expect(world.technology.summary()).toEqual([
      'shop/api 1.1.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
    await controller.engine.close();
    await job(world);
    expect(doubled(world)).toEqual([]);
  });
});

describe('intents that cannot be read', () => {
  it('are no memory: what the documents remember is taken, and a new journal takes their place', async () => {
    const world = new World();
    world.git.push(shop());
    await job(world);
    const [first = ''] = intents(world);
    world.git.pushTo(statusRef, { [first]: 'nonsense\n' }, 'a slip');
    const asked = world.technology.asked.length;
    const second = await onRunner(world);
    await second.settled();
    expect(second.booted).toMatchObject({ ok: true, restored: true });
    expect(world.technology.asked).toHaveLength(asked);
    await second.push(shop({ api: '1.1.0' }));
    await second.engine.close();
    expect(intents(world)).not.toContain(first);
    const third = await onRunner(world);
    expect(third.booted).toMatchObject({ ok: true, restored: false });
    await third.settled();
    expect(world.technology.summary()).toEqual([
      'shop/api 1.1.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
  });

  it('that lack one in the middle or at the end are as good as broken', async () => {
    for (const which of ['middle', 'last'] as const) {
      const world = new World();
      world.git.push(shop());
      const first = await onRunner(world);
      await first.settled();
      await first.push(shop({ api: '1.1.0' }));
      first.incarnation.die();
      const all = intents(world).sort(
        (a, b) => Number(/(\d+)\.yaml/.exec(a)?.[1]) - Number(/(\d+)\.yaml/.exec(b)?.[1]),
      );
      // The very last may say no more than that documents were written.
      const gone = which === 'last' ? all.slice(-2) : all.slice(3, 4);
      const left = Object.fromEntries(
        Object.entries(world.git.status()).filter(([path]) => !gone.includes(path)),
      );
      world.git.forceStatus(left);
      const second = await onRunner(world);
      expect(second.booted, which).toMatchObject({ ok: true, restored: true });
      await second.settled();
      expect(world.technology.summary()).toEqual([
        'shop/api 1.1.0 #0 active good',
        'shop/db 1.0.0 #0 active good',
      ]);
    }
  });
});

describe('a controller with a disk of its own', () => {
  it('that takes the domain over goes on from what a runner had begun, and ends its journal on the branch', async () => {
    const world = new World();
    world.git.push(shop());
    const first = await onRunner(world);
    await world.until(
      () => world.technology.effects.some((effect) => effect.startsWith('create')),
      'a create',
    );
    first.incarnation.die();
    const second = await world.start({ controller: 'laptop', takeover: true });
    expect(second.booted).toMatchObject({ restored: false });
    await second.settled();
    expect(intents(world)).toEqual([]);
    expect(second.engine.core.state.domain.holds.size).toBe(0);
    expect(doubled(world)).toEqual([]);
    expect(world.technology.summary()).toEqual([
      'shop/api 1.0.0 #0 active good',
      'shop/db 1.0.0 #0 active good',
    ]);
  });

  it('may lose that word: the first push of a runner then holds all that the disk knew', async () => {
    const world = new World();
    world.git.push(shop());
    const first = await world.start();
    await first.settled();
    await first.engine.close();
    const disk = memoryDisk({ files: world.disk.contents() });
    const second = await onRunner(world, { disk });
    await second.push(shop({ api: '1.1.0' }));
    second.incarnation.die();
    expect(world.git.status()['prod/intents/2/1.yaml']).toContain('snapshot: true');
    const third = await onRunner(world);
    expect(third.booted).toMatchObject({ restored: false });
    await third.settled();
    expect(doubled(world)).toEqual([]);
  });
});

function isCreateOf(entry: Entry, version: string): boolean {
  return (
    entry.kind === 'operation.begun' && entry.transition === 'create' && entry.instance.includes(version)
  );
}

/** Each push takes so long. */
function slow(world: World, ms: number): void {
  const { git, clock } = world;
  const swap = git.refsPort.compareAndSwap.bind(git.refsPort);
  git.refsPort.compareAndSwap = async (...all) => {
    await clock.sleepUntil(clock.monoMs() + ms, { cancelled: false, onCancel: () => () => undefined });
    return swap(...all);
  };
}
