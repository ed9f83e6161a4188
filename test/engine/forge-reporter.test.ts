import { describe, expect, it } from 'vitest';
import type { Revision } from '../../src/core/base/names.js';
import { readComment } from '../../src/core/status/comment/read.js';
import { emptyComment, marker } from '../../src/core/status/comment/document.js';
import { withPlan } from '../../src/core/status/comment/plan-update.js';
import { cancelSource } from '../../src/ports/clock.js';
import { writeComment } from '../../src/core/status/comment/write.js';
import { FakeForge } from '../support/fake-ports/forge.js';
import { shop } from '../support/fake-ports/model.js';
import { who, World, type Controller } from '../support/fake-ports/world.js';

const rollout =
  '{ onFailure: revert, minHealthyTime: 1s, drainDelay: 1s, healthyDeadline: 20s, progressDeadline: 60s }';
const domain = `apiVersion: heliostat/v1\nkind: Domain\nname: prod\ndefaults:\n  rollout: ${rollout}\n`;
const files = (api: string) => ({ ...shop({ api, apiSize: 1 }), 'heliostat.yaml': domain });
const context = 'heliostat/prod';

/** A shop that runs, in a repository with a forge. */
async function running(options: Parameters<World['start']>[0] = {}) {
  const world = new World();
  const forge = (world.forge = new FakeForge());
  const first = world.git.push(files('1.0.0'), 'Open the shop');
  const controller = await world.start(options);
  await controller.settled();
  const merge = (number: number, api: string, more: Record<string, string> = {}): Revision => {
    const revision = world.git.push({ ...files(api), ...more }, `Raise the api to ${api} (#${number})`);
    forge.open(number, 'f'.repeat(40) as Revision);
    forge.merge(number, revision);
    controller.look();
    return revision;
  };
  return { world, forge, controller, first, merge };
}

function isTold(controller: Controller): () => boolean {
  return () => controller.engine.reporter?.isIdle === true;
}

describe('what happens to a merged commit', () => {
  it('is told on the forge: a status, a deployment, and the comment of its pull request', async () => {
    const { world, forge, controller, merge } = await running();
    const raised = merge(7, '1.1.0');
    await world.until(() => controller.verdict(raised) === 'applied', 'the verdict');
    await world.until(() => forge.statusOf(raised, context)?.state === 'success', 'the status');
    await world.until(isTold(controller), 'the end of telling');

    const states = forge.statuses.get(`${raised} ${context}`)?.map(({ state }) => state);
    expect(states).toEqual(['pending', 'success']);
    expect(forge.statusOf(raised, context)?.description).toMatch(/^applied: shop\/api 1\.1\.0 in /);
    expect(forge.deployments.filter(({ revision }) => revision === raised).map(({ state }) => state)).toEqual(
      ['inProgress', 'success'],
    );
    const comment = forge.comments.get(7) ?? '';
    expect(comment.startsWith(marker)).toBe(true);
    expect(readComment(comment)?.sections.get('prod' as never)?.memory).toMatchObject({
      phase: 'applied',
      isMerged: true,
      revision: raised,
    });
  });

  it('is written once, however often it is looked at: a forge counts every request', async () => {
    const { world, forge, controller, merge } = await running();
    const raised = merge(7, '1.1.0');
    await world.until(() => controller.verdict(raised) === 'applied', 'the verdict');
    await world.pass(60_000);
    const writes = (): number => forge.calls.filter((verb) => verb.startsWith('write')).length;
    const before = writes();
    await world.pass(600_000);
    expect(writes()).toBe(before);
  });

  it('of the plan that was shown keeps what was shown, and says where another one was made', async () => {
    const { world, forge, controller } = await running();
    const shown = writeComment(
      withPlan(emptyComment(), {
        domain: 'prod' as never,
        folder: '',
        head: 'f'.repeat(40) as Revision,
        base: null,
        atMs: 0,
        plan: null,
        preview: null,
        diagnostics: [],
        basis: null,
        failures: [],
        drift: null,
        catalog: [],
        policies: [],
        applier: { kind: 'daemon', name: 'ctl-1' },
        isFork: false,
        wholeUrl: null,
      }),
      60_000,
    );
    const memory = readComment(shown)?.sections.get('prod' as never);
    expect(memory).toBeDefined();
    forge.open(8, 'f'.repeat(40) as Revision);
    forge.comments.set(8, withDigest(shown, '1:another'));
    const raised = world.git.push(files('1.1.0'), 'Raise the api (#8)');
    forge.merge(8, raised);
    controller.look();
    await world.until(() => controller.verdict(raised) === 'applied', 'the verdict');
    await world.until(() => forge.comments.get(8)?.includes('applied') === true, 'the comment');
    expect(forge.comments.get(8)).toContain('The plan made after the merge differs');
  });

  it('waits for a person where another plan was shown and the operator wants that', async () => {
    const { world, forge, controller } = await running({
      forge: { reverts: 'pullRequest', otherPlan: 'hold' },
    });
    forge.open(8, 'f'.repeat(40) as Revision);
    forge.comments.set(8, withDigest(null, '1:another'));
    const raised = world.git.push(files('1.1.0'), 'Raise the api (#8)');
    forge.merge(8, raised);
    controller.look();
    await world.until(() => controller.verdict(raised) === 'held', 'the hold');
    const [held] = [...controller.engine.core.state.domain.holds.values()];
    expect(held?.hold).toMatchObject({
      code: 'plan.other',
      command: 'heliostat approve plan.other --domain prod --reason TEXT',
    });
    expect(held?.hold.reason).toContain('#8');
    await world.until(
      () => forge.statusOf(raised, context)?.description.startsWith('held') === true,
      'the status',
    );
    expect(world.technology.summary()).toContain('shop/api 1.0.0 #0 active good');

    const answer = await controller.ask({ verb: 'release', hold: 'plan.other', ...who });
    expect(answer.done).toBe(true);
    await world.until(() => controller.verdict(raised) === 'applied', 'the end');
  });

  it('waits as well where its pull request has shown no plan: what nobody has seen, nobody has agreed to', async () => {
    const { world, controller, forge } = await running({
      forge: { reverts: 'pullRequest', otherPlan: 'hold' },
    });
    const raised = world.git.push(files('1.1.0'), 'Raise the api (#9)');
    forge.open(9, 'f'.repeat(40) as Revision);
    forge.merge(9, raised);
    controller.look();
    await world.until(() => controller.verdict(raised) === 'held', 'the hold');
    const [held] = [...controller.engine.core.state.domain.holds.values()];
    expect(held?.hold.reason).toContain('#9 has shown no plan');

    const nothing = world.git.push({ ...files('1.0.0'), 'README.md': 'Read me.\n' }, 'Write a readme (#10)');
    forge.open(10, 'f'.repeat(40) as Revision);
    forge.merge(10, nothing);
    controller.look();
    await world.until(() => controller.verdict(nothing) === 'applied', 'what changes nothing');
  });

  it('leaves the comment to others where the operator says so, and tells the rest', async () => {
    const { world, forge, controller, merge } = await running({
      forge: { reverts: 'pullRequest', otherPlan: 'goOn', comments: false },
    });
    const raised = merge(7, '1.1.0');
    await world.until(() => controller.verdict(raised) === 'applied', 'the verdict');
    await world.until(() => forge.statusOf(raised, context)?.state === 'success', 'the status');
    await world.until(isTold(controller), 'the end of telling');
    expect(forge.calls).not.toContain('writeComment');
  });

  it('that came by no pull request is told beside the commit alone', async () => {
    const { world, forge, controller, first } = await running();
    await world.until(() => forge.statusOf(first, context)?.state === 'success', 'the status');
    await world.until(isTold(controller), 'the end of telling');
    expect(forge.calls).not.toContain('writeComment');
  });

  it('is told when the forge answers again, and nothing else waits for it', async () => {
    const { world, forge, controller, merge } = await running();
    forge.fate = () => 'unavailable';
    const raised = merge(7, '1.1.0');
    await world.until(() => controller.verdict(raised) === 'applied', 'the verdict');
    const reasons = () => controller.engine.core.troubles.conditions().map(({ reason }) => reason);
    await world.until(() => reasons().includes('forge.away'), 'the trouble');
    forge.fate = () => 'done';
    await world.until(() => forge.comments.has(7), 'the comment');
    await world.until(() => reasons().length === 0, 'the end of the trouble');
    expect(forge.statusOf(raised, context)?.state).toBe('success');
  });

  it('that may not be told in one way is told in the others', async () => {
    const { world, forge, controller, merge } = await running();
    forge.fate = (verb) => (verb === 'writeStatus' || verb === 'writeDeployment' ? 'refused' : 'done');
    const raised = merge(7, '1.1.0');
    await world.until(() => controller.verdict(raised) === 'applied', 'the verdict');
    await world.until(() => forge.comments.get(7)?.includes('applied') === true, 'the comment');
    expect(controller.engine.core.troubles.conditions().map(({ type }) => type)).toContain('refused');
  });

  it('is told only when no loss of power takes it back: who has read it would have read what never was', async () => {
    const world = new World();
    const forge = (world.forge = new FakeForge());
    const { disk } = world;
    const { clock } = world.ports(disk);
    const sync: typeof disk.sync = async (file) => {
      await clock.sleepUntil(clock.monoMs() + 3_000, cancelSource().cancel);
      return disk.sync(file);
    };
    const slow = Object.create(disk, { sync: { value: sync, configurable: true } }) as typeof disk;
    const first = world.git.push(files('1.0.0'), 'Open the shop');
    const kept: boolean[] = [];
    forge.fate = (verb) => {
      if (verb === 'writeDeployment') kept.push(textOf(disk.durable()).includes('verdict.given'));
      return 'done';
    };
    const controller = await world.start({ disk: slow });
    await world.until(() => controller.verdict(first) === 'applied', 'the verdict');
    kept.length = 0;
    await world.until(() => forge.statusOf(first, context)?.state === 'success', 'the status');
    await world.until(isTold(controller), 'the end of telling');
    expect(kept).toEqual([true]);
  });

  it('is told beside its pull request, though the forge hears of the merge only when all is over', async () => {
    const { world, forge, controller } = await running();
    forge.open(7, 'f'.repeat(40) as Revision);
    const raised = world.git.push(files('1.1.0'), 'Raise the api (#7)');
    controller.look();
    await world.until(() => controller.verdict(raised) === 'applied', 'the verdict');
    await world.until(() => forge.statusOf(raised, context)?.state === 'success', 'the status');
    await world.until(isTold(controller), 'the end of telling');
    forge.merge(7, raised);
    await world.until(() => forge.comments.get(7)?.includes('applied') === true, 'the comment');
  });

  it('is told by the next life where the last one died before it', async () => {
    const { world, forge, controller, merge } = await running();
    forge.fate = () => 'unavailable';
    const raised = merge(7, '1.1.0');
    await world.until(() => controller.verdict(raised) === 'applied', 'the verdict');
    await controller.settled();
    world.crash(controller);
    forge.fate = () => 'done';
    await world.start();
    await world.until(() => forge.statusOf(raised, context)?.state === 'success', 'the status');
    await world.until(() => forge.comments.get(7)?.includes('applied') === true, 'the comment');
  });

  it('links the pull request that takes it back', async () => {
    const { world, forge, controller, merge } = await running();
    world.technology.fate = (transition, id) =>
      transition === 'start' && id.includes('/1.1.0~') ? 'refused' : 'done';
    const raised = merge(7, '1.1.0');
    await world.until(() => controller.verdict(raised) === 'reverted', 'the verdict');
    await world.until(() => forge.comments.get(7)?.includes('pull/101') === true, 'the link');
    expect(forge.statusOf(raised, context)?.state).toBe('failure');
    expect(forge.statusOf(raised, context)?.description).toContain('#101');
    expect(forge.proposals[0]?.body).toContain('/pull/7');
  });
});

function textOf(found: ReadonlyMap<string, Uint8Array>): string {
  return [...found.values()].map((bytes) => Buffer.from(bytes).toString('latin1')).join('\n');
}

/** A comment that has shown a plan of this digest. */
function withDigest(body: string | null, digest: string): string {
  const document = (body === null ? null : readComment(body)) ?? emptyComment();
  const empty = withPlan(document, {
    domain: 'prod' as never,
    folder: '',
    head: 'f'.repeat(40) as Revision,
    base: null,
    atMs: 0,
    plan: null,
    preview: null,
    diagnostics: [],
    basis: null,
    failures: [],
    drift: null,
    catalog: [],
    policies: [],
    applier: { kind: 'daemon', name: 'ctl-1' },
    isFork: false,
    wholeUrl: null,
  });
  const section = empty.sections.get('prod' as never);
  if (section === undefined) throw new Error('no section');
  const memory = { ...section.memory, planDigest: digest as never };
  return writeComment({ sections: new Map([['prod' as never, { ...section, memory }]]) }, 60_000);
}
