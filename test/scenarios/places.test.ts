import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../support/git.js';
import { gitIn, stage, verdict } from '../support/heliostat.js';
import { instancesOf } from '../support/scenario/census.js';
import { documentPaths, noteOf, statusTip } from '../support/scenario/memory.js';
import { app, domainFile, smallModel, web } from '../support/scenario/model.js';

const within = 60_000;

test(
  'a bare repository is served from within, and a push to it is a rollout',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 1) });
    const bare = join(s.folder, 'model.git');
    git(s.folder, 'clone', '-q', '--bare', s.repository, bare);

    const applied = await s.callIn(bare, 'apply', '--json');
    expect(applied.code, applied.stderr).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({ revision: s.tip(), verdict: 'applied' });
    expect(instancesOf(bare).map(({ id }) => id.includes('/1.0.0~'))).toEqual([true]);

    await s.runIn(bare);
    const pushed = s.commit(web('1.1.0', 1));
    gitIn(s, 'push', '-q', bare, 'main');
    await verdict({ ...s, repository: bare }, pushed, 'applied');
    expect(instancesOf(bare).map(({ id }) => id.includes('/1.1.0~'))).toEqual([true]);
  },
  within,
);

test(
  'a linked work tree shares state, branch and instances with the repository that it belongs to',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 1) });
    expect((await s.call('apply')).code).toBe(0);
    const before = s.instances();
    const written = statusTip(s.repository);
    const linked = join(s.folder, 'linked');
    gitIn(s, 'worktree', 'add', '-q', '-b', 'side', linked);

    const fromLinked = await s.callIn(linked, 'apply', '--json');
    expect(fromLinked.code, fromLinked.stderr).toBe(0);
    expect(JSON.parse(fromLinked.stdout)).toMatchObject({ revision: s.tip(), verdict: 'applied' });
    expect(statusTip(s.repository)).toBe(written);
    expect(s.instances()).toEqual(before);

    // The tracked branch was recorded with the claim: what is checked out does not matter.
    git(linked, 'commit', '-q', '--allow-empty', '-m', 'Aside');
    const aside = await s.callIn(linked, 'apply', '--json');
    expect(aside.code, aside.stderr).toBe(0);
    expect(JSON.parse(aside.stdout)).toMatchObject({ revision: s.tip() });
  },
  within,
);

test(
  'a detached HEAD is refused at the first apply with what to do, and matters no more once a branch was claimed',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 1) });
    gitIn(s, 'checkout', '-q', '--detach');
    for (const verb of ['apply', 'run']) {
      const refused = await s.call(verb);
      expect(refused.code, verb).toBe(1);
      expect(refused.stderr).toMatch(/HEAD is on no branch/);
      expect(refused.stderr).toContain('heliostat.config.yaml');
    }
    expect(statusTip(s.repository)).toBeNull();

    gitIn(s, 'checkout', '-q', 'main');
    expect((await s.call('apply')).code).toBe(0);
    gitIn(s, 'checkout', '-q', '--detach');
    const again = await s.call('apply');
    expect(again.code, again.stderr).toBe(0);
  },
  within,
);

test(
  'two domains of one repository have their own controllers, status and instances',
  async () => {
    const catalog = { ...app('web', '1.0.0'), ...app('web', '1.1.0') };
    const s = await stage({
      'services/app.mjs': smallModel()['services/app.mjs'] ?? '',
      'envs/prod/heliostat.yaml': domainFile({ name: 'prod' }),
      'envs/test/heliostat.yaml': domainFile({ name: 'test' }),
      ...below('envs/prod', { ...catalog, ...web('1.0.0', 1) }),
      ...below('envs/test', { ...catalog, ...web('1.1.0', 1) }),
    });
    const unclear = await s.call('apply');
    expect(unclear.code).toBe(1);
    expect(unclear.stderr).toContain('--domain');

    const prod = await s.runIn(join(s.repository, 'envs/prod'));
    const other = await s.run('--domain', 'test');
    expect(prod.pid).not.toBe(other.pid);
    await verdict(s, s.tip(), 'applied', 'prod');
    await verdict(s, s.tip(), 'applied', 'test');
    expect(versionsByDomain(s.instances().map(({ id }) => id))).toEqual(['prod 1.0.0', 'test 1.1.0']);

    // What is raised in one of them changes nothing in the other.
    const untouched = s.instances().find(({ id }) => id.startsWith('test/'));
    const raised = s.commit(below('envs/prod', web('1.1.0', 1)), 'Raise to production');
    await verdict(s, raised, 'applied', 'prod');
    await verdict(s, raised, 'applied', 'test');
    expect(versionsByDomain(s.instances().map(({ id }) => id))).toEqual(['prod 1.1.0', 'test 1.1.0']);
    expect(s.instances()).toContainEqual(untouched);
    const folders = new Set(documentPaths(s.repository).map((path) => path.replace(/\/.*/, '')));
    expect([...folders].sort()).toEqual(['README.md', 'prod', 'test']);
    expect(noteOf(s.repository, 'prod', raised)).toBe('applied');
  },
  within,
);

test(
  'the nearest heliostat.yaml above the current folder is the domain',
  async () => {
    const s = await stage({
      ...below('envs/prod', { ...smallModel(), ...web('1.0.0', 1) }),
      'docs/a.md': 'a',
    });
    const deep = join(s.repository, 'envs/prod/solutions');
    mkdirSync(deep, { recursive: true });
    const validated = await s.callIn(deep, 'validate', '--json');
    expect(JSON.parse(validated.stdout), validated.stderr).toHaveProperty('valid');
    const only = await s.callIn(s.repository, 'validate', '--json');
    expect(only.stdout).toBe(validated.stdout);
  },
  within,
);

function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}

function versionsByDomain(ids: readonly string[]): string[] {
  return ids.map((id) => `${id.split('/')[0]} ${/\/([0-9.]+)~/.exec(id)?.[1]}`).sort();
}
