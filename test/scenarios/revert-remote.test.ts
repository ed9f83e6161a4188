import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectDocument } from '../entry/cli/support/schema.js';
import { fakeGitHub, type FakeGitHub } from '../support/forge/github.js';
import { git } from '../support/git.js';
import { gitServer, type GitServer } from '../support/git-server.js';
import { stage, type Stage } from '../support/heliostat.js';
import { domainFile, solution } from '../support/scenario/model.js';

const within = 60_000;

const model = {
  'heliostat.yaml': domainFile(),
  'catalog/part/1.0.0.yaml':
    'apiVersion: heliostat/v1\nkind: Component\nname: part\nversion: 1.0.0\nprovider: noop\n',
};
const size = (count: number) =>
  solution('shop', { web: `{ component: part, version: 1.0.0, size: ${count} }` });

interface There {
  readonly server: GitServer;
  readonly hub: FakeGitHub;
  readonly raised: string;
  revert(...args: string[]): ReturnType<Stage['call']>;
  tip(branch?: string): string;
}

async function there(isForge: boolean): Promise<There> {
  const server = await gitServer();
  const hub = await fakeGitHub({ owner: 'acme', name: 'shop', git: server.folder });
  onTestFinished(() => hub.close());
  const token = hub.actions({ contents: 'write', pull_requests: 'write', issues: 'write' });
  server.token = token;
  const s = await stage({ ...model, ...size(1) });
  const raised = s.commit(size(2), 'Resize web');
  git(s.repository, 'push', '-q', server.folder, 'HEAD:refs/heads/main');
  const file = join(s.folder, 'token');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  const config = join(s.folder, 'operator.yaml');
  const forge = { kind: 'github', repository: 'acme/shop', api: hub.url, token: `file:${file}` };
  writeFileSync(config, JSON.stringify({ remote: { token: `file:${file}` }, ...(isForge ? { forge } : {}) }));
  return {
    ...{ server, hub, raised },
    revert: (...args) => s.callIn(s.folder, 'revert', ...args, '--repo', server.url, '--config', config),
    tip: (branch = 'main') => git(server.folder, 'rev-parse', `refs/heads/${branch}`).trim(),
  };
}

test(
  'a revert where a forge is configured is a pull request, opened once, and the tracked branch stays',
  async () => {
    const { hub, raised, revert, tip } = await there(true);
    const asked = await revert(raised, '--yes', '--reason', 'too many', '--json');
    expect(asked.code, asked.stderr).toBe(0);
    const told = expectDocument('revert', asked.stdout) as { proposal: { branch: string }; commit: string };
    expect(told).toMatchObject({ ending: 'proposed', proposal: { pullRequest: { number: 1 } } });
    expect(tip()).toBe(raised);
    expect(tip(told.proposal.branch)).toBe(told.commit);
    expect(hub.pulls()).toMatchObject([
      { title: 'Revert "Resize web"', base: 'main', labels: ['heliostat', 'revert'], state: 'open' },
    ]);
    expect(hub.pulls()[0]?.body).toContain('too many');

    const again = await revert(raised, '--yes');
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/Merge it into main: #1 http\S+\/acme\/shop\/pull\/1/);
    expect(tip(told.proposal.branch), 'it is the same commit').toBe(told.commit);
    expect(hub.pulls()).toHaveLength(1);
  },
  within,
);

test(
  'a revert for which no pull request may be opened waits on its branch, with the link and what mends it',
  async () => {
    const { hub, raised, revert, tip } = await there(true);
    hub.state.mayActionsPropose = false;
    const { code, stdout, stderr } = await revert(raised, '--yes');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/Open one: http\S+\/compare\/main\.\.\.heliostat\/revert-/);
    expect(stdout).toContain('Allow GitHub Actions to create and approve pull requests');
    expect(tip()).toBe(raised);
  },
  within,
);

test(
  'a revert without a forge moves the branch of the remote, or waits beside it where that is refused',
  async () => {
    const { server, raised, revert, tip } = await there(false);
    const hook = join(server.folder, 'hooks', 'update');
    writeFileSync(hook, '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo protected >&2; exit 1; }\n', {
      mode: 0o755,
    });
    const refused = await revert(raised, '--yes', '--json');
    expect(refused.code, refused.stderr).toBe(0);
    const told = expectDocument('revert', refused.stdout) as { proposal: { branch: string }; commit: string };
    expect(told).toMatchObject({ ending: 'proposed', proposal: { pullRequest: null, compareUrl: null } });
    expect([tip(), tip(told.proposal.branch)]).toEqual([raised, told.commit]);

    writeFileSync(hook, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const taken = await revert(raised, '--yes', '--json');
    expect(taken.code, taken.stderr).toBe(0);
    expect(expectDocument('revert', taken.stdout)).toMatchObject({ ending: 'committed', commit: tip() });
    expect(git(server.folder, 'log', '-1', '--format=%s', 'main').trim()).toBe('Revert "Resize web"');
  },
  within,
);
