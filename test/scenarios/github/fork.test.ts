import { expect, test } from 'vitest';
import { githubStory, part, shop } from '../../support/github-story.js';

const within = 90_000;
const model = { ...part('1.0.0'), ...part('1.1.0'), ...shop('1.0.0') };

test(
  'a pull request from a fork is planned with a token that may only read: not one request needs more, and no secret is asked for',
  { timeout: within },
  async () => {
    const story = await githubStory(model);
    const { hub, server } = story;
    const pull = await story.propose('from-a-fork', shop('1.1.0'));
    const token = hub.actions({ contents: 'read', pull_requests: 'read' });
    server.token = token;
    const before = hub.log.length;
    const planned = await story.plan(pull, {}, { token, fork: 'mallory/shop' });

    expect(planned.code, planned.log).toBe(0);
    expect(planned.outputs).toMatchObject({ changed: 'true', verdict: 'planned' });
    expect(planned.summary).toContain('web 1.1.0');
    expect(planned.summary).toContain('From a fork');
    expect(hub.log.slice(before).filter(({ needs }) => needs === 'write')).toEqual([]);
    expect(server.asked.filter(({ path }) => path.includes('git-receive-pack'))).toEqual([]);
    expect(hub.comments(pull.number)).toEqual([]);
  },
);

test(
  'a mistake in a pull request from a fork is annotated at its line, as in any other',
  { timeout: within },
  async () => {
    const story = await githubStory(model);
    const pull = await story.propose('from-a-fork', shop('9.9.9'));
    const token = story.hub.actions({ contents: 'read', pull_requests: 'read' });
    story.server.token = token;
    const planned = await story.plan(pull, {}, { token, fork: 'mallory/shop' });
    expect(planned.code).toBe(3);
    expect(planned.log).toMatch(/::error file=solutions\/shop\.yaml,line=\d+/);
  },
);

test(
  'an event that would hand secrets to a fork is refused with what to write instead',
  { timeout: within },
  async () => {
    const story = await githubStory(model);
    const step = await story.step({ command: 'plan', event: 'pull_request_target' as never }).ended;
    expect(step.code).toBe(1);
    expect(step.log).toContain('Write on: pull_request');
  },
);

test(
  'the token of a workflow is not shown to another host that its step names',
  { timeout: within },
  async () => {
    const story = await githubStory(model);
    const elsewhere = new URL(story.server.url);
    elsewhere.hostname = 'localhost';
    const pull = await story.propose('elsewhere', shop('1.1.0'));
    story.server.asked.length = 0;
    const planned = await story.plan(pull, { repository: elsewhere.href });
    expect(planned.code, 'it asks without a token, and is not let in').toBe(1);
    expect(story.server.asked.map(({ authorization }) => authorization)).not.toContainEqual(
      expect.any(String),
    );
    expect(story.server.asked.length).toBeGreaterThan(0);
  },
);
