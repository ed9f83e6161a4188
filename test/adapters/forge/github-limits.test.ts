import { describe, expect, it } from 'vitest';
import type { Revision } from '../../../src/core/base/names.js';
import type { CommitStatus } from '../../../src/ports/forge.js';
import { value } from './contract.js';
import { forgeOf, openHub, repository } from './github-hub.js';
import { githubForge } from '../../../src/adapters/forge/github/index.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';

const sha = 'b'.repeat(40) as Revision;
const status: CommitStatus = {
  context: 'heliostat/prod',
  state: 'success',
  description: 'Applied',
  url: null,
};

describe('the limits of GitHub', () => {
  it('of the second kind are waited for where that is short, for a write too', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    hub.fate({ method: 'POST' }, { kind: 'secondaryLimit', afterSeconds: 30 });
    value(await forge.writeStatus(sha, status));
    expect(hub.statuses(sha)).toHaveLength(1);
  });

  it('of the second kind last a minute where GitHub does not say', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'), { waiting: { secondMs: 100, patienceMs: 4_000 } });
    hub.fate({}, { kind: 'secondaryLimit', afterSeconds: null }, 100);
    expect(await forge.pullRequest(1)).toMatchObject({ kind: 'unavailable', afterMs: 60_000 });
    expect(hub.log).toHaveLength(1);
  });

  it('of the first kind are told with the time of their end, and not waited for', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'), { waiting: { secondMs: 100 } });
    hub.fate({}, { kind: 'primaryLimit', resetSeconds: 1_800 }, 100);
    const answer = await forge.pullRequest(1);
    expect(answer.kind === 'unavailable' && answer.afterMs).toBeGreaterThan(1_790_000);
    expect(hub.log).toHaveLength(1);
  });

  it('are not mistaken for a lack of permission, nor the other way round', async () => {
    const hub = await openHub();
    const reader = forgeOf(hub, hub.fineGrained('bot', { statuses: 'read' }));
    hub.fate({ method: 'POST' }, { kind: 'limit', status: 403, afterSeconds: 5 });
    expect(await reader.writeStatus(sha, status)).toMatchObject({ kind: 'refused', code: 'forge.forbidden' });
    expect(hub.log.filter(({ method }) => method === 'POST').map((one) => one.status)).toEqual([403, 403]);
  });

  it('of 1,000 statuses a commit and context are never met by saying the same', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    for (let i = 0; i < 20; i++) value(await forge.writeStatus(sha, status));
    expect(hub.statuses(sha)).toHaveLength(1);
  });

  it('of contexts: a status is found among hundreds of others', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    value(await forge.writeStatus(sha, status));
    const [ours] = hub.statuses(sha);
    for (let i = 0; i < 250; i++) if (ours) hub.state.statuses.unshift({ ...ours, context: `ci/${i}` });
    value(await forge.writeStatus(sha, { ...status, context: 'Heliostat/Prod' }));
    expect(hub.statuses(sha)).toHaveLength(251);
  });
});

describe('what GitHub says', () => {
  it('is shown without secrets and escape sequences, and not at any length', async () => {
    const hub = await openHub();
    hub.branch('revert', 'c'.repeat(40));
    const token = hub.personal('bot');
    const forge = githubForge({
      repository,
      apiUrl: `${hub.url}/`,
      webUrl: 'https://github.com',
      auth: { kind: 'token', token: () => Promise.resolve(token) },
      redact: redactorOf(['hunter2-and-more']),
    });
    const bad = `\u001b[31m${token} hunter2-and-more ${'x'.repeat(1_000)}` as Revision;
    const answer = await forge.writeStatus(bad, status);
    const text = JSON.stringify(answer);
    expect(answer).toMatchObject({ kind: 'refused', code: 'forge.rejected' });
    expect(text).toContain('[redacted]');
    for (const secret of [token, 'hunter2', '\\u001b']) expect(text).not.toContain(secret);
    expect(text.length).toBeLessThan(600);
  });

  it('keeps to the limit of a comment, and refuses what is longer', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    const number = await hub.openPullRequest({ head: 'raise' });
    const body = `<!-- m -->\n${'x'.repeat(forge.traits.commentCharacters)}`;
    expect(await forge.writeComment(number, '<!-- m -->', body)).toMatchObject({ code: 'forge.rejected' });
    const fits = body.slice(0, forge.traits.commentCharacters);
    value(await forge.writeComment(number, '<!-- m -->', fits));
  });

  it('about a repository that was renamed is followed: it leads to the same host', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, hub.personal('bot'));
    const number = await hub.openPullRequest({ head: 'raise' });
    const path = new RegExp(`/pulls/${number}$`);
    hub.fate({ path }, { kind: 'redirect', to: `${hub.url}/repos/acme/shop/pulls/${number}`, status: 301 });
    expect(value(await forge.pullRequest(number))).toMatchObject({ number });
  });
});
