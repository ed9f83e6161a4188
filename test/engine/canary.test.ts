import { describe, expect, it } from 'vitest';
import { safe } from '../../src/core/base/safe-text.js';
import type { Revision } from '../../src/core/base/names.js';
import { main } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { who, World } from '../support/fake-ports/world.js';

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
    const { world, controller } = await started();
    world.gateAnswer = () => ({ outcome: 'failed', detail: safe('500, wanted 200') });
    const bad = world.git.push(files('1.1.0'));
    controller.look();
    await world.until(() => controller.verdict(bad) === 'reverted', 'the way back');
    await world.until(() => world.git.refs.get(main) !== bad, 'the revert');
    await controller.settled();
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
});
