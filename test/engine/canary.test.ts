import { describe, expect, it } from 'vitest';
import { safe } from '../../src/core/base/safe-text.js';
import type { Entry } from '../../src/core/journal/entry.js';
import type { GateAnswer } from '../../src/core/rollout/gate.js';
import type { Revision } from '../../src/core/base/names.js';
import { main } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { who, World, type Controller } from '../support/fake-ports/world.js';

const times = 'minHealthyTime: 1s, drainDelay: 1s, healthyDeadline: 20s, progressDeadline: 60s';
const gate = '{ name: sane, http: { path: /sane }, interval: 5s, count: 2, failureLimit: 0, errorLimit: 2 }';

function files(api: string, promote: 'auto' | 'manual' = 'auto'): Record<string, string> {
  const policy = `strategy: canary, canary: { steps: [{ size: 1, pause: 10s, gates: [${gate}] }] }, promote: ${promote}`;
  const solution = `apiVersion: heliostat/v1
kind: Solution
name: shop
elements:
  db: { component: db, version: 1.0.0 }
  api: { component: api, version: ${api}, size: 3, relationships: { db: db }, rollout: { ${policy} } }
`;
  const domain = `apiVersion: heliostat/v1\nkind: Domain\nname: prod\ndefaults:\n  rollout: { ${times} }\n`;
  return { ...shop(), 'heliostat.yaml': domain, 'solutions/shop.yaml': solution };
}

async function started(promote: 'auto' | 'manual' = 'auto') {
  const world = new World();
  world.git.push(files('1.0.0', promote));
  const controller = await world.start();
  await controller.settled();
  return { world, controller };
}

function running(world: World, version: string): number {
  return world.technology
    .summary()
    .filter((line) => line.startsWith(`shop/api ${version} `) && line.includes('active')).length;
}

function gateBegun({ records }: Controller): boolean {
  return records.some(({ entry }) => (entry as Entry).kind === 'gate.begun');
}

/** A version whose gate fails has come, and a commit has taken it back. */
async function takenBack() {
  const { world, controller } = await started();
  world.gateAnswer = () => ({ outcome: 'failed', detail: safe('500, wanted 200') });
  const bad = world.git.push(files('1.1.0'));
  controller.look();
  await world.until(() => controller.verdict(bad) === 'reverted', 'the way back');
  await world.until(() => world.git.refs.get(main) !== bad, 'the revert');
  await controller.settled();
  return { world, controller };
}

describe('a canary', () => {
  it('goes on when its gates have passed often enough', async () => {
    const { world, controller } = await started();
    let asked = 0;
    world.gateAnswer = () => {
      asked++;
      return { outcome: 'passed', detail: safe('200') };
    };
    const revision = world.git.push(files('1.1.0'));
    controller.look();
    await world.until(() => asked > 0, 'the first measurement');
    expect(running(world, '1.1.0')).toBe(1);
    await world.until(() => controller.verdict(revision) === 'applied', 'the end');
    expect(asked).toBe(2);
    expect(running(world, '1.1.0')).toBe(3);
  });

  it('goes back when a gate fails, and never had more than its step', async () => {
    const { world } = await takenBack();
    expect(running(world, '1.0.0')).toBe(3);
    const touched = world.technology.effects.map((effect) => JSON.stringify(effect)).join(' ');
    expect(touched).toMatch(/\/1\.1\.0~[^/]+\/0/);
    expect(touched).not.toMatch(/\/1\.1\.0~[^/]+\/[12]/);
    const message = world.git.commits.get(world.git.refs.get(main) as Revision)?.body ?? '';
    expect(message).toContain('gate sane of api failed in step 1 of 1, 1 bad of 1 measured: 500, wanted 200');
  });

  it('waits for a person where a gate cannot be measured: that is no failure', async () => {
    const { world, controller } = await started();
    world.gateAnswer = () => ({ outcome: 'unmeasured', detail: safe('connection refused') });
    const revision = world.git.push(files('1.1.0'));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'held', 'the pause');
    expect(running(world, '1.1.0')).toBe(1);
    world.gateAnswer = () => ({ outcome: 'passed', detail: safe('200') });
    expect(await controller.ask({ verb: 'resume', target: 'prod/shop', ...who })).toMatchObject({
      done: true,
    });
    await world.until(() => controller.verdict(revision) === 'applied', 'the end');
  });

  it('waits to be promoted, also through a restart, and goes on when somebody does', async () => {
    const { world, controller } = await started('manual');
    const revision = world.git.push(files('1.1.0', 'manual'));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'held', 'the wait');
    world.crash(controller);
    const next = await world.start();
    await next.settled();
    expect(running(world, '1.1.0')).toBe(1);
    expect(await next.ask({ verb: 'promote', target: 'prod/shop/api', ...who })).toMatchObject({
      done: true,
    });
    await world.until(() => next.verdict(revision) === 'applied', 'the end');
    expect(running(world, '1.1.0')).toBe(3);
  });

  it('goes back once: after restarts and a time without the world there are no repeated reverts', async () => {
    const { world, controller } = await takenBack();
    const tip = world.git.refs.get(main);
    let last = controller;
    for (let i = 0; i < 3; i++) {
      world.crash(last);
      if (i === 2) world.loseState();
      last = await world.start();
      last.look();
      await last.settled();
      await world.pass(600_000);
      expect(world.git.refs.get(main)).toBe(tip);
      expect(last.records.map(({ entry }) => (entry as Entry).kind)).not.toContain('rollout.reverting');
    }
    expect(running(world, '1.0.0')).toBe(3);
  });

  it('does not count a late answer of a gate: what it says is about what was left behind', async () => {
    const { world, controller } = await started();
    const late: ((answer: GateAnswer) => void)[] = [];
    world.gateAnswer = () => new Promise((resolve) => late.push(resolve));
    world.git.push(files('1.1.0'));
    controller.look();
    await world.until(() => late.length === 1, 'the first measurement');
    const next = world.git.push(files('1.2.0'));
    controller.look();
    await world.until(() => late.length === 2, 'the first measurement of the next one');
    late[0]?.({ outcome: 'failed', detail: safe('500, wanted 200') });
    world.gateAnswer = () => ({ outcome: 'passed', detail: safe('200') });
    late[1]?.({ outcome: 'passed', detail: safe('200') });
    await world.until(() => controller.verdict(next) === 'applied', 'the end of the next one');
  });

  it('does not count a failure of its gate again once it is promoted', async () => {
    const { world, controller } = await started('manual');
    const revision = world.git.push(files('1.1.0', 'manual'));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'held', 'the wait');
    let asked = 0;
    world.gateAnswer = () => {
      asked++;
      return { outcome: 'failed', detail: safe('500, wanted 200') };
    };
    await controller.ask({ verb: 'promote', target: 'prod/shop/api', ...who });
    await world.until(() => controller.verdict(revision) === 'applied', 'the end');
    await world.pass(600_000);
    expect(asked).toBe(0);
    expect(controller.verdict(revision)).toBe('applied');
  });

  it('asks anew what was being measured when it was killed, and counts it for nothing', async () => {
    const { world, controller } = await started();
    world.gateAnswer = () => new Promise(() => undefined);
    const revision = world.git.push(files('1.1.0'));
    controller.look();
    await world.until(() => gateBegun(controller), 'the first measurement');
    let last = controller;
    // More often than attempts may come to nothing.
    for (let i = 0; i < 3; i++) {
      world.crash(last);
      const next = await world.start();
      await world.until(() => gateBegun(next), 'it is measured again');
      last = next;
    }
    expect(last.verdict(revision)).toBe('progressing');
  });

  it('says what to do where there is nothing to promote', async () => {
    const { world, controller } = await started('manual');
    const say = async (target: string): Promise<string> =>
      (await controller.ask({ verb: 'promote', target, ...who })).message;
    expect(await say('prod/shop/api')).toContain('a commit with another version begins one');
    const revision = world.git.push(files('1.1.0', 'manual'));
    controller.look();
    await world.until(() => controller.verdict(revision) === 'held', 'the wait');
    expect(await say('prod/shop/db')).toContain('what can be promoted is prod/shop/api');
    expect((await controller.ask({ verb: 'resume', target: 'prod/shop', ...who })).message).toContain(
      'heliostat promote prod/shop',
    );
    await controller.ask({ verb: 'promote', target: 'prod/shop', ...who });
    expect(await say('prod/shop/api')).toMatch(/promoted already|nothing of it is on a step/);
  });
});
