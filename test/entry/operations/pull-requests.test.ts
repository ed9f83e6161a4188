import { describe, expect, it, onTestFinished } from 'vitest';
import { giteaForge } from '../../../src/adapters/forge/gitea/index.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import type { Revision } from '../../../src/core/base/names.js';
import { originsBy } from '../../../src/entry/operations/pull-requests.js';
import { forgeOf, openHub } from '../../adapters/forge/github-hub.js';
import { quick } from '../../adapters/forge/contract.js';
import { fakeGitea } from '../../support/forge/gitea.js';

const sha = (digit: string): Revision => digit.repeat(40) as Revision;

describe('the pull request by which a commit came', () => {
  it('is the one that was merged as it, whatever the subject says', async () => {
    const hub = await openHub();
    const number = await hub.openPullRequest({ head: 'raise', sha: sha('b') });
    hub.merge(number, sha('d'));
    const asked = () => hub.log.length;
    const origins = originsBy(forgeOf(hub, hub.personal('ada')));
    const origin = { number, url: `https://github.com/acme/shop/pull/${number}` };
    expect(await origins(sha('d'), 'Raise api (#77)')).toMatchObject(origin);
    const before = asked();
    expect(await origins(sha('d'), 'Raise api (#77)'), 'it is asked once').toMatchObject(origin);
    expect(asked()).toBe(before);
  });

  it('is none that only proposes it, and else what the subject says', async () => {
    const hub = await openHub();
    await hub.openPullRequest({ head: 'raise', sha: sha('b') });
    const origins = originsBy(forgeOf(hub, hub.personal('ada')));
    expect(await origins(sha('b'), 'Raise api')).toBeNull();
    expect(await origins(sha('c'), 'Raise api (#5)')).toEqual({ number: 5, url: null });
  });

  it('is what the subject says where the forge does not answer, which is asked no second time', async () => {
    const hub = await fakeGitea({ owner: 'acme', name: 'shop' });
    onTestFinished(() => hub.close());
    const origins = originsBy(
      giteaForge({
        ...{
          repository: { owner: 'acme', name: 'shop' },
          apiUrl: hub.url,
          webUrl: 'https://git.example.com',
        },
        ...{ token: () => Promise.resolve('nobodyknowsit'), redact: redactorOf([]), waiting: quick },
      }),
    );
    expect(await origins(sha('b'), 'Raise api (#5)')).toEqual({ number: 5, url: null });
    const before = hub.log.length;
    expect(await origins(sha('c'), 'Raise db')).toBeNull();
    expect(hub.log.length).toBe(before);
  });

  it('is what the subject says where there is no forge', async () => {
    expect(await originsBy(null)(sha('b'), 'Merge pull request #12 from acme/raise')).toEqual({
      number: 12,
      url: null,
    });
  });
});
