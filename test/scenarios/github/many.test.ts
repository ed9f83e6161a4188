import { expect } from 'vitest';
import { git } from '../../support/git.js';
import { githubStory, part, shop } from '../../support/github-story.js';
import { testInWholeRun } from '../../support/needs.js';
import { domainFile } from '../../support/scenario/model.js';

const within = 600_000;

testInWholeRun(
  'thirty pushes to a pull request leave one comment, of the last of them',
  { timeout: within },
  async () => {
    const story = await githubStory({ ...part('1.0.0'), ...part('1.1.0'), ...shop('1.0.0') });
    let pull = await story.propose('busy', shop('1.1.0', 1));
    await story.plan(pull);
    for (let push = 2; push <= 30; push++) {
      pull = await story.push(pull, shop('1.1.0', push));
      const planned = await story.plan(pull);
      expect(planned.code, planned.log).toBe(0);
    }
    expect(story.hub.comments(pull.number)).toHaveLength(1);
    expect(story.comment(pull.number)).toContain('supersedes 29 earlier ones');
    expect(story.comment(pull.number)).toContain(pull.head.slice(0, 7));
  },
);

testInWholeRun(
  'eight runners apply eight domains of one repository at once: none is lost, and the status branch is linear',
  { timeout: within },
  async () => {
    const domains = Array.from({ length: 8 }, (_, i) => `env-${i + 1}`);
    const files = Object.fromEntries(
      domains.flatMap((name) => [
        [`envs/${name}/heliostat.yaml`, domainFile({ name })],
        ...Object.entries({ ...part('1.0.0'), ...shop('1.0.0', 3) }).map(([path, text]) => [
          `envs/${name}/${path}`,
          text,
        ]),
      ]),
    ) as Record<string, string>;
    const story = await githubStory(files);
    story.commit({ 'heliostat.yaml': null }, 'Leave the environments alone');
    const sha = story.tip();
    const steps = domains.map((name) =>
      story.step({ command: 'apply', event: 'push', sha, inputs: { domain: name } }),
    );
    for (const step of steps) {
      const { code, log } = await step.ended;
      expect(code, log).toBe(0);
    }
    const merges = git(story.server.folder, 'rev-list', '--merges', '--count', 'heliostat/status').trim();
    expect(merges, 'commits with two parents').toBe('0');
    for (const name of domains) {
      const said = git(
        story.server.folder,
        'show',
        `heliostat/status:${name}/revisions/${sha.slice(0, 2)}/${sha}.yaml`,
      );
      expect(said).toContain('verdict: applied');
      expect(story.hub.statuses(sha).at(-1)?.state).toBe('success');
    }
  },
);
