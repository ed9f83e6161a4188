import { describe, expect, it, onTestFinished } from 'vitest';
import { giteaForge } from '../../../src/adapters/forge/gitea/index.js';
import type { Revision } from '../../../src/core/base/names.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import type { Forge } from '../../../src/ports/forge.js';
import { fakeGitea, type FakeGitea } from '../../support/forge/gitea.js';
import { contractOf, quick, value } from './contract.js';

const repository = { owner: 'acme', name: 'shop' };

function forgeOf(hub: FakeGitea, token: string, waiting = {}, trusted: readonly string[] = []): Forge {
  return giteaForge({
    repository,
    apiUrl: hub.url,
    webUrl: 'https://gitea.example.com/',
    token: () => Promise.resolve(token),
    redact: redactorOf([]),
    trusted,
    waiting: { ...quick, ...waiting },
  });
}

contractOf('Gitea', async () => {
  const hub = await fakeGitea(repository);
  const token = hub.token('heliostat-bot');
  return {
    hub,
    login: 'heliostat-bot',
    token,
    forge: (waiting) => forgeOf(hub, token, waiting),
    trusting: (trusted) => forgeOf(hub, token, {}, trusted),
    stranger: () => forgeOf(hub, 'nobodyknowsthisone'),
    reader: () => forgeOf(hub, hub.token('heliostat-bot', ['read:repository', 'read:issue', 'read:user'])),
    paths: { comments: /\/issues\/\d+\/comments$/, statuses: /\/statuses\/\w+$/, pulls: /\/pulls$/ },
  };
});

describe('Gitea', () => {
  async function open(): Promise<FakeGitea> {
    const hub = await fakeGitea(repository);
    onTestFinished(() => hub.close());
    return hub;
  }

  it('has no deployments, and says so without asking anybody', async () => {
    const hub = await open();
    const forge = forgeOf(hub, hub.token('bot'));
    expect(forge.traits.hasDeployments).toBe(false);
    const deployment = {
      revision: 'b'.repeat(40) as Revision,
      environment: 'prod',
      solution: 'shop',
      state: 'success',
      description: '',
      logUrl: null,
      environmentUrl: null,
    } as const;
    expect(await forge.writeDeployment(deployment)).toMatchObject({ code: 'forge.noDeployments' });
    expect(hub.log).toEqual([]);
  });

  it('keeps to one comment, too, for a token that may not say whose it is', async () => {
    const hub = await open();
    const token = hub.token('bot', ['write:repository', 'write:issue']);
    const number = await hub.openPullRequest({ head: 'raise' });
    for (let life = 1; life <= 3; life++)
      value(await forgeOf(hub, token).writeComment(number, '<!-- m -->', `<!-- m -->\n${life}`));
    expect(hub.comments(number).map(({ body }) => body)).toEqual(['<!-- m -->\n3']);
    const abilities = value(await forgeOf(hub, token).abilities());
    expect(abilities.author).toBeNull();
    expect(abilities.remarks.map(({ fix }) => fix)).toContain('Give the token the scope read:user');
  });

  it('says what is known of an archived repository', async () => {
    const hub = await open();
    hub.state.isArchived = true;
    const forge = forgeOf(hub, hub.token('bot'));
    expect(value(await forge.abilities())).toMatchObject({ comments: 'no', pushes: 'no' });
    const number = await hub.openPullRequest({ head: 'raise' });
    expect(await forge.writeComment(number, '<!-- m -->', '<!-- m -->')).toMatchObject({
      code: 'forge.archived',
    });
  });

  it('finds a proposal behind many other pull requests', async () => {
    const hub = await open();
    hub.branch('revert', 'c'.repeat(40));
    const forge = forgeOf(hub, hub.token('bot'));
    const proposal = { head: 'revert', base: 'main', title: 'Revert', body: '', labels: [] };
    const { number } = value(await forge.propose(proposal));
    for (let i = 0; i < 120; i++) await hub.openPullRequest({ head: `other-${i}` });
    expect(value(await forge.propose(proposal)).number).toBe(number);
  });
});
