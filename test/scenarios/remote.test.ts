import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitServer, type GitServer } from '../support/git-server.js';
import { git } from '../support/git.js';
import { stage, until, type Stage } from '../support/heliostat.js';
import { domainFile, solution } from '../support/scenario/model.js';
import { noteOf } from '../support/scenario/memory.js';

const within = 90_000;
const token = 's3cret-of-the-remote';

/** Of a provider that runs nothing, so that a rollout takes no longer than it is written. */
const model = {
  'heliostat.yaml': domainFile(),
  'catalog/part/1.0.0.yaml':
    'apiVersion: heliostat/v1\nkind: Component\nname: part\nversion: 1.0.0\nprovider: noop\n',
  ...solution('shop', { web: '{ component: part, version: 1.0.0 }' }),
};

interface There {
  readonly s: Stage;
  readonly server: GitServer;
  /** With the URL, and from a folder in no repository. */
  call(...args: string[]): ReturnType<Stage['call']>;
  /** Commits, and pushes past the server. */
  push(files: Readonly<Record<string, string | null>>): string;
  said(revision: string): string;
}

async function there(): Promise<There> {
  const server = await gitServer({ token });
  const s = await stage(model);
  const push: There['push'] = (files) => {
    const tip = s.commit(files);
    git(s.repository, 'push', '-q', server.folder, 'HEAD:refs/heads/main');
    return tip;
  };
  push({});
  writeFileSync(join(s.folder, 'token'), `${token}\n`, { mode: 0o600 });
  writeFileSync(
    join(s.folder, 'operator.yaml'),
    `remote: { token: "file:${join(s.folder, 'token')}", pollInterval: 1s }\n`,
  );
  const place = ['--repo', server.url, '--config', join(s.folder, 'operator.yaml')];
  return {
    s,
    server,
    push,
    call: (...args) => s.callIn(s.folder, ...args, ...place),
    said: (revision) => noteOf(server.folder, 'test', revision) ?? 'nothing',
  };
}

const size = (count: number) =>
  solution('shop', { web: `{ component: part, version: 1.0.0, size: ${count} }` });

test(
  'a repository that is named by its URL is planned, applied and looked at from anywhere, and keeps the memory of it',
  async () => {
    const { s, server, call, push, said } = await there();
    const planned = await call('plan');
    expect(planned.code, planned.stderr).toBe(2);
    const applied = await call('apply');
    expect(applied.code, applied.stderr).toBe(0);
    expect(said(s.tip()), 'the note is there').toBe('applied');
    expect(git(server.folder, 'ls-tree', '-r', '--name-only', 'heliostat/status')).toContain(
      'test/controller.yaml',
    );
    const status = await call('status', '--json');
    expect(status.code, status.stderr).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ healthy: true, controller: { running: false } });

    const next = push(size(2));
    expect((await call('validate', 'main')).code).toBe(0);
    expect((await call('apply', next.slice(0, 10))).code).toBe(0);
    expect(said(next)).toBe('applied');
    const history = await call('history', '--json');
    expect((JSON.parse(history.stdout) as { rollouts: unknown[] }).rollouts).toHaveLength(2);
    const written = [planned, applied, status, history].map(({ stdout, stderr }) => stdout + stderr);
    expect(written.join('')).not.toContain(token);
  },
  within,
);

test.skipIf(process.env['HELIOSTAT_REQUIRE_ALL'] !== '1')(
  'a remote that goes away and comes back: what runs is said to be of what was known last, and the daemon goes on by itself',
  async () => {
    const { s, server, push, said, call } = await there();
    const daemon = await s.runIn(s.folder, '--repo', server.url, '--config', join(s.folder, 'operator.yaml'));
    await until('it is applied', () => said(s.tip()) === 'applied');
    const known = s.tip();
    await server.stop();

    await until('the daemon says so', async () => {
      const { conditions } = JSON.parse((await call('status', '--json')).stdout) as {
        conditions: { type: string; reason: string; message: string }[];
      };
      const away = conditions.find(({ reason }) => reason === 'remote.away');
      return away?.type === 'unreachable' && away.message.includes(known.slice(0, 7));
    });
    const planned = await call('plan');
    expect(planned.stderr).toContain(`as of ${known.slice(0, 7)}, the last known revision`);
    expect(planned.code, 'nothing to do').toBe(0);

    const next = push(size(2));
    await server.start();
    await until('it goes on by itself', () => said(next) === 'applied');
    expect(daemon.said()).not.toContain(token);
    await daemon.end('SIGTERM');
    await server.stop();
    const refused = await call('apply');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('does not answer');
  },
  within,
);
