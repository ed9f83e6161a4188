import { createHmac, randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testInWholeRun } from '../../support/needs.js';
import { githubStory, part, shop } from '../../support/github-story.js';
import { stage, until } from '../../support/heliostat.js';
import { solution } from '../../support/scenario/model.js';

const within = 120_000;
const model = { ...part('1.0.0'), ...part('1.1.0'), ...shop('1.0.0') };

test(
  'a team whose daemon applies waits for it: the webhook wakes the daemon, the step ends with the verdict, and the comment tells it',
  { timeout: within },
  async () => {
    const story = await githubStory(model);
    const { server, token } = story;
    const pull = await story.propose('raise', shop('1.1.0'));
    expect((await story.plan(pull, { 'applied-by': 'daemon' })).code).toBe(0);
    const s = await stage();
    writeFileSync(join(s.folder, 'token'), token, { mode: 0o600 });
    writeFileSync(join(s.folder, 'hook'), 'our-secret', { mode: 0o600 });
    const config = join(s.folder, 'operator.yaml');
    writeFileSync(
      config,
      [
        'controller: ctl-1',
        // Without the webhook nothing would be seen within the test.
        `remote: { token: "file:${s.folder}/token", pollInterval: 1h }`,
        `webhook: { listen: "127.0.0.1:0", secret: "file:${s.folder}/hook" }`,
      ].join('\n'),
    );
    const daemon = await s.runIn(s.folder, '--repo', server.url, '--config', config);
    const hook = /webhooks are heard at (\S+)/.exec(daemon.said())?.[1] ?? '';
    story.merge(pull);
    const waiting = story.step({
      command: 'wait',
      event: 'push',
      sha: story.tip(),
      inputs: { timeout: '60s' },
    });
    const body = JSON.stringify({ ref: 'refs/heads/main' });
    const heard = await fetch(hook, {
      method: 'POST',
      body,
      headers: {
        'x-github-event': 'push',
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': `sha256=${createHmac('sha256', 'our-secret').update(body).digest('hex')}`,
      },
    });
    expect(heard.status).toBe(202);
    const { code, log, outputs, summary } = await waiting.ended;
    expect(code, log).toBe(0);
    expect(outputs['verdict']).toBe('applied');
    expect(summary).toContain('applied');
    expect(story.comment(pull.number)).toContain('applied');
    await daemon.end('SIGTERM');
  },
);

test(
  'a runner refuses what would be gone with it, and says who applies it instead',
  { timeout: within },
  async () => {
    const story = await githubStory({
      'catalog/part/1.0.0.yaml':
        'apiVersion: heliostat/v1\nkind: Component\nname: part\nversion: 1.0.0\nprovider: process\nconfiguration: { command: [sleep, "60"] }\n',
      ...shop('1.0.0'),
      'heliostat.config.yaml': 'branch: main\n',
    });
    const refused = await story.apply();
    expect(refused.code).toBe(1);
    expect(refused.log).toContain('prod/shop/web'.replace('prod/', ''));
    expect(refused.log).toContain('process');
    expect(refused.log).toContain('command: wait');
    expect(story.server.asked.filter(({ path }) => path.endsWith('/git-receive-pack'))).toEqual([]);
  },
);

testInWholeRun(
  'a pause that outlasts the job ends as held at once, and the run after it goes on',
  { timeout: within },
  async () => {
    const canary = (version: string): Record<string, string> =>
      solution('shop', {
        web: `{ component: part, version: ${version}, size: 2, rollout: { strategy: canary, promote: auto, canary: { steps: [{ size: 1, pause: 8s }] } } }`,
      });
    const story = await githubStory({ ...part('1.0.0'), ...part('1.1.0'), ...canary('1.0.0') });
    expect((await story.apply()).code).toBe(0);
    story.commit(canary('1.1.0'));
    const held = await story.apply({ timeout: '4s' });
    expect(held.code, held.log).toBe(5);
    expect(held.outputs['verdict']).toBe('held');
    expect(held.log).toContain('outlasts');
    const next = await story.apply({ timeout: '60s' });
    expect(next.code, next.log).toBe(0);
    expect(next.outputs['verdict']).toBe('applied');
  },
);

testInWholeRun(
  'what was changed behind our back is found by a scheduled look',
  { timeout: within },
  async () => {
    const story = await githubStory(model);
    expect((await story.apply()).code).toBe(0);
    expect((await story.step({ command: 'drift', event: 'schedule' }).ended).code).toBe(0);
    const last = readFileSync(story.world, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    const { owner } = JSON.parse(last) as { owner: string };
    appendFileSync(story.world, `${JSON.stringify({ gone: owner })}\n`);
    const drifted = await story.step({ command: 'drift', event: 'schedule' }).ended;
    expect(drifted.code, drifted.log).toBe(2);
    expect(drifted.outputs['drifted']).toBe('true');
    expect(drifted.summary).toContain('is gone');
  },
);

test('a queue of merges is planned like a pull request', { timeout: within }, async () => {
  const story = await githubStory(model);
  const pull = await story.propose('queued', shop('1.1.0'));
  const planned = await story.step({
    command: 'plan',
    event: 'merge_group',
    ref: `refs/heads/${pull.branch}`,
    sha: pull.head,
    payload: {
      merge_group: { head_sha: pull.head, head_ref: `refs/heads/${pull.branch}`, base_sha: pull.base },
    },
  }).ended;
  expect(planned.code, planned.log).toBe(0);
  expect(planned.outputs).toMatchObject({ changed: 'true', verdict: 'planned' });
});

test(
  'a step outside of a workflow, or with a wrong input, says what to write',
  { timeout: within },
  async () => {
    const story = await githubStory(model);
    const wrong = await story.step({ command: 'aply', event: 'push', sha: story.tip() }).ended;
    expect(wrong.code).toBe(1);
    expect(wrong.log).toContain('Use one of validate, plan, wait, apply, drift');
    expect(wrong.summary).toContain('action.input');
    await until('nothing else', () => true);
  },
);
