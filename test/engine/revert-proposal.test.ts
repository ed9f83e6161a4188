import { describe, expect, it } from 'vitest';
import type { Revision } from '../../src/core/base/names.js';
import { FakeForge } from '../support/fake-ports/forge.js';
import { main } from '../support/fake-ports/git.js';
import { shop } from '../support/fake-ports/model.js';
import { World, type Controller } from '../support/fake-ports/world.js';

const rollout =
  '{ onFailure: revert, minHealthyTime: 1s, drainDelay: 1s, healthyDeadline: 20s, progressDeadline: 60s }';
const domain = `apiVersion: heliostat/v1\nkind: Domain\nname: prod\ndefaults:\n  rollout: ${rollout}\n`;
const files = (api: string) => ({ ...shop({ api, apiSize: 1 }), 'heliostat.yaml': domain });

/** A release of the api that does not start, in a repository that has a forge. */
async function failing(prepare: (forge: FakeForge) => void = () => undefined) {
  const world = new World();
  const forge = (world.forge = new FakeForge());
  prepare(forge);
  const good = world.git.push(files('1.0.0'), 'Open the shop');
  const controller = await world.start();
  await controller.settled();
  world.technology.fate = (transition, id) =>
    transition === 'start' && id.includes('/1.1.0~') ? 'refused' : 'done';
  const bad = world.git.push(files('1.1.0'), 'Raise the api');
  controller.look();
  return { world, forge, controller, good, bad };
}

function revertOf(controller: Controller, revision: Revision) {
  return controller.engine.core.state.domain.revisions.get(revision)?.revert;
}

const branchOf = (bad: Revision): string => `heliostat/revert-prod-${bad.slice(0, 7)}`;

describe('a failure, where there is a forge', () => {
  it('ends as a pull request with the evidence, which nobody but a person merges; its merge is quiet', async () => {
    const { world, forge, controller, good, bad } = await failing();
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the revert');
    const { commit, ref, pullRequest } = revertOf(controller, bad) ?? {};

    expect(world.git.refs.get(main)).toBe(bad);
    expect(ref).toBe(`refs/heads/${branchOf(bad)}`);
    expect(world.git.refs.get(ref ?? '')).toBe(commit);
    expect(world.git.filesOf(commit ?? '')).toEqual(world.git.filesOf(good));
    expect(pullRequest?.url).toBe(`https://forge.test/acme/shop/pull/${pullRequest?.number}`);
    expect(forge.proposals).toHaveLength(1);
    expect(forge.proposals[0]).toMatchObject({
      head: branchOf(bad),
      base: 'main',
      title: 'Revert shop in prod: shop/api 1.1.0 failed',
      labels: ['heliostat', 'revert'],
    });
    expect(forge.proposals[0]?.body).toContain('start failed');

    world.git.refs.set(main, commit as Revision);
    controller.look();
    await world.until(() => controller.verdict(commit as Revision) === 'applied', 'the merge');
    await world.pass(600_000);
    expect(forge.proposals).toHaveLength(1);
    expect(world.git.refs.get(main)).toBe(commit);
  });

  it('is a commit all the same where the operator wants one', async () => {
    const world = new World();
    const forge = (world.forge = new FakeForge());
    world.git.push(files('1.0.0'), 'Open the shop');
    const controller = await world.start({ forge: { reverts: 'commit', otherPlan: 'goOn' } });
    await controller.settled();
    world.technology.fate = (transition, id) =>
      transition === 'start' && id.includes('/1.1.0~') ? 'refused' : 'done';
    const bad = world.git.push(files('1.1.0'), 'Raise the api');
    controller.look();
    await world.until(() => revertOf(controller, bad)?.outcome === 'made', 'the revert');
    expect(forge.proposals).toEqual([]);
  });

  it('leaves the branch and says what opens it, where none may be opened', async () => {
    const { world, forge, controller, bad } = await failing((it) => {
      it.fate = (verb) => (verb === 'propose' ? 'refused' : 'done');
    });
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the branch');
    const { ref, commit, reason, pullRequest, unopened } = revertOf(controller, bad) ?? {};
    expect(world.git.refs.get(ref ?? '')).toBe(commit);
    expect(pullRequest).toBeUndefined();
    expect(reason).toContain('propose is not allowed');
    expect(unopened).toEqual({
      compareUrl: `https://forge.test/acme/shop/compare/main...${branchOf(bad)}`,
      fix: 'allow it',
    });
    expect(forge.calls.filter((verb) => verb === 'propose')).toHaveLength(1);
  });

  it('waits for a forge that does not answer, says so meanwhile, and opens one', async () => {
    const { world, forge, controller, bad } = await failing((it) => {
      it.fate = (verb) => (verb === 'propose' ? 'unavailable' : 'done');
    });
    const conditions = () => controller.engine.core.troubles.conditions().map(({ reason }) => reason);
    await world.until(() => conditions().includes('revert.unwritten'), 'the trouble');
    forge.fate = () => 'done';
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the revert');
    expect(forge.pullRequests).toHaveLength(1);
    expect(conditions()).not.toContain('revert.unwritten');
  });

  it('opens no second one where the answer to the first was lost, or the controller died of it', async () => {
    const { world, forge, controller, bad } = await failing((it) => {
      it.fate = (verb) => (verb === 'propose' ? 'lost' : 'done');
    });
    await world.until(() => forge.pullRequests.length > 0, 'the pull request');
    world.crash(controller);
    forge.fate = () => 'done';
    const next = await world.start();
    await world.until(() => revertOf(next, bad)?.outcome === 'branch', 'the revert');
    expect(forge.pullRequests).toHaveLength(1);
    expect(world.git.refs.get(`refs/heads/${branchOf(bad)}`)).toBe(revertOf(next, bad)?.commit);
  });

  it('follows a tip that moved on before it was opened, without forcing the branch', async () => {
    const { world, forge, controller, good, bad } = await failing((it) => {
      it.fate = (verb) => (verb === 'propose' ? 'unavailable' : 'done');
    });
    await world.until(() => world.git.refs.has(`refs/heads/${branchOf(bad)}`), 'the branch');
    const first = world.git.refs.get(`refs/heads/${branchOf(bad)}`);
    const readme = world.git.push({ ...files('1.1.0'), 'README.md': 'Read me.\n' }, 'Write a readme');
    controller.look();
    await world.until(() => controller.verdict(readme) !== null, 'the next tip');
    forge.fate = () => 'done';
    await world.until(() => revertOf(controller, bad)?.outcome === 'branch', 'the revert');
    const { commit } = revertOf(controller, bad) ?? {};
    expect(world.git.commits.get(commit as Revision)?.parents).toEqual([readme, first]);
    expect(world.git.filesOf(commit ?? '')).toEqual({
      ...world.git.filesOf(good),
      'README.md': 'Read me.\n',
    });
  });
});
