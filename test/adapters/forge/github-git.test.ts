import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import type { Revision } from '../../../src/core/base/names.js';
import { fakeGitHub } from '../../support/forge/github.js';
import { gitEnvironment, makeRepository } from '../../support/git.js';
import { describeNeeding } from '../../support/needs.js';
import { value } from './contract.js';
import { forgeOf, repository } from './github-hub.js';

describeNeeding('git')('the fake GitHub of a real repository', () => {
  it('sees what is pushed there: a proposal of a branch, and its next commit', async () => {
    const folder = makeRepository();
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', folder, ...args], { env: gitEnvironment(), encoding: 'utf8' }).trim();
    const commit = (text: string): string => {
      git('commit', '--quiet', '--allow-empty', '-m', text);
      return git('rev-parse', 'HEAD');
    };
    commit('first');
    const hub = await fakeGitHub({ ...repository, git: folder });
    onTestFinished(() => hub.close());
    const forge = forgeOf(hub, hub.personal('bot'));
    const proposal = { head: 'heliostat/revert', base: 'main', title: 'Revert', body: '', labels: [] };
    expect(await forge.propose(proposal)).toMatchObject({ kind: 'refused' });

    git('checkout', '--quiet', '-b', proposal.head);
    const one = commit('revert');
    expect(value(await forge.propose(proposal)).head).toBe(one);
    const two = commit('revert, better');
    expect(value(await forge.pullRequestsOf(two as Revision))).toMatchObject([{ number: 1, head: two }]);
  });
});
