import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testInWholeRun } from '../support/needs.js';
import { commitFiles, git } from '../support/git.js';
import {
  exposedPort,
  gitIn,
  pidsById,
  stage,
  until,
  verdict,
  type Daemon,
  type Stage,
} from '../support/heliostat.js';
import { journalLines } from '../support/scenario/journal.js';
import { startLoad } from '../support/scenario/load.js';
import { noteOf, solutionDocument } from '../support/scenario/memory.js';
import { domainFile, solution, type DomainOptions } from '../support/scenario/model.js';
import { journalLength, stepsSince } from '../support/scenario/steps.js';
import { serverFile, service, type ServiceOptions } from '../support/scenario/uses.js';

const within = 90_000;
/** Whole answers: which version was asked, and whom it has asked in turn. */
const asks = { hear: (text: string) => text, clients: 4, pauseMs: 20 };

/** Web 2 needs api 2, and web 1 takes both; `second` is what is wrong with it. */
function catalog(
  second: ServiceOptions,
  onFailure: DomainOptions['onFailure'] = 'revert',
): Record<string, string> {
  return {
    'heliostat.yaml': domainFile({ onFailure, healthyDeadline: '4s' }),
    ...serverFile(),
    ...service('api', 1),
    ...service('api', 2),
    ...service('web', 1, { uses: { api: '>=1 <3' } }),
    ...service('web', 2, { uses: { api: '>=2 <3' }, ...second }),
    ...service('web', 3, { uses: { api: '>=1 <3' } }),
  };
}

function shop(api: number, web: number, more = ''): Record<string, string> {
  return solution('shop', {
    api: `{ component: api, version: ${api}.0.0 }`,
    web: `{ component: web, version: ${web}.0.0, size: 2, relationships: { api: api }, expose: { port: auto }${more} }`,
  });
}

const gated =
  ', rollout: { strategy: canary, promote: auto, canary: { steps: [{ size: 1, gates: [{ name: open, http: { path: /gate }, interval: 200ms }] }] } }';

function running(s: Stage): string[] {
  return s.instances().map(({ id }) => id.replace(/^test\/shop\/(.*)~.*\/(\d+)$/, '$1/$2'));
}

function done(s: Stage): string[] {
  return stepsSince(s, 0).map(({ what }) => what);
}

/** Another controller looks at everything and has nothing to do: not a step, and every process is the same. */
async function expectQuietAfterRestart(s: Stage, daemon: Daemon, code: number): Promise<Daemon> {
  const before = { pids: pidsById(s.instances()), journal: journalLength(s), tip: s.tip() };
  await daemon.end('SIGKILL');
  const next = await s.run();
  const applied = await s.call('apply');
  expect(applied.code, applied.stdout + applied.stderr).toBe(code);
  expect(stepsSince(s, before.journal)).toEqual([]);
  expect(pidsById(s.instances())).toEqual(before.pids);
  expect(s.tip()).toBe(before.tip);
  return next;
}

test.each([
  ['the health check', { sickFrom: 0 }, ''],
  ['a gate', { isGateShut: true }, gated],
] as const)(
  'services that went together go back together when %s of one fails; Git goes with them, and a controller that starts anew does not roll them forward again',
  async (_what, second, more) => {
    const s = await stage({ ...catalog(second), ...shop(1, 1, more) });
    const daemon = await s.run();
    const stable = s.tip();
    await verdict(s, stable, 'applied');
    const before = running(s);
    const load = startLoad(exposedPort(s), asks);

    const bad = s.commit(shop(2, 2, more));
    await verdict(s, bad, 'reverted');
    await until('the revert', () => s.tip() !== bad);
    await verdict(s, s.tip(), 'applied');
    expect(load.versions, 'the new api had taken over').toContain('web 1.0.0 (api 2.0.0)');
    expect(running(s)).toEqual(before);
    expect(gitIn(s, 'diff', stable, 'main')).toBe('');
    expect(gitIn(s, 'rev-list', '--count', `${bad}..main`)).toBe('1');

    await expectQuietAfterRestart(s, daemon, 0);
    await load.stop();
    expect(load.failures).toEqual([]);
  },
  within,
);

test(
  'what was given up is not tried again by a controller that starts anew, even without its state',
  async () => {
    const s = await stage({ ...catalog({ sickFrom: 0 }, 'abort'), ...shop(1, 1) });
    const daemon = await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), asks);
    await verdict(s, s.commit(shop(2, 2)), 'failed');
    const kept = ['api/2.0.0/0', 'web/1.0.0/0', 'web/1.0.0/1'];
    await until('what is not well is gone', () => done(s).includes('destroyed web 2.0.0/0'));
    expect(running(s)).toEqual(kept);

    const next = await expectQuietAfterRestart(s, daemon, 4);
    const pids = pidsById(s.instances());
    await next.end('SIGKILL');
    rmSync(join(s.repository, '.heliostat/state/test'), { recursive: true });
    await s.run();
    expect((await s.call('apply')).code, 'the status branch knows it as well').toBe(4);
    expect(pidsById(s.instances())).toEqual(pids);
    expect(done(s).filter((step) => step.startsWith('start'))).toEqual([]);
    await load.stop();
    expect(load.failures).toEqual([]);
  },
  within,
);

test(
  'where going back fails as well a person is asked: what is well goes on serving, nothing is committed or tried in haste, and the next good commit ends it',
  async () => {
    const s = await stage();
    const broken = join(s.folder, 'broken');
    // The second web 2 is sick; and web 1 does not get well any more once it was stopped.
    const web = (version: number): Record<string, string> =>
      solution('shop', {
        web: `{ component: web, version: ${version}.0.0, size: 2, expose: { port: auto } }`,
      });
    s.commit({
      'heliostat.yaml': domainFile({ onFailure: 'revert', healthyDeadline: '3s' }),
      ...serverFile(),
      ...service('web', 1, { sickIf: broken }),
      ...service('web', 2, { sickFrom: 1 }),
      ...service('web', 3),
      ...web(1),
    });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), asks);
    writeFileSync(broken, '');
    const bad = s.commit(web(2));
    await verdict(s, bad, 'failed');

    expect(noteOf(s.repository, 'test', bad)).toContain('going back failed too');
    expect(condition(s)).toMatchObject({
      type: 'blocked',
      command: 'heliostat retry test/shop --reason TEXT',
    });
    const status = await s.call('status');
    expect(status.stdout).toContain('going back failed too');
    expect(status.stdout).toContain('heliostat retry test/shop');
    const well = pidsById(s.instances());
    const before = journalLength(s);
    await until('it was tried once more', () =>
      stepsSince(s, before).some(({ what }) => what === 'start web 1.0.0/1'),
    );
    const since = stepsSince(s, before).map(({ what }) => what);
    expect(
      since.filter((what) => !what.includes('web 1.0.0/1')),
      'all others are left alone',
    ).toEqual([]);
    expect(pidsById(s.instances())).toMatchObject(
      Object.fromEntries(Object.entries(well).filter(([id]) => !/web\/1\.0\.0~.*\/1$/.test(id))),
    );
    expect(s.tip()).toBe(bad);
    expect(gitIn(s, 'branch', '--list', 'heliostat/revert-*')).toBe('');

    await verdict(s, s.commit(web(3)), 'applied');
    await load.stop();
    expect(load.failures).toEqual([]);
    expect((await s.call('status')).code).toBe(0);
  },
  within,
);

testInWholeRun(
  'no commit takes back what nobody asks for any more: somebody came between the way back and its commit',
  async () => {
    const s = await stage({ ...catalog({ sickFrom: 0 }), ...shop(1, 1) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), asks);
    const bad = s.commit(shop(2, 2));
    // As git does that is about to move the branch: nobody else may.
    const branch = join(s.repository, '.git/refs/heads/main');
    const lock = openSync(`${branch}.lock`, 'wx');
    await verdict(s, bad, 'reverted');
    await until('the commit waits', () => said(s).includes('revert.begun'));
    const mended = beside(s, shop(2, 3));
    writeFileSync(lock, `${mended}\n`);
    closeSync(lock);
    renameSync(`${branch}.lock`, branch);

    await verdict(s, mended, 'applied');
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(running(s)).toEqual(['api/2.0.0/0', 'web/3.0.0/0', 'web/3.0.0/1']);
    expect(git(s.repository, 'rev-parse', 'main')).toBe(mended);
    expect(gitIn(s, 'log', '--all', '--format=%B')).not.toContain('Heliostat-Reverts:');
    expect(noteOf(s.repository, 'test', bad)).toMatch(/^reverted/);
    expect((await s.call('status')).code).toBe(0);
  },
  within,
);

function condition(s: Stage): unknown {
  return solutionDocument(s.repository, 'test', 'shop')?.conditions[0];
}

function said(s: Stage): string[] {
  return journalLines(join(s.repository, '.heliostat/state/test/journal')).map(({ entry }) => entry.kind);
}

/** A commit on top of the tip that no branch leads to yet. */
function beside(s: Stage, files: Readonly<Record<string, string>>): string {
  const clone = join(s.folder, 'clone');
  git(s.folder, 'clone', '-q', s.repository, clone);
  const commit = commitFiles(clone, files, 'Mend the web');
  git(s.repository, 'fetch', '-q', clone, 'HEAD');
  return commit;
}
