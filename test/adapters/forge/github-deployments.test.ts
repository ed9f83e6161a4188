import { describe, expect, it } from 'vitest';
import type { Revision } from '../../../src/core/base/names.js';
import type { Deployment } from '../../../src/ports/forge.js';
import type { FakeGitHub } from '../../support/forge/github.js';
import { value } from './contract.js';
import { forgeOf, openHub } from './github-hub.js';

const sha = (digit: string): Revision => digit.repeat(40) as Revision;
const shop: Deployment = {
  revision: sha('b'),
  environment: 'prod',
  solution: 'shop',
  state: 'inProgress',
  description: '2 of 5 steps',
  logUrl: 'https://status.example.com/prod/shop',
  environmentUrl: null,
};

/** `b inactive` */
const latest = (hub: FakeGitHub): string[] =>
  hub
    .deployments()
    .map(({ sha: at, environment, statuses }) => [at[0], environment, statuses.at(-1)?.state].join(' '));
const writes = (hub: FakeGitHub): number => hub.log.filter(({ needs }) => needs === 'write').length;

describe('a deployment on GitHub', () => {
  it('is created once, and goes on by statuses', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    for (const state of ['queued', 'inProgress', 'success'] as const)
      value(await forge.writeDeployment({ ...shop, state }));
    expect(hub.deployments()).toHaveLength(1);
    expect(hub.deployments()[0]?.statuses.map(({ state }) => state)).toEqual([
      'queued',
      'in_progress',
      'success',
    ]);
  });

  it('costs no write where it says so already', async () => {
    const hub = await openHub();
    value(await forgeOf(hub, hub.personal('bot')).writeDeployment(shop));
    const before = writes(hub);
    value(await forgeOf(hub, hub.personal('bot')).writeDeployment(shop));
    expect(writes(hub)).toBe(before);
  });

  it('makes the former one of its solution inactive by its success, and none of another', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    value(await forge.writeDeployment({ ...shop, state: 'success' }));
    value(await forge.writeDeployment({ ...shop, solution: 'mail', state: 'success' }));
    value(await forge.writeDeployment({ ...shop, revision: sha('c'), state: 'success' }));
    expect(latest(hub)).toEqual(['b prod/shop inactive', 'b prod/mail success', 'c prod/shop success']);
  });

  it('that a later one made inactive is not woken by a repetition of what was said', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    const before = { ...shop, state: 'success' } as const;
    value(await forge.writeDeployment(before));
    value(await forge.writeDeployment({ ...shop, revision: sha('c'), state: 'success' }));
    value(await forge.writeDeployment(before));
    expect(latest(hub)).toEqual(['b prod/shop inactive', 'c prod/shop success']);
  });

  it('of a revision that comes back is a new one', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    value(await forge.writeDeployment({ ...shop, state: 'success', description: 'applied in 40 s' }));
    value(await forge.writeDeployment({ ...shop, revision: sha('c'), state: 'success' }));
    value(await forge.writeDeployment({ ...shop, description: 'back again' }));
    value(await forge.writeDeployment({ ...shop, state: 'success', description: 'applied in 20 s' }));
    expect(latest(hub)).toEqual(['b prod/shop inactive', 'c prod/shop inactive', 'b prod/shop success']);
  });

  it('that never was is not made inactive', async () => {
    const hub = await openHub();
    value(await forgeOf(hub, hub.personal('bot')).writeDeployment({ ...shop, state: 'inactive' }));
    expect(hub.deployments()).toEqual([]);
  });

  it.each([/\/deployments$/, /\/deployments\/\d+\/statuses$/])(
    'is made once where the answer of %s is lost',
    async (path) => {
      const hub = await openHub();
      hub.fate({ method: 'POST', path }, { kind: 'lost' });
      value(await forgeOf(hub, hub.personal('bot')).writeDeployment(shop));
      expect(hub.deployments().map(({ statuses }) => statuses.length)).toEqual([1]);
    },
  );

  it('of somebody else in the same environment is left alone', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    const url = `${hub.url}/repos/acme/shop/deployments`;
    const body = { ref: shop.revision, environment: 'prod/shop', auto_merge: false, required_contexts: [] };
    const headers = { authorization: `token ${hub.personal('alice')}`, 'content-type': 'application/json' };
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    value(await forge.writeDeployment(shop));
    expect(hub.deployments().map(({ task, statuses }) => [task, statuses.length])).toEqual([
      ['deploy', 0],
      ['deploy:heliostat', 1],
    ]);
  });
});
