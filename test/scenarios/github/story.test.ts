import { expect } from 'vitest';
import { readComment } from '../../../src/core/status/comment/read.js';
import { git } from '../../support/git.js';
import { testInWholeRun } from '../../support/needs.js';
import { githubStory, part, shop } from '../../support/github-story.js';

const within = 120_000;

testInWholeRun(
  'a pull request is planned, merged, applied, reverted and mended, and one comment tells all of it',
  { timeout: within },
  async () => {
    const story = await githubStory({ ...part('1.0.0'), ...part('1.1.0'), ...shop('1.0.0') });
    const { hub, server } = story;
    const first = await story.apply();
    expect(first.code, first.log).toBe(0);

    // Opened: one comment with plan and simulation.
    let pull = await story.propose('raise', shop('1.1.0'));
    const planned = await story.plan(pull);
    expect(planned.code, planned.log).toBe(0);
    expect(planned.outputs).toMatchObject({ changed: 'true', verdict: 'planned', 'has-destroys': 'false' });
    expect(hub.comments(pull.number)).toHaveLength(1);
    expect(story.comment(pull.number)).toContain('1 to update');
    expect(story.comment(pull.number)).toContain('1.0.0 → 1.1.0');
    expect(planned.summary).toContain('1.0.0 → 1.1.0');

    // A mistake: its line is annotated, the same comment says so.
    pull = await story.push(pull, shop('9.9.9'));
    const mistaken = await story.plan(pull);
    expect(mistaken.code).toBe(3);
    expect(mistaken.log).toMatch(/::error file=solutions\/shop\.yaml,line=\d+,col=\d+,title=/);
    expect(story.comment(pull.number)).toContain('rejected');

    // The second push mends it: still one comment.
    pull = await story.push(pull, shop('1.1.0', 2));
    const again = await story.plan(pull);
    expect(again.code, again.log).toBe(0);
    expect(hub.comments(pull.number)).toHaveLength(1);
    expect(story.comment(pull.number)).toContain('supersedes 2 earlier ones');
    const digest = again.outputs['plan-digest'];
    expect(readComment(story.comment(pull.number))?.sections.get('prod' as never)?.memory.planDigest).toBe(
      digest,
    );

    // Merged: applied; comment, status and deployment say so, and the status branch is there.
    const merged = story.merge(pull);
    const applied = await story.apply();
    expect(applied.code, applied.log).toBe(0);
    expect(applied.outputs).toMatchObject({ verdict: 'applied', 'plan-digest': digest });
    expect(story.comment(pull.number)).toContain('applied');
    expect(story.comment(pull.number)).not.toContain('differs');
    expect(hub.statuses(merged).at(-1)).toMatchObject({ context: 'heliostat/prod', state: 'success' });
    expect(JSON.stringify(hub.deployments())).toContain('success');
    expect(git(server.folder, 'ls-tree', '-r', '--name-only', 'heliostat/status')).toContain(
      'prod/solutions/shop/elements/web.yaml',
    );

    // A bad version: reverted; a pull request with the evidence, and the comment links it.
    const bad = await story.propose('bad', {
      ...part('1.2.0', 'configuration: { fail: start }\nretries: { limit: 1, backoff: 100ms }\n'),
      ...shop('1.2.0', 2),
    });
    expect((await story.plan(bad)).code).toBe(0);
    const failed = story.merge(bad);
    const reverted = await story.apply();
    expect(reverted.code, reverted.log).toBe(4);
    expect(reverted.outputs['verdict']).toBe('reverted');
    const proposal = hub.pulls().find(({ head }) => head.startsWith('heliostat/revert-prod-'));
    expect(proposal, reverted.log).toBeDefined();
    expect(proposal?.body).toContain('fail');
    expect(story.comment(bad.number)).toContain(`/pull/${proposal?.number}`);
    expect(hub.statuses(failed).at(-1)).toMatchObject({ state: 'failure' });

    // Its merge is quiet.
    story.merge({ number: proposal?.number ?? 0, branch: proposal?.head ?? '' });
    const quiet = await story.apply();
    expect(quiet.code, quiet.log).toBe(0);
    expect(quiet.outputs['verdict']).toBe('applied');
    expect(hub.pulls().filter(({ head }) => head.startsWith('heliostat/'))).toHaveLength(1);
    const written = git(server.folder, 'rev-parse', 'heliostat/status');
    const idle = await story.apply();
    expect(idle.code, idle.log).toBe(0);
    expect(git(server.folder, 'rev-parse', 'heliostat/status')).toBe(written);
  },
);
