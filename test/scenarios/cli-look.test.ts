import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { gitEnvironment } from '../support/git.js';
import { gitIn, stage, until, type Finished, type Stage } from '../support/heliostat.js';
import { domainFile, solution } from '../support/scenario/model.js';

const within = 60_000;

/** An element of a provider that runs nothing, so that a rollout takes no longer than it is written. */
function part(version: string, more = ''): Record<string, string> {
  const yaml = `apiVersion: heliostat/v1\nkind: Component\nname: part\nversion: ${version}\nprovider: noop\n${more}`;
  return { [`catalog/part/${version}.yaml`]: yaml };
}

const uses = 'dependencies: { db: { type: service, component: db, version: ">=1.0.0 <2.0.0" } }\n';

function model(version: string): Record<string, string> {
  return {
    'heliostat.yaml': domainFile(),
    ...part('1.0.0', uses),
    ...part('1.1.0', uses),
    'catalog/db/1.0.0.yaml':
      'apiVersion: heliostat/v1\nkind: Component\nname: db\nversion: 1.0.0\nprovider: noop\n',
    ...solution('shop', {
      db: '{ component: db, version: 1.0.0 }',
      web: `{ component: part, version: ${version}, size: 2, relationships: { db: db } }`,
    }),
  };
}

function json<T>(finished: Finished): T {
  expect(finished.stdout, finished.stderr).not.toBe('');
  return JSON.parse(finished.stdout) as T;
}

interface Status {
  readonly healthy: boolean;
  readonly revision: string | null;
  readonly controller: { readonly running: boolean; readonly epoch: number } | null;
  readonly conditions: readonly { readonly type: string; readonly command: string | null }[];
  readonly solutions: readonly {
    readonly name: string;
    readonly elements: readonly { readonly name: string; readonly desired: { readonly version: string } }[];
  }[];
}

interface History {
  readonly rollouts: readonly {
    readonly revision: string;
    readonly author: string;
    readonly subject: string;
    readonly verdict: string;
    readonly reverts: string | null;
    readonly changes: readonly {
      readonly element: string;
      readonly before: string | null;
      readonly after: string | null;
    }[];
  }[];
}

async function statusOf(s: Stage, ...args: string[]): Promise<Status & { readonly code: number | null }> {
  const finished = await s.call('status', '--json', ...args);
  return { ...json<Status>(finished), code: finished.code };
}

/** Starts a verb that goes on for ever. */
function listen(s: Stage, args: string[], tell: (text: string) => void): { end(): Promise<void> } {
  const env = { ...gitEnvironment(), TMPDIR: join(s.folder, 't'), HOME: s.folder, NO_COLOR: '1' };
  const options = {
    cwd: s.repository,
    env,
    stdio: ['ignore', 'pipe', 'inherit'] as ['ignore', 'pipe', 'inherit'],
  };
  const child = spawn(process.execPath, [s.program, ...args], options);
  child.stdout.setEncoding('utf8').on('data', tell);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    end: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

function webVersion(status: Status): string | undefined {
  return status.solutions[0]?.elements.find(({ name }) => name === 'web')?.desired.version;
}

test(
  'without a daemon every look tells the same story: what runs, what waits, what was, and what was taken back',
  async () => {
    const s = await stage(model('1.0.0'));
    const first = gitIn(s, 'rev-parse', 'HEAD');

    const before = await statusOf(s);
    expect(before, 'a commit that nobody applied is not there yet').toMatchObject({
      code: 2,
      revision: null,
      controller: null,
    });
    expect(before.conditions).toMatchObject([{ type: 'behind', command: 'heliostat apply' }]);
    expect(gitIn(s, 'for-each-ref', 'refs/heads/heliostat'), 'looking writes nothing').toBe('');
    expect(gitIn(s, 'status', '--porcelain')).toBe('');

    expect((await s.call('apply')).code).toBe(0);
    expect(await statusOf(s)).toMatchObject({
      code: 0,
      healthy: true,
      revision: first,
      controller: { running: false, epoch: 1 },
      conditions: [],
    });

    const raised = s.commit(model('1.1.0'), 'Raise web');
    expect((await statusOf(s)).conditions).toMatchObject([{ type: 'behind' }]);
    expect((await s.call('apply')).code).toBe(0);
    gitIn(s, 'revert', '--no-edit', raised);
    const back = gitIn(s, 'rev-parse', 'HEAD');
    expect((await s.call('apply')).code).toBe(0);

    expect(webVersion(await statusOf(s))).toBe('1.0.0');
    const then = await statusOf(s, '--at', raised);
    expect(webVersion(then), 'the status branch remembers').toBe('1.1.0');
    expect(then).toMatchObject({ code: 0, healthy: true, revision: raised });
    expect((await statusOf(s, '--at', new Date().toISOString())).revision).toBe(back);
    const tooEarly = await s.call('status', '--json', '--at', '2001-01-01T00:00:00Z');
    expect(tooEarly.code).toBe(1);
    expect(tooEarly.stdout).toContain('status.notKnown');

    const history = json<History>(await s.call('history', '--json'));
    expect(history.rollouts).toMatchObject([
      { revision: back, verdict: 'applied', reverts: raised, subject: 'Revert "Raise web"' },
      {
        revision: raised,
        verdict: 'applied',
        reverts: null,
        author: 'Ada Example',
        changes: [{ element: 'web', before: '1.0.0', after: '1.1.0' }],
      },
      { revision: first, reverts: null },
    ]);
    const ofDb = json<History>(await s.call('history', 'shop/db', '--json'));
    expect(
      ofDb.rollouts.map(({ revision }) => revision),
      'only what changed it',
    ).toEqual([first]);
    expect(json<History>(await s.call('history', '--json', '--limit', '1')).rollouts).toHaveLength(1);

    const events = (await s.call('events', 'shop/web', '--json')).stdout.trim().split('\n');
    const kinds = events.map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toContain('operation.begun');
    expect(kinds, 'of the element, not of the domain').not.toContain('tip.seen');
    expect((await s.call('events', '--since', '2099-01-01T00:00:00Z')).stdout).toBe('');
  },
  within,
);

test(
  'the model itself can be looked at before anything runs: graph, explanation, providers, and names that nearly fit',
  async () => {
    const s = await stage(model('1.0.0'));
    const graph = json<{ nodes: { id: string; size: number }[]; edges: object[] }>(
      await s.call('graph', '--format', 'json'),
    );
    expect(graph.nodes).toMatchObject([
      { id: 'test/shop/db', size: 1 },
      { id: 'test/shop/web', size: 2 },
    ]);
    expect(graph.edges).toMatchObject([
      {
        from: 'test/shop/web',
        to: 'test/shop/db',
        type: 'service',
        relationship: 'db',
        range: '>=1.0.0 <2.0.0',
      },
    ]);

    const explained = await s.call('explain', 'web');
    expect(explained.code, explained.stderr).toBe(0);
    expect(explained.stdout).toContain('test/shop/web  solutions/shop.yaml:');

    const slip = await s.call('logs', 'shop/wbe');
    expect(slip.code).toBe(1);
    expect(slip.stderr).toContain('did you mean "test/shop/web"');
    const silent = await s.call('logs', 'shop/web', '--json');
    expect(silent.code).toBe(1);
    expect(silent.stdout).toContain('logs.none');

    s.commit({ 'heliostat.config.yaml': 'providers: [noop]\n' }, 'Allow one provider');
    expect((await s.call('provider', 'list')).stdout).toMatch(/^noop/);
    expect((await s.call('provider', 'list')).stdout).not.toContain('process');

    s.commit(
      { 'heliostat.yaml': 'apiVersion: heliostat/v1\nkind: Domain\nname: test\ndefaults: 3\n' },
      'Break it',
    );
    const unusable = await s.call('graph', '--json');
    expect(unusable.code, 'rejected').toBe(3);
    expect(unusable.stdout).toContain('model.unusable');
  },
  within,
);

test(
  'beside a daemon the same verbs ask it: status as it sees it, and what happens as it happens',
  async () => {
    const s = await stage(model('1.0.0'));
    const daemon = await s.run();
    const settled = await s.call('apply', '--json');
    expect(settled.code, settled.stderr).toBe(0);
    expect(await statusOf(s)).toMatchObject({ code: 0, controller: { running: true } });

    const seen: { watched: string; followed: string } = { watched: '', followed: '' };
    const watching = listen(s, ['status', '--watch', '--json'], (text) => (seen.watched += text));
    const following = listen(s, ['events', '--follow', '--json'], (text) => (seen.followed += text));
    await until('both are under way', () => seen.watched.includes('\n'));
    const raised = s.commit(model('1.1.0'), 'Raise web');
    const applied = await s.call('apply', '--json');
    expect(json(applied)).toMatchObject({ revision: raised, verdict: 'applied' });
    await until('the verdict is told', () => seen.followed.includes('"verdict.given"'));
    await until('the new version is shown', () => seen.watched.includes('"1.1.0"'));

    await daemon.end('SIGTERM');
    await until('the end is noticed', () => seen.watched.includes('"running":false'));
    const after = seen.followed.length;
    s.commit(model('1.0.0'), 'Lower web');
    expect((await s.call('apply')).code).toBe(0);
    await until('who follows hears of it all the same', () =>
      seen.followed.slice(after).includes('"verdict.given"'),
    );
    const sequences = seen.followed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { solution: string | null; sequence: number })
      .filter(({ solution }) => solution === 'shop')
      .map(({ sequence }) => sequence);
    expect(sequences, 'each once, in order').toEqual([...new Set(sequences)].sort((a, b) => a - b));
    await watching.end();
    await following.end();
  },
  within,
);

test(
  'what somebody else runs is looked at where its configuration says, by a process that never saw it before',
  async () => {
    const server = createServer((_, response) => response.end('well'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const s = await stage({
      'heliostat.yaml': domainFile(),
      'catalog/bank/1.0.0.yaml': `apiVersion: heliostat/v1\nkind: Component\nname: bank\nversion: 1.0.0\nprovider: external\nconfiguration: { url: "http://127.0.0.1:${port}/" }\n`,
      ...solution('shop', { bank: '{ component: bank, version: 1.0.0 }' }),
    });
    expect((await s.call('apply')).code).toBe(0);
    expect(await statusOf(s)).toMatchObject({ code: 0, healthy: true });
    const again = await s.call('apply', '--timeout', '20s');
    expect(again.code, 'nor does a restart lose sight of it').toBe(0);

    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await statusOf(s)).toMatchObject({ code: 2, healthy: false });
  },
  within,
);

test(
  'a terminal without the secrets of the controller may look and check, and shows no log that it could not mask',
  async () => {
    const it = await stage({
      'heliostat.yaml': domainFile(),
      ...part('1.0.0'),
      ...solution('shop', { web: '{ component: part, version: 1.0.0 }' }),
    });
    expect((await it.call('apply')).code).toBe(0);
    const config = join(it.folder, 'operator.yaml');
    writeFileSync(config, 'secrets: { key: { from: "env:NOWHERE", for: ["*/*/*"] } }\n');
    expect((await it.call('--config', config, 'status')).code).toBe(0);
    expect((await it.call('--config', config, 'history')).code).toBe(0);
    const logs = await it.call('--config', config, 'logs', 'web');
    expect(logs).toMatchObject({ code: 1, stdout: '' });
    expect(logs.stderr).toContain('NOWHERE');
    it.commit(part('1.1.0', 'configuration: { password: "${secrets.key}" }\n'));
    it.commit(solution('shop', { web: '{ component: part, version: 1.1.0 }' }));
    const checked = await it.call('--config', config, 'validate');
    expect(checked.code).toBe(3);
    expect(checked.stdout).toContain('secret.missing');
  },
  within,
);

test(
  'after everything was taken down, a new commit is applied once, and no verdict is told before its end',
  async () => {
    const slow = 'configuration: { delay: 200ms }\n';
    const it = await stage({
      'heliostat.yaml': domainFile(),
      ...part('1.0.0', slow),
      ...solution('shop', { web: '{ component: part, version: 1.0.0 }' }),
    });
    expect((await it.call('apply')).code).toBe(0);
    expect((await it.call('down', '--yes')).code).toBe(0);
    it.commit(solution('shop', { web: '{ component: part, version: 1.0.0, size: 2 }' }));
    const applied = await it.call('apply', '--json');
    expect(applied.code, applied.stderr).toBe(0);
    const { rollouts } = json<{ rollouts: { phase: string; steps: unknown[] }[] }>(applied);
    expect(rollouts).toMatchObject([{ phase: 'succeeded' }]);
    expect(rollouts[0]?.steps).toHaveLength(6);
  },
  within,
);
