import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { pullRequestPayload, startStep, type StepOptions, type StepResult } from './action.js';
import { fakeGitHub, type FakeGitHub } from './forge/github.js';
import { commitFiles, git, makeFolder, makeRepository } from './git.js';
import { gitServer, type GitServer } from './git-server.js';
import { domainFile, solution } from './scenario/model.js';

/** A release of something that only pretends; one that fails does not start. */
export function part(version: string, more = ''): Record<string, string> {
  return {
    [`catalog/part/${version}.yaml`]: `apiVersion: heliostat/v1\nkind: Component\nname: part\nversion: ${version}\nprovider: noop\n${more}`,
  };
}

export const shop = (version: string, size = 1): Record<string, string> =>
  solution('shop', { web: `{ component: part, version: ${version}, size: ${size} }` });

/** Permissions that the example workflows give their token. */
export const granted = {
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  statuses: 'write',
  deployments: 'write',
} as const;

/** A repository on GitHub, with what people and runners do there. */
export interface Story {
  readonly hub: FakeGitHub;
  readonly server: GitServer;
  readonly token: string;
  /** The world that the provider pretends, outlives every runner. */
  readonly world: string;
  tip(branch?: string): string;
  /** Opens a pull request with these files on a branch of its own; or pushes to the one that is open. */
  propose(branch: string, files: Readonly<Record<string, string>>): Promise<Proposed>;
  push(pull: Proposed, files: Readonly<Record<string, string>>): Promise<Proposed>;
  /** As GitHub does: a merge commit. */
  merge(pull: Pick<Proposed, 'number' | 'branch'>): string;
  commit(files: Readonly<Record<string, string | null>>, subject?: string): string;
  step(options: Omit<StepOptions, 'token'> & { readonly token?: string }): ReturnType<typeof startStep>;
  /** `plan` of a pull request, as its event starts it. */
  plan(
    pull: Proposed,
    inputs?: Readonly<Record<string, string>>,
    more?: { token?: string; fork?: string },
  ): Promise<StepResult>;
  /** `apply`, or another command, at the tip. */
  apply(inputs?: Readonly<Record<string, string>>, command?: string): Promise<StepResult>;
  comment(number: number): string;
}

export interface Proposed {
  readonly number: number;
  readonly branch: string;
  readonly head: string;
  readonly base: string;
}

export async function githubStory(files: Readonly<Record<string, string>>): Promise<Story> {
  const server = await gitServer();
  const hub = await fakeGitHub({ owner: 'acme', name: 'shop', git: server.folder });
  onTestFinished(() => hub.close());
  const token = hub.actions(granted);
  server.token = token;
  const world = join(makeFolder('hs-world-'), 'noop.log');
  const work = makeRepository();
  const to = (branch: string): void => {
    git(work, 'push', '-q', server.folder, `HEAD:refs/heads/${branch}`);
    hub.branch(branch, git(work, 'rev-parse', 'HEAD').trim());
  };
  const tip = (branch = 'main'): string => git(server.folder, 'rev-parse', `refs/heads/${branch}`).trim();
  const fetch = (branch: string): void => {
    git(work, 'fetch', '-q', server.folder, `refs/heads/${branch}`);
    git(work, 'checkout', '-q', '-B', branch, 'FETCH_HEAD');
  };
  commitFiles(
    work,
    {
      'heliostat.yaml': domainFile({ name: 'prod', onFailure: 'revert' }),
      'heliostat.config.yaml': `providers: { noop: { world: ${world} } }\n`,
      ...files,
    },
    'Open the shop',
  );
  to('main');

  /** What GitHub keeps beside each pull request. */
  function mergeRef(number: number, branch: string): void {
    fetch('main');
    git(work, 'fetch', '-q', server.folder, `refs/heads/${branch}`);
    git(work, 'merge', '-q', '--no-ff', '-m', `Merge pull request #${number}`, 'FETCH_HEAD');
    git(work, 'push', '-q', '-f', server.folder, `HEAD:refs/pull/${number}/merge`);
  }

  const proposed = (number: number, branch: string): Proposed => {
    mergeRef(number, branch);
    return { number, branch, head: tip(branch), base: tip() };
  };

  const step: Story['step'] = (options) => startStep({ hub, server }, { token, ...options });

  return {
    hub,
    server,
    token,
    world,
    tip,
    async propose(branch, changes) {
      fetch('main');
      commitFiles(work, changes, `Change ${branch}`);
      to(branch);
      return proposed(await hub.openPullRequest({ head: branch, sha: tip(branch) }), branch);
    },
    push(pull, changes) {
      fetch(pull.branch);
      commitFiles(work, changes, `Change ${pull.branch} again`);
      to(pull.branch);
      hub.push(pull.branch, tip(pull.branch));
      return Promise.resolve(proposed(pull.number, pull.branch));
    },
    merge({ number, branch }) {
      mergeRef(number, branch);
      to('main');
      hub.merge(number, tip());
      return tip();
    },
    commit(changes, subject = 'Change the model') {
      fetch('main');
      commitFiles(work, changes, subject);
      to('main');
      return tip();
    },
    step,
    plan(pull, inputs = {}, more = {}) {
      return step({
        command: 'plan',
        event: 'pull_request',
        ref: `refs/pull/${pull.number}/merge`,
        sha: git(server.folder, 'rev-parse', `refs/pull/${pull.number}/merge`).trim(),
        payload: pullRequestPayload(hub, { ...pull, ...more }),
        inputs: { 'applied-by': 'action', ...inputs },
        ...(more.token === undefined ? {} : { token: more.token }),
      }).ended;
    },
    apply(inputs = {}, command = 'apply') {
      return step({ command, event: 'push', sha: tip(), inputs }).ended;
    },
    comment: (number) => hub.comments(number)[0]?.body ?? '',
  };
}
