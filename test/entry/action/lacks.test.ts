import { describe, expect, it } from 'vitest';
import { lacksOf } from '../../../src/entry/action/lacks.js';
import { forgeOf, openHub } from '../../adapters/forge/github-hub.js';
import { value } from '../../adapters/forge/contract.js';

const applies = { appliedBy: 'action', reverts: null } as const;

describe('what is said in the comment of what will be refused', () => {
  it('is that no pull request may be opened, by who would open one', async () => {
    const hub = await openHub();
    hub.state.mayActionsPropose = false;
    const token = hub.actions({ contents: 'write', pull_requests: 'write', administration: 'read' });
    const abilities = value(await forgeOf(hub, token).abilities());
    expect(lacksOf(abilities, applies).map(({ fix }) => fix)).toEqual([
      expect.stringContaining('Allow GitHub Actions to create and approve pull requests'),
    ]);
    expect(lacksOf(abilities, { ...applies, appliedBy: 'daemon' }), 'the daemon opens its own').toEqual([]);
    expect(lacksOf(abilities, { ...applies, reverts: 'commit' }), 'none is opened').toEqual([]);
  });

  it('is what an App was not given', async () => {
    const hub = await openHub();
    const { id: appId, privateKey } = hub.installApp({
      slug: 'acme-heliostat',
      permissions: { contents: 'write', pull_requests: 'write', deployments: 'write' },
    });
    const auth = { kind: 'app', appId, privateKey, installationId: null } as const;
    const abilities = value(await forgeOf(hub, auth).abilities());
    expect(lacksOf(abilities, { ...applies, appliedBy: 'daemon' })).toMatchObject([
      { message: 'The App may not write: Commit statuses' },
    ]);
  });

  it('is nothing that is only not known', async () => {
    const hub = await openHub();
    const abilities = value(await forgeOf(hub, hub.fineGrained('ada', { contents: 'write' })).abilities());
    expect(lacksOf(abilities, applies)).toEqual([]);
  });
});
