import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeGitHub, type FakeGitHub } from '../../support/forge/github.js';

const mustBeThere = process.env['HELIOSTAT_REQUIRE_ALL'] === '1';
const missing =
  "GitHub's description of its API is missing, so the fake GitHub was not held against it. Get it: node scripts/openapi.mjs";

describe("GitHub's own description of its API", () => {
  let hub: FakeGitHub;
  let headers: Record<string, string>;

  beforeEach(async (context) => {
    hub = await fakeGitHub({ owner: 'acme', name: 'shop' });
    headers = { authorization: `token ${hub.personal('alice')}`, 'content-type': 'application/json' };
    if (hub.isDescribed) return;
    await hub.close();
    if (mustBeThere) throw new Error(missing);
    context.skip(missing);
  });
  afterEach(async () => {
    if (hub.isDescribed) await hub.close().catch(() => undefined);
  });

  const post = (path: string, body: unknown) =>
    fetch(`${hub.url}/repos/acme/shop${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

  it('lets pass what is right', async () => {
    const answer = await post(`/statuses/${'b'.repeat(40)}`, { state: 'success', context: 'heliostat/prod' });
    expect(answer.status).toBe(201);
    expect(hub.mismatches).toEqual([]);
  });

  it.each([
    ['a field that does not exist', `/statuses/${'b'.repeat(40)}`, { state: 'success', contexts: 'x' }],
    ['a value that does not exist', `/statuses/${'b'.repeat(40)}`, { state: 'succeeded' }],
    ['a field that is missing', '/pulls', { head: 'x' }],
    ['a field of another type', '/issues/1/comments', { body: 1 }],
    ['a place that is no number', '/issues/one/comments', { body: 'x' }],
    ['a query that does not exist', '/issues/1/comments?limit=3', { body: 'x' }],
    ['no body at all', '/pulls', undefined],
    ['an operation that does not exist', '/pull', {}],
  ])('finds %s, and the test that did it fails', async (_what, path, body) => {
    await post(path, body);
    expect(hub.mismatches).toHaveLength(1);
    await expect(hub.close()).rejects.toThrow('This is not how GitHub describes its API');
  });

  it('finds answers of the fake that GitHub would not give', async () => {
    hub.state.statuses.push({
      id: 1,
      sha: 'b'.repeat(40),
      state: 'success',
      context: 'x',
      description: null,
      targetUrl: 'not a url',
      by: { id: 1, login: 'alice', type: 'User' },
      at: 'yesterday',
    });
    await fetch(`${hub.url}/repos/acme/shop/commits/${'b'.repeat(40)}/status`, { headers });
    expect(hub.mismatches.join()).toMatch(/target_url must match format "uri"/);
    expect(hub.mismatches.join()).toMatch(/created_at must match format "date-time"/);
  });
});
