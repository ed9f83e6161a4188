import { chmodSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stage, verdict, type Finished, type Stage } from '../support/heliostat.js';
import { domainFile, solution } from '../support/scenario/model.js';

const within = 60_000;

/** Of a provider that runs nothing, so that a rollout takes no longer than it is written. */
const model = {
  'heliostat.yaml': domainFile(),
  'catalog/part/1.0.0.yaml':
    'apiVersion: heliostat/v1\nkind: Component\nname: part\nversion: 1.0.0\nprovider: noop\n',
  ...solution('shop', { web: '{ component: part, version: 1.0.0 }' }),
};

interface Status {
  readonly domain: string;
  readonly healthy: boolean;
  readonly controller: { readonly running: boolean } | null;
  readonly conditions: readonly { readonly type: string; readonly message: string }[];
  readonly solutions: readonly { readonly elements: readonly { readonly name: string }[] }[];
}

function statusIn(finished: Finished): Status {
  expect(finished.code, finished.stderr).toBe(2);
  const status = JSON.parse(finished.stdout) as Status;
  expect(status).toMatchObject({ domain: 'test', healthy: false });
  expect(status.solutions[0]?.elements.map(({ name }) => name)).toEqual(['web']);
  expect(status.conditions.map(({ type }) => type)).toContain('unreachable');
  return status;
}

async function applied(): Promise<Stage & { readonly daemon: Awaited<ReturnType<Stage['run']>> }> {
  const s = await stage(model);
  const daemon = await s.run();
  await verdict(s, s.tip(), 'applied');
  return { ...s, daemon };
}

test(
  'the folder of the repository was moved: its daemon is found by where the repository was',
  async () => {
    const s = await applied();
    renameSync(s.repository, join(s.folder, 'aside'));

    const status = statusIn(await s.callIn(s.folder, 'status', '--json', '--repo', s.repository));
    expect(status.controller?.running).toBe(true);
    const one = await s.callIn(s.folder, 'status', 'web', '--repo', join(s.repository, 'solutions'));
    expect(one.stdout, 'from a folder in it, and one element').toContain('test/shop');
    const other = await s.callIn(s.folder, 'status', '--repo', join(s.folder, 'other'));
    expect(other.code, 'another repository is none of ours').toBe(1);
    expect(other.stderr).toContain('there is no Git repository');

    renameSync(join(s.folder, 'aside'), s.repository);
    await s.daemon.end('SIGTERM');
  },
  within,
);

test(
  'the Git folder is gone and nobody runs: the state folder tells what it remembers, if nobody else can write there',
  async () => {
    const s = await applied();
    await s.daemon.end('SIGTERM');
    renameSync(s.home, join(s.folder, 'aside.git'));

    const status = statusIn(await s.call('status', '--json'));
    expect(status.controller?.running).toBe(false);
    expect(status.conditions[0]?.message).toContain('this is what the state folder remembers');
    const events = await s.call('events', 'web', '--json');
    expect(events.code, events.stderr).toBe(0);
    expect(events.stdout).toContain('element.whole');

    chmodSync(join(s.repository, '.heliostat'), 0o777);
    const refused = await s.call('status');
    expect(refused.code, refused.stdout).toBe(1);
    expect(refused.stderr).toContain('there is no Git repository');
  },
  within,
);

test(
  'the repository and its state folder are gone and nobody runs: there is nothing to tell',
  async () => {
    const s = await applied();
    await s.daemon.end('SIGTERM');
    renameSync(s.repository, join(s.folder, 'aside'));

    const finished = await s.callIn(s.folder, 'status', '--repo', s.repository);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain('there is no Git repository');
  },
  within,
);
