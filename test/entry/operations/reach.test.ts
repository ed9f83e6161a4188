import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkElsewhere } from '../../../src/entry/cli/doctor/elsewhere.js';
import type { Failure, ReachView } from '../../../src/entry/cli/operations.js';
import { reach } from '../../../src/entry/operations/reach.js';
import { openHub } from '../../adapters/forge/github-hub.js';
import { gitServer } from '../../support/git-server.js';
import { git, makeFolder, makeRepository } from '../../support/git.js';

const place = { domain: null, signal: new AbortController().signal };

function configured(settings: object): string {
  const folder = makeFolder();
  const file = join(folder, 'operator.yaml');
  writeFileSync(file, JSON.stringify(settings));
  return file;
}

function tokenFile(token: string): string {
  const file = join(makeFolder(), 'token');
  writeFileSync(file, token, { mode: 0o600 });
  return `file:${file}`;
}

const linesOf = (view: ReachView | Failure): string[] =>
  checkElsewhere(view).map(({ state, name, detail }) => `${state} ${name}: ${detail}`);

async function withForge(token: string, api: string): Promise<ReachView> {
  const config = configured({
    forge: { kind: 'github', repository: 'acme/shop', api, token: tokenFile(token) },
  });
  return reach({ ...place, repo: makeRepository(), config });
}

describe('a forge', () => {
  it('tells before anything is written what the credentials may do, as whom', async () => {
    const hub = await openHub();
    const lines = linesOf(await withForge(hub.personal('ada'), hub.url));
    expect(lines[0]).toContain('/acme/shop, as ada');
    expect(lines.slice(1)).toEqual(
      ['comments', 'statuses', 'deployments', 'pushes', 'pull requests', 'checks start'].map(
        (name) => `ok forge: ${name}: yes`,
      ),
    );
    expect(hub.log.filter(({ needs }) => needs === 'write')).toEqual([]);
  });

  it('tells what a workflow may not do, each with what mends it', async () => {
    const hub = await openHub();
    hub.state.mayActionsPropose = false;
    const view = await withForge(
      hub.actions({ contents: 'write', pull_requests: 'write', administration: 'read' }),
      hub.url,
    );
    const lines = linesOf(view);
    expect(lines).toContain('missing forge: pull requests: no: these credentials may not');
    expect(lines).toContain('warn forge: checks start: no: these credentials may not');
    expect(checkElsewhere(view).map(({ command }) => command ?? '')).toContainEqual(
      expect.stringContaining('Allow GitHub Actions to create and approve pull requests'),
    );
  });

  it('that does not know the token is a failed check with what it says', async () => {
    const hub = await openHub();
    const view = await withForge('ghp_nobodyknowsthisone', hub.url);
    expect(checkElsewhere(view)).toMatchObject([{ name: 'forge', state: 'missing' }]);
    expect(JSON.stringify(checkElsewhere(view))).not.toContain('ghp_nobody');
  });

  it('whose credentials are nowhere is refused with what is missing', async () => {
    const config = configured({
      forge: { kind: 'github', repository: 'acme/shop', token: 'env:HELIOSTAT_NO_SUCH_TOKEN' },
    });
    await expect(reach({ ...place, repo: makeRepository(), config })).rejects.toThrow('forge.token');
  });
});

describe('a remote', () => {
  const token = 's3cret-of-the-remote';

  it('answers, and would take a push: nothing was sent to find out', async () => {
    const server = await gitServer({ token });
    const config = configured({ remote: { token: tokenFile(token) } });
    const view = await reach({ ...place, repo: server.url, config });
    expect(linesOf(view)).toEqual([
      `ok remote: ${server.url} answers`,
      'ok push: the remote would take the status branch, notes and reverts',
    ]);
    // The second version of the protocol lists by a POST to the service that only reads.
    expect(server.asked.filter(({ path }) => path.endsWith('/git-receive-pack'))).toEqual([]);
  });

  it('that takes no push from us says so before the first one', async () => {
    const server = await gitServer();
    git(server.folder, 'config', 'http.receivepack', 'false');
    const view = await reach({ ...place, repo: server.url, config: null });
    expect(checkElsewhere(view).map(({ name, state }) => [name, state])).toEqual([
      ['remote', 'ok'],
      ['token', 'warn'],
      ['push', 'missing'],
    ]);
  });

  it('that is away, or lets nobody in, is a failed check with its message', async () => {
    const server = await gitServer({ token });
    const unknown = await reach({ ...place, repo: server.url, config: null });
    expect(linesOf(unknown)[0]).toMatch(/^missing remote: .* does not let us at .*401/);
    await server.stop();
    const away = await reach({ ...place, repo: server.url, config: null });
    expect(linesOf(away)[0]).toMatch(/^missing remote: .* does not answer/);
  });
});
