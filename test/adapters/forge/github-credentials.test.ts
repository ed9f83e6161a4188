import { describe, expect, it } from 'vitest';
import type { FakeGitHub } from '../../support/forge/github.js';
import { quick, value } from './contract.js';
import { forgeOf, openHub } from './github-hub.js';

const marker = '<!-- heliostat -->';
const hourMs = 3_600_000;
const writing = {
  pull_requests: 'write',
  statuses: 'write',
  deployments: 'write',
  contents: 'write',
} as const;

function appOf(
  hub: FakeGitHub,
  permissions: Parameters<FakeGitHub['installApp']>[0]['permissions'] = writing,
) {
  const { id, privateKey } = hub.installApp({ slug: 'our-heliostat', permissions });
  return { kind: 'app', appId: id, privateKey, installationId: null } as const;
}

const tokensMade = (hub: FakeGitHub): number =>
  hub.log.filter(({ path }) => path.endsWith('/access_tokens')).length;

describe('an App on GitHub', () => {
  it('finds its installation by itself, and writes under its own name', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, appOf(hub));
    const number = await hub.openPullRequest({ head: 'raise' });
    value(await forge.writeComment(number, marker, `${marker}\nplan`));
    value(await forge.writeComment(number, marker, `${marker}\napplied`));
    expect(hub.comments(number).map(({ by, body }) => [by.login, body])).toEqual([
      ['our-heliostat[bot]', `${marker}\napplied`],
    ]);
    expect(tokensMade(hub)).toBe(1);
  });

  it('does not ask for its installation where it was told', async () => {
    const hub = await openHub();
    const auth = { ...appOf(hub), installationId: 815 };
    await forgeOf(hub, auth).token();
    expect(hub.log.map(({ path }) => path)).toEqual(['/app/installations/815/access_tokens']);
  });

  it('renews its token before the hour is over, and asks for none too many', async () => {
    const hub = await openHub();
    let aheadMs = 0;
    const forge = forgeOf(hub, appOf(hub), { wallMs: () => Date.now() + aheadMs });
    const goOn = (ms: number): void => {
      hub.advance(ms);
      aheadMs += ms;
    };
    const number = await hub.openPullRequest({ head: 'raise' });
    const first = await forge.token();
    goOn(hourMs / 2);
    expect(await forge.token()).toBe(first);
    goOn(hourMs / 2 - 60_000);
    const second = await forge.token();
    expect(second).not.toBe(first);
    goOn(5 * hourMs);
    expect(value(await forge.pullRequest(number))).toMatchObject({ number });
    expect(tokensMade(hub)).toBe(3);
  });

  it('asks for one token where many ask at once', async () => {
    const hub = await openHub();
    const forge = forgeOf(hub, appOf(hub));
    const number = await hub.openPullRequest({ head: 'raise' });
    await Promise.all(Array.from({ length: 10 }, () => forge.pullRequest(number)));
    expect(tokensMade(hub)).toBe(1);
  });

  it('may do what it was given, and names what is missing', async () => {
    const hub = await openHub();
    const { statuses: _statuses, ...some } = writing;
    const abilities = value(await forgeOf(hub, appOf(hub, some)).abilities());
    expect(abilities).toMatchObject({
      author: 'our-heliostat[bot]',
      comments: 'yes',
      statuses: 'no',
      deployments: 'yes',
      pushes: 'yes',
      proposals: 'yes',
      startsChecks: 'yes',
    });
    expect(abilities.remarks).toEqual([
      {
        code: 'forge.permission',
        message: 'The App may not write: Commit statuses',
        fix: 'Give the App the permission Commit statuses: Read and write, and accept it for the installation',
      },
    ]);
    expect(hub.log.every(({ needs }) => needs === 'read')).toBe(true);
  });

  it.each([
    ['no key at all', 'not a key'],
    ['half a key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAsecretsecret\n'],
  ])('with %s is refused, and the key is not told', async (_what, privateKey) => {
    const hub = await openHub();
    const forge = forgeOf(hub, { ...appOf(hub), privateKey });
    const answer = await forge.pullRequest(1);
    expect(answer).toMatchObject({ kind: 'refused', code: 'forge.credentials' });
    expect(JSON.stringify(answer)).not.toContain('MIIE');
    await expect(forge.token()).rejects.toThrow('private key of the App cannot be used');
  });

  it('with the key of another App is refused', async () => {
    const hub = await openHub();
    const { appId: _appId, ...auth } = appOf(hub);
    expect(await forgeOf(hub, { ...auth, appId: 1 }).pullRequest(1)).toMatchObject({
      kind: 'refused',
      code: 'forge.credentials',
    });
  });

  it('that is not installed here is told so', async () => {
    const hub = await openHub();
    const auth = { ...appOf(hub), installationId: 1 };
    expect(await forgeOf(hub, auth).pullRequest(1)).toMatchObject({
      kind: 'refused',
      code: 'forge.notFound',
    });
  });

  it('whose token cannot be had now is unavailable', async () => {
    const hub = await openHub();
    hub.fate({ method: 'POST', path: /access_tokens$/ }, { kind: 'status', status: 502 }, 100);
    expect(await forgeOf(hub, appOf(hub)).pullRequest(1)).toMatchObject({ kind: 'unavailable' });
  });
});

describe('the token of a workflow', () => {
  const actions = (hub: FakeGitHub, permissions = {}) =>
    hub.actions({ pull_requests: 'write', statuses: 'write', contents: 'write', ...permissions });

  it('keeps to one comment, although it may not ask who it is', async () => {
    const hub = await openHub();
    const token = actions(hub);
    const number = await hub.openPullRequest({ head: 'raise' });
    // Each run of a workflow is a process of its own.
    for (let run = 1; run <= 3; run++)
      value(await forgeOf(hub, token).writeComment(number, marker, `${marker}\n${run}`));
    expect(hub.comments(number).map(({ by, body }) => [by.login, body])).toEqual([
      ['github-actions[bot]', `${marker}\n3`],
    ]);
  });

  it('keeps to one comment where GraphQL is not to be had either', async () => {
    const hub = await openHub();
    hub.fate({ path: /graphql$/ }, { kind: 'status', status: 404 }, 100);
    const number = await hub.openPullRequest({ head: 'raise' });
    for (const token of [actions(hub), actions(hub)])
      for (const text of ['a', 'b'])
        value(await forgeOf(hub, token).writeComment(number, marker, `${marker}\n${text}`));
    expect(hub.comments(number)).toHaveLength(1);
  });

  it('keeps to one comment where GraphQL says no in its own way, with 200', async () => {
    const hub = await openHub();
    hub.state.refusesGraphql = true;
    const number = await hub.openPullRequest({ head: 'raise' });
    const token = actions(hub);
    for (const text of ['a', 'b'])
      value(await forgeOf(hub, token).writeComment(number, marker, `${marker}\n${text}`));
    expect(hub.comments(number)).toHaveLength(1);
  });

  it('that may open a pull request but not label it opens it, and the operator is told', async () => {
    const hub = await openHub();
    hub.branch('revert', 'c'.repeat(40));
    const told: string[] = [];
    const log = { write: (level: string, text: string) => void told.push(`${level}: ${text}`) };
    const forge = forgeOf(hub, actions(hub), { log });
    hub.fate({ path: /\/labels$/ }, { kind: 'status', status: 410 }, 10);
    const labels = ['heliostat'];
    value(await forge.propose({ head: 'revert', base: 'main', title: 'Revert', body: '', labels }));
    expect(told).toEqual([expect.stringMatching(/^warn: Pull request 1 gets no labels/)]);
  });

  it('of another App keeps to one comment of that App, known or not', async () => {
    const hub = await openHub();
    const number = await hub.openPullRequest({ head: 'raise' });
    const token = hub.installation('release-bot', { issues: 'write' });
    value(await forgeOf(hub, token).writeComment(number, marker, `${marker}\n1`));
    hub.fate({ path: /graphql$/ }, { kind: 'status', status: 404 }, 100);
    value(await forgeOf(hub, token).writeComment(number, marker, `${marker}\n2`));
    expect(hub.comments(number).map(({ by, body }) => [by.login, body])).toEqual([
      ['release-bot[bot]', `${marker}\n2`],
    ]);
  });

  it('is told the one setting by which it may propose, before it fails and after', async () => {
    const hub = await openHub();
    hub.state.mayActionsPropose = false;
    hub.branch('revert', 'c'.repeat(40));
    const setting = 'Allow GitHub Actions to create and approve pull requests';
    const forge = forgeOf(hub, actions(hub, { administration: 'read' }));
    const abilities = value(await forge.abilities());
    expect(abilities).toMatchObject({ author: 'github-actions[bot]', proposals: 'no', startsChecks: 'no' });
    expect(abilities.remarks.find(({ code }) => code === 'forge.proposalsOff')?.fix).toContain(setting);
    const proposal = { head: 'revert', base: 'main', title: 'Revert', body: '', labels: [] };
    const answer = await forge.propose(proposal);
    expect(answer).toMatchObject({ kind: 'refused', code: 'forge.proposalsOff' });
    expect(answer.kind === 'refused' && answer.fix).toContain(setting);
  });

  it('is not known to be able, where nothing tells, and starts no checks', async () => {
    const hub = await openHub();
    const abilities = value(await forgeOf(hub, actions(hub)).abilities());
    expect(abilities).toMatchObject({ comments: 'unknown', proposals: 'unknown', startsChecks: 'no' });
    expect(abilities.remarks.map(({ code }) => code)).toEqual([
      'forge.permissionsUnknown',
      'forge.proposalsOff',
      'forge.noChecks',
    ]);
  });

  it('of a pull request from a fork reads, and writes nothing', async () => {
    const hub = await openHub();
    const token = hub.actions({ contents: 'read', issues: 'read', pull_requests: 'read', metadata: 'read' });
    const forge = forgeOf(hub, token);
    const number = await hub.openPullRequest({ head: 'raise', fork: 'mallory', sha: 'b'.repeat(40) });
    value(await forge.pullRequest(number));
    value(await forge.comment(number, marker));
    value(await forge.abilities());
    expect(hub.log.filter(({ needs }) => needs === 'write')).toEqual([]);
    expect(await forge.writeComment(number, marker, marker)).toMatchObject({
      code: 'forge.forbidden',
      fix: 'Give the credentials the permission issues=write or pull_requests=write',
    });
  });
});

describe('the token of a person', () => {
  it.each([
    [['repo'], { comments: 'yes', statuses: 'yes', deployments: 'yes', pushes: 'yes', proposals: 'yes' }],
    [['repo:status'], { comments: 'no', statuses: 'yes', deployments: 'no', pushes: 'no', proposals: 'no' }],
  ])('with the scopes %j may do what these allow', async (scopes, able) => {
    const hub = await openHub();
    hub.state.tokens.clear();
    const token = hub.personal('alice', scopes);
    const found = await forgeOf(hub, token).abilities();
    // A scope for statuses alone does not show the repository; GitHub shows it where it is public.
    if (found.kind === 'ok')
      expect(found.value).toMatchObject({ ...able, startsChecks: 'yes', author: 'alice' });
    else expect(found).toMatchObject({ code: 'forge.forbidden' });
  });

  it('whose permissions cannot be read is not said to be able', async () => {
    const hub = await openHub();
    const abilities = value(await forgeOf(hub, hub.fineGrained('alice', writing)).abilities());
    expect(abilities).toMatchObject({ author: 'alice', comments: 'unknown', startsChecks: 'yes' });
    expect(abilities.remarks.map(({ code }) => code)).toEqual(['forge.permissionsUnknown']);
  });

  it('is asked for anew each time, so a renewed one is used at once', async () => {
    const hub = await openHub();
    let token = hub.personal('alice');
    const forge = forgeOf(hub, { kind: 'token', token: () => Promise.resolve(token) });
    const number = await hub.openPullRequest({ head: 'raise' });
    value(await forge.pullRequest(number));
    hub.withdraw(token);
    expect(await forge.pullRequest(number)).toMatchObject({ code: 'forge.credentials' });
    token = hub.personal('alice');
    value(await forge.pullRequest(number));
    expect(await forge.token()).toBe(token);
  });

  it('that is empty is refused without asking anybody', async () => {
    const hub = await openHub();
    expect(await forgeOf(hub, ' \n').pullRequest(1)).toMatchObject({ code: 'forge.credentials' });
    expect(hub.log).toEqual([]);
  });

  it('does not show what it may not see: neither as missing', async () => {
    const hub = await openHub();
    Object.assign(hub.state, { name: 'renamed' });
    expect(await forgeOf(hub, hub.personal('alice')).pullRequest(1)).toMatchObject({
      kind: 'refused',
      code: 'forge.notFound',
    });
  });

  it('may write nothing into the archive', async () => {
    const hub = await openHub();
    hub.state.isArchived = true;
    const forge = forgeOf(hub, hub.personal('alice'), { waiting: quick });
    expect(value(await forge.abilities())).toMatchObject({ comments: 'no', pushes: 'no' });
    const number = await hub.openPullRequest({ head: 'raise' });
    expect(await forge.writeComment(number, marker, marker)).toMatchObject({ code: 'forge.archived' });
  });
});
