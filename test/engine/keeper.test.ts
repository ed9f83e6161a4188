import { describe, expect, it, onTestFinished } from 'vitest';
import type { DomainName } from '../../src/core/base/names.js';
import type { Version } from '../../src/core/base/version.js';
import type { Entry } from '../../src/core/journal/entry.js';
import type { StatusView } from '../../src/core/status/view.js';
import { boot, type Booted } from '../../src/engine/boot.js';
import type { Engine } from '../../src/engine/engine.js';
import { Keeper } from '../../src/engine/keeper.js';
import type { EngineOptions } from '../../src/engine/ports.js';
import type { Stopped } from '../../src/engine/stopped.js';
import type { OperatorRequest } from '../../src/ports/operator.js';
import { memoryDisk } from '../support/memory-disk.js';
import { main, statusRef } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { World } from '../support/fake-ports/world.js';

const running = ['shop/api 1.0.0 #0 active good', 'shop/db 1.0.0 #0 active good'];
const upgraded = ['shop/api 1.1.0 #0 active good', 'shop/db 1.0.0 #0 active good'];

describe('a daemon whose disk is full', () => {
  it('does nothing more, answers with what is wrong, and goes on by itself once there is room', async () => {
    let full = false;
    const world = new World({ fault: (verb) => (full && writes(verb) ? 'noSpace' : null) });
    const daemon = await started(world);
    const asked = world.technology.asked.length;
    full = true;
    daemon.push(shop({ api: '1.1.0' }));
    await world.until(() => daemon.keeper.isWaiting, 'it waits');
    await world.pass(5 * 60_000);
    expect(world.technology.asked, 'no intent, no effect').toHaveLength(asked);
    const status = await daemon.ask<StatusView>({ verb: 'status' });
    expect(status.healthy).toBe(false);
    expect(status.conditions[0]).toMatchObject({
      type: 'stopped',
      reason: 'journal.disk',
      command: 'heliostat doctor',
    });
    expect(status.conditions[0]?.message).toContain('full');
    expect(status.conditions[0]?.sinceMs).toBeGreaterThan(0);
    expect(await daemon.ask({ verb: 'retry', target: 'prod', ...because })).toMatchObject({ done: false });
    expect(daemon.boots, 'tried less and less often').toBeLessThan(20);

    full = false;
    await world.until(() => world.technology.summary().join() === upgraded.join(), 'the rollout');
    await daemon.settled();
    expect((await daemon.ask<StatusView>({ verb: 'status' })).conditions).toEqual([]);
    expect(world.technology.effects.filter((effect) => /create .*1\.1\.0/.test(effect))).toHaveLength(1);
  });

  it('treats a failed sync and an I/O error alike: what was not made durable is decided anew', async () => {
    for (const verb of ['sync', 'append'] as const) {
      let broken = false;
      const world = new World({ fault: (called) => (broken && called === verb ? 'io' : null) });
      const daemon = await started(world);
      broken = true;
      daemon.push(shop({ api: '1.1.0' }));
      await world.until(() => daemon.keeper.isWaiting, `it waits after a failed ${verb}`);
      broken = false;
      await world.until(() => world.technology.summary().join() === upgraded.join(), 'the rollout');
      expect(daemon.waited[0]?.cause).toBe('journal');
    }
  });

  it('ends when it is asked to, while it waits', async () => {
    let full = false;
    const world = new World({ fault: (verb) => (full && writes(verb) ? 'noSpace' : null) });
    const daemon = await started(world);
    full = true;
    daemon.push(shop({ api: '1.1.0' }));
    await world.until(() => daemon.keeper.isWaiting, 'it waits');
    daemon.keeper.push({ kind: 'shutdown' });
    await world.until(() => daemon.ended, 'its end');
    expect(daemon.failure).toBe(null);
  });
});

describe('a status branch that was rewritten', () => {
  const rewrites: Readonly<Record<string, (world: World) => void>> = {
    'taken back': (world) => void world.git.refs.set(statusRef, world.git.statusLog()[1]?.oid ?? ''),
    deleted: (world) => void world.git.refs.delete(statusRef),
    'begun anew': (world) => {
      world.git.refs.delete(statusRef);
      world.git.pushTo(statusRef, { 'README.md': 'empty\n' }, 'Somebody');
    },
  };

  for (const [how, rewrite] of Object.entries(rewrites)) {
    it(`(${how}) is not written to any more, though nothing else happens, and names the way out`, async () => {
      const world = new World();
      const daemon = await started(world);
      const former = world.git.refs.get(statusRef) ?? '';
      rewrite(world);
      const left = world.git.refs.get(statusRef);
      await world.until(() => daemon.keeper.isWaiting, 'it notices');
      daemon.push(shop({ api: '1.1.0' }));
      const asked = world.technology.asked.length;
      await world.pass(3 * 60_000);
      expect(world.git.refs.get(statusRef)).toBe(left);
      expect(world.technology.asked).toHaveLength(asked);
      const { conditions } = await daemon.ask<StatusView>({ verb: 'status' });
      expect(conditions[0]).toMatchObject({ type: 'stopped', reason: 'status.rewritten' });
      expect(conditions[0]?.message).toContain(`git update-ref ${statusRef} ${former}`);
      expect(conditions[0]?.command).toBe('heliostat approve status.rewritten --domain prod --reason TEXT');
    });

    it(`(${how}) that is restored lets the daemon go on by itself`, async () => {
      const world = new World();
      const daemon = await started(world);
      const former = world.git.refs.get(statusRef) ?? '';
      rewrite(world);
      await world.until(() => daemon.keeper.isWaiting, 'it notices');
      world.git.refs.set(statusRef, former);
      daemon.push(shop({ api: '1.1.0' }));
      await world.until(() => world.technology.summary().join() === upgraded.join(), 'the rollout');
      await daemon.settled();
      expect(await isAncestor(world, former)).toBe(true);
    });

    it(`(${how}) says everything again once a person takes it as it is`, async () => {
      const world = new World();
      const daemon = await started(world);
      const before = { ...world.git.status() };
      rewrite(world);
      const left = world.git.refs.get(statusRef);
      await world.until(() => daemon.keeper.isWaiting, 'it notices');
      const answer = await daemon.ask({ verb: 'release', hold: 'status.rewritten', ...because });
      expect(answer).toMatchObject({ done: true });
      await world.until(() => !daemon.keeper.isWaiting, 'it goes on');
      await daemon.settled();
      const after = world.git.status();
      for (const path of Object.keys(before).filter((name) => !/controller|memory|README/.test(name)))
        expect(after[path], path).toBe(before[path]);
      expect(after['prod/memory.yaml']).toBeDefined();
      if (left !== undefined) expect(await isAncestor(world, left), 'on top of what is there').toBe(true);
      expect(world.technology.summary()).toEqual(running);
      // And a later loss of the state folder finds all that it needs.
      daemon.keeper.push({ kind: 'shutdown' });
      await world.until(() => daemon.ended, 'the end');
      world.loseState();
      const effects = world.technology.effects.length;
      const again = await world.start();
      await again.settled();
      expect(world.technology.effects).toHaveLength(effects);
      expect([...again.engine.core.state.domain.holds.keys()]).toEqual([]);
    });
  }

  it('while nobody ran stops the next start, before it claims anything', async () => {
    const world = new World();
    const first = await world.start();
    world.git.push(shop());
    first.look();
    await world.until(() => world.technology.summary().join() === running.join(), 'the rollout');
    await first.settled();
    await first.engine.close();
    world.git.refs.delete(statusRef);
    const again = await world.tryStart();
    expect(again.booted).toMatchObject({ ok: false, code: 'status.rewritten' });
    expect(world.git.refs.has(statusRef)).toBe(false);
    const accepted = await world.start({ acceptRewritten: because });
    await accepted.settled();
    expect(Object.keys(world.git.status())).toContain('prod/solutions/shop/elements/api.yaml');
  });

  it('is not taken for changed by somebody where it is looked at before our own write was answered', async () => {
    const world = new World();
    const daemon = await started(world);
    const { refsPort } = world.git;
    const swap = refsPort.compareAndSwap;
    Object.assign(refsPort, {
      compareAndSwap: async (...args: Parameters<typeof swap>) => {
        const result = await swap(...args);
        const later = world.clock.monoMs() + 25_000;
        await world.clock.sleepUntil(later, { cancelled: false, onCancel: () => () => undefined });
        return result;
      },
    });
    daemon.push(shop({ api: '1.1.0' }));
    await world.until(() => world.technology.summary().join() === upgraded.join(), 'the rollout');
    await daemon.settled();
    expect(daemon.kinds).not.toContain('status.lost');
  });

  it('is no rewriting where somebody changed our documents on top of it: they are put right', async () => {
    const world = new World();
    const daemon = await started(world);
    const path = 'prod/solutions/shop/elements/api.yaml';
    const said = world.git.status()[path];
    world.git.pushTo(statusRef, { [path]: 'nonsense\n' }, 'Somebody else');
    await world.pass(60_000);
    await daemon.settled();
    expect(world.git.status()[path]).toBe(said);
    expect(daemon.keeper.isWaiting).toBe(false);
  });
});

describe('a domain that another controller takes over', () => {
  it('ends the daemon for good', async () => {
    const world = new World();
    const daemon = await started(world);
    const other = await world.start({ controller: 'laptop', disk: memoryDisk(), takeover: true });
    await other.settled();
    await world.until(() => daemon.ended, 'the end');
    expect(daemon.keeper.engine.stopped?.cause).toBe('taken');
    expect(daemon.keeper.engine.stopped?.message).toContain('laptop');
  });

  it('also where it happens while the disk was full: what it had is not taken back', async () => {
    let full = false;
    const world = new World({ fault: (verb) => (full && writes(verb) ? 'noSpace' : null) });
    const daemon = await started(world, { takeover: true });
    full = true;
    daemon.push(shop({ api: '1.1.0' }));
    await world.until(() => daemon.keeper.isWaiting, 'it waits');
    const other = await world.start({ controller: 'laptop', disk: memoryDisk(), takeover: true });
    await other.settled();
    full = false;
    await world.until(() => daemon.ended, 'the end');
    expect(daemon.keeper.engine.stopped?.cause).toBe('taken');
  });
});

const because = { who: 'ada', reason: 'I looked' } as const;

function writes(verb: string): boolean {
  return verb === 'append' || verb === 'replace';
}

async function isAncestor(world: World, ancestor: string): Promise<boolean> {
  return world.git.isAncestor(ancestor as never, world.git.refs.get(statusRef) as never);
}

/** A daemon as `heliostat run` makes it, on the ports of a world. */
class Daemon {
  ended = false;
  failure: unknown = null;
  boots = 0;
  readonly waited: Stopped[] = [];
  readonly kinds: string[] = [];

  constructor(
    private readonly world: World,
    readonly keeper: Keeper,
  ) {
    keeper.run().then(
      () => (this.ended = true),
      (error: unknown) => (this.failure = error),
    );
    onTestFinished(() => {
      if (this.failure !== null) throw this.failure as Error;
    });
  }

  push(files: Record<string, string>): void {
    this.world.git.push(files);
    this.keeper.push({ kind: 'tip' });
  }

  async ask<T>(request: OperatorRequest): Promise<T> {
    let reply: unknown = null;
    this.keeper.push({ kind: 'request', request, answer: (given) => (reply = given) });
    await this.world.until(() => reply !== null, `an answer to ${request.verb}`);
    return reply as T;
  }

  async settled(): Promise<void> {
    await this.world.until(() => {
      if (this.failure !== null) throw this.failure as Error;
      const { engine } = this.keeper;
      return !this.keeper.isWaiting && !engine.isStopped && engine.isSettled && engine.status.isIdle;
    }, 'a settled daemon');
  }
}

async function started(world: World, more: Partial<EngineOptions> = {}): Promise<Daemon> {
  world.git.push(shop());
  const ports = world.ports(world.disk);
  const options: EngineOptions = {
    controller: 'ctl-1',
    home: '/repo/.git',
    domain: { kind: 'only' },
    branch: main.slice('refs/heads/'.length),
    programVersion: '0.1.0' as Version,
    takeover: false,
    pollMs: 10_000,
    concurrency: 64,
    ...more,
  };
  const bootWith = (changed: Partial<EngineOptions>): Promise<Booted> =>
    boot(ports, { ...options, ...changed }, 'prod' as DomainName);
  const first = await bootWith({});
  if (!first.ok) throw new Error(first.message);
  const about: { daemon: Daemon | null } = { daemon: null };
  const keeper = new Keeper(first.engine, {
    clock: world.clock,
    boot: (acceptRewritten) => {
      if (about.daemon !== null) about.daemon.boots++;
      return bootWith({ acceptRewritten: acceptRewritten ?? null, takeover: false });
    },
    began: (engine: Engine) =>
      void engine.core.followers.add(({ entry }) => void about.daemon?.kinds.push((entry as Entry).kind)),
    waits: (stopped) => void about.daemon?.waited.push(stopped),
  });
  const daemon = (about.daemon = new Daemon(world, keeper));
  keeper.push({ kind: 'tip' });
  await daemon.settled();
  return daemon;
}
