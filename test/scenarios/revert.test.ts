import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../support/git.js';
import { exposedPort, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { startLoad } from '../support/scenario/load.js';
import { noteOf, solutionDocument } from '../support/scenario/memory.js';
import { app, smallModel, solution } from '../support/scenario/model.js';

const within = 90_000;

function model(web: string, other = '1.0.0', size = 1): Record<string, string> {
  return solution('shop', {
    web: `{ component: web, version: ${web}, size: 2, expose: { port: auto } }`,
    other: `{ component: web, version: ${other}, size: ${size} }`,
  });
}

const files = {
  ...smallModel({ onFailure: 'revert', healthyDeadline: '3s' }),
  ...app('web', '1.2.0', { health: 'bad' }),
  ...app('web', '1.3.0'),
};

function versions(s: Stage, element: string): string[] {
  return s
    .instances()
    .filter(({ id }) => id.includes(`/${element}/`))
    .map(({ id }) => /\/([0-9.]+)~/.exec(id)?.[1] ?? '');
}

test(
  'a bad version goes back by itself and ends as a commit on the branch with the evidence; then all is quiet, other changes go out, and so does the next good version',
  async () => {
    const s = await stage({ ...files, ...model('1.0.0') });
    await s.run();
    const good = s.tip();
    await verdict(s, good, 'applied');
    const load = startLoad(exposedPort(s));

    const bad = s.commit(model('1.2.0'));
    const ended = await s.call('apply', '--json');
    expect(ended.code, ended.stderr).toBe(4);
    const { revertCommit } = JSON.parse(ended.stdout) as { revertCommit: string };
    expect(JSON.parse(ended.stdout)).toMatchObject({ revision: bad, verdict: 'reverted' });
    expect(git(s.repository, 'rev-parse', 'main').trim()).toBe(revertCommit);
    await verdict(s, revertCommit as typeof bad, 'applied');
    expect(noteOf(s.repository, 'test', bad)).toMatch(
      /^reverted \(web 1\.2\.0 #0 was not healthy within 3 s/,
    );

    const message = git(s.repository, 'log', '-1', '--format=%B', revertCommit);
    expect(message).toContain('Revert shop in test: shop/web 1.2.0 failed');
    expect(message).toContain('503');
    expect(message, 'with the last that it wrote').toContain('  | serving 1.2.0');
    expect(message).toContain(`Heliostat-Reverts: ${bad} 1`);
    expect(git(s.repository, 'diff', '--stat', good, revertCommit)).toBe('');
    expect(git(s.repository, 'status', '--porcelain'), 'the work tree moved along').toBe('');
    expect(versions(s, 'web')).toEqual(['1.0.0', '1.0.0']);
    expect((await s.call('status')).code, 'nothing is left to be done').toBe(0);

    await verdict(s, s.commit(model('1.3.0', '1.1.0')), 'applied');
    await load.stop();
    expect(versions(s, 'web')).toEqual(['1.3.0', '1.3.0']);
    expect(load.failures).toEqual([]);
    expect(load.versions, 'the bad version got no traffic').toEqual(['1.0.0', '1.3.0']);
  },
  within,
);

test(
  'where somebody is at work in the work tree the revert waits on a branch of its own; what failed stays out, of a controller that starts anew too, while other changes go out',
  async () => {
    const s = await stage({ ...files, ...model('1.0.0') });
    const daemon = await s.run();
    await verdict(s, s.tip(), 'applied');
    const bad = s.commit(model('1.2.0'));
    writeFileSync(join(s.repository, 'services/app.mjs'), '// being changed\n');
    await verdict(s, bad, 'reverted');
    const branches = (): string[] =>
      git(s.repository, 'branch', '--list', 'heliostat/revert-*', '--format=%(refname:short)')
        .split('\n')
        .filter(Boolean);
    await until('the branch of the revert', () => branches().length === 1);
    expect(s.tip()).toBe(bad);
    const [branch = ''] = branches();
    await until(
      'status tells it',
      () =>
        solutionDocument(s.repository, 'test', 'shop')?.conditions.some(
          ({ type, command }) => type === 'reverted' && command === `git merge ${branch}`,
        ) === true,
    );
    const status = await s.call('status');
    expect(status.stdout).toContain('web: 1.2.0 failed in');
    expect(status.stdout).toContain(`git merge ${branch}`);

    // Git still asks for what failed: who starts anew must not roll it forward.
    const before = s.instances();
    await daemon.end('SIGKILL');
    await s.run();
    expect((await s.call('apply')).code, 'it is reverted').toBe(4);
    expect(s.instances()).toEqual(before);
    expect(branches()).toEqual([branch]);

    git(s.repository, 'checkout', '-q', '--', 'services/app.mjs');
    const other = s.commit(model('1.2.0', '1.1.0'));
    await verdict(s, other, 'applied');
    expect(versions(s, 'other')).toEqual(['1.1.0']);
    expect(versions(s, 'web'), 'what failed stays out').toEqual(['1.0.0', '1.0.0']);

    git(s.repository, 'checkout', '-q', 'main');
    await verdict(s, s.commit(model('1.0.0', '1.1.0')), 'applied');
    expect((await s.call('status')).code).toBe(0);
  },
  within,
);
