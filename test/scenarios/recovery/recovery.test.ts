import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asciiBytes } from '../../../src/core/journal/ascii.js';
import { crc32, crcHex } from '../../../src/core/journal/checksum.js';
import { testInWholeRun } from '../../support/needs.js';
import { feedGit, git } from '../../support/git.js';
import { gitIn, stage, until, verdict, type Stage } from '../../support/heliostat.js';
import { isAlive, processesUnder } from '../../support/scenario/census.js';
import { blocksOf } from '../../support/scenario/page.js';
import { documentAt, documentPaths, statusBranch, statusTip } from '../../support/scenario/memory.js';
import { smallModel, web } from '../../support/scenario/model.js';
import { fillDisk, mountSmallDisk } from '../../support/scenario/small-disk.js';
import {
  condition,
  expectAdopted,
  expectWorks,
  installation,
  installed,
  page,
  statusOf,
  within,
} from './installation.js';

describe('docs/recovery.md', () => {
  test('has no block of commands that no test runs', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThan(15);
    for (const { name, commands } of blocks) {
      expect(name, `no marker above:\n${commands}`).not.toBe(null);
      expect(source, `no test runs ${name}`).toContain(`.page('${name}'`);
    }
  });

  test(
    'looks at a sound installation, and what it says of a provider can be run',
    async () => {
      const i = await installation();
      const look = await i.page('look');
      expect(look.stdout).toContain('domain test');
      expect(look.code, look.stderr).toBe(0);
      expect((await i.page('provider-silent')).code).toBe(0);
      expectAdopted(i);
    },
    within,
  );

  // Only root may mount a small disk; a run that must be whole fails without it.
  test.skipIf(process.getuid?.() !== 0 && process.env['HELIOSTAT_REQUIRE_ALL'] !== '1')(
    'a full disk: the daemon waits and says so, and goes on by itself once there is room',
    async () => {
      const s = await stage();
      const disk = join(s.folder, 'disk');
      mountSmallDisk(disk, 6);
      s.commit({ ...smallModel(), ...web('1.0.0', 2) }, 'First model');
      writeFileSync(join(s.repository, 'heliostat.config.yaml'), `stateFolder: ${disk}\n`);
      const daemon = await s.run('--health-listen', '127.0.0.1:0');
      await verdict(s, s.tip(), 'applied');
      const before = new Map(s.instances().map(({ id, pid }) => [id, pid]));
      const names = { STATE: join(disk, 'state') };
      fillDisk(join(disk, 'state/cache'));

      const revision = s.commit(web('1.1.0', 2), 'Upgrade');
      const said = await condition(s, 'journal.disk');
      expect(said).toMatchObject({ type: 'stopped', command: 'heliostat doctor' });
      expect(said.message).toContain('full');
      expect(said.since).not.toBe(null);
      expect(isAlive(daemon.pid)).toBe(true);
      expect(daemon.said()).toContain('waits');
      const url = /health at (\S+)\/healthz/.exec(daemon.said())?.[1] ?? '';
      expect((await fetch(`${url}/healthz`)).status, 'a restart would not help').toBe(200);
      const ready = await fetch(`${url}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.text()).toContain('journal.disk');
      expect(new Map(s.instances().map(({ id, pid }) => [id, pid]))).toEqual(before);

      const i = installed(s, daemon);
      expect((await i.page('full-disk', names)).code).toBe(0);
      expect((await i.page('full-disk-over', names)).code).toBe(0);
      await verdict(s, revision, 'applied');
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect(s.instances()).toHaveLength(2);
      expect((await statusOf(s)).conditions).toEqual([]);
    },
    within,
  );

  test(
    'a journal that is damaged in the middle: nothing is guessed, and nothing is lost',
    async () => {
      const i = await installation();
      await i.daemon.end('SIGKILL');
      flip(i.state('test/journal'));
      const refused = await i.s.call('apply');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('journal');
      const mended = await i.page('corrupt-journal');
      expect(mended.code, mended.stderr).toBe(0);
      expectAdopted(i);
      await i.s.run();
      await expectWorks(i);
    },
    within,
  );

  testInWholeRun(
    'a journal of a newer version: it is left untouched, and what runs is adopted',
    async () => {
      const i = await installation();
      await i.daemon.end('SIGTERM');
      const [name] = readdirSync(i.state('test/journal'));
      const file = i.state('test/journal', name ?? '');
      const header = 'heliostat journal 99';
      const written = readFileSync(file, 'latin1');
      const newer = `${header} ${crcHex(crc32(asciiBytes(header)))}${written.slice(written.indexOf('\n'))}`;
      writeFileSync(file, newer, 'latin1');
      const refused = await i.s.call('apply');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('newer');
      expect(readFileSync(file, 'latin1')).toBe(newer);
      expect((await i.page('newer-journal')).code).toBe(0);
      expectAdopted(i);
      await i.s.run();
      await expectWorks(i);
    },
    within,
  );

  testInWholeRun(
    'a state folder that is lost: what runs is adopted',
    async () => {
      const i = await installation();
      await i.daemon.end('SIGKILL');
      rmSync(i.state('test'), { recursive: true });
      expect((await i.page('lost-folder')).code).toBe(0);
      expectAdopted(i);
      await i.s.run();
      await expectWorks(i);
    },
    within,
  );

  test(
    'a machine that is lost: another one makes the same again from a mirror, once each',
    async () => {
      const i = await installation();
      const { s } = i;
      const backup = join(s.folder, 'backup.git');
      git(s.folder, 'clone', '-q', '--mirror', s.repository, backup);
      await i.daemon.end('SIGKILL');
      for (const pid of processesUnder(s.folder)) process.kill(pid, 'SIGKILL');
      await until('everything of the machine is gone', () => processesUnder(s.folder).length === 0);
      rmSync(s.repository, { recursive: true });

      const taken = await i.page('lost-machine', { BACKUP: backup });
      expect(taken.code, taken.stderr).toBe(0);
      await until('all are there again', () => s.instances().length === 2);
      expect(s.instances().map(({ id }) => id)).toEqual([...i.before.keys()]);
      const claim = documentAt<{ epoch: number }>(s.repository, 'test/controller.yaml');
      expect(claim?.epoch).toBeGreaterThan(1);
      await s.run();
      await expectWorks(i);
    },
    within,
  );

  for (const how of ['reset', 'deleted'] as const)
    (how === 'deleted' ? test : testInWholeRun)(
      `a status branch that was ${how}: nothing more is written; restored, the daemon goes on by itself`,
      async () => {
        const i = await installation();
        const { s } = i;
        await quiet(s);
        const former = statusTip(s.repository);
        spoil(s, how);
        const spoilt = statusTip(s.repository);
        const said = await condition(s, 'status.rewritten');
        expect(said.command).toContain('heliostat approve status.rewritten');
        expect(statusTip(s.repository)).toBe(spoilt);
        expect((await i.page('restore-status')).code).toBe(0);
        expect(gitIn(s, 'merge-base', statusBranch, former ?? '')).toBe(former);
        expectAdopted(i);
        await expectWorks(i);
        expect((await statusOf(s)).conditions).toEqual([]);
      },
      within,
    );

  for (const runs of ['a daemon', 'no daemon'] as const)
    testInWholeRun(
      `a status branch that is meant to be as it is, with ${runs}: all that it should say is written anew`,
      async () => {
        const i = await installation();
        const { s } = i;
        await quiet(s);
        const documents = documentPaths(s.repository);
        if (runs === 'no daemon') await i.daemon.end('SIGTERM');
        spoil(s, 'deleted');
        if (runs === 'no daemon') expect((await s.call('apply')).stderr).toContain('git update-ref');
        await condition(s, 'status.rewritten');
        const accepted = await i.page('accept-status');
        expect(accepted.code, accepted.stderr).toBe(0);
        await until('all is said again', () => {
          const now = statusTip(s.repository) === null ? [] : documentPaths(s.repository);
          return documents.every((path) => now.includes(path));
        });
        expectAdopted(i);
        if (runs === 'no daemon') await s.run();
        await expectWorks(i);
      },
      within,
    );

  testInWholeRun(
    'a document of the status branch that is broken when the state folder is lost',
    async () => {
      const i = await installation();
      const { s } = i;
      await expectWorks(i);
      await quiet(s);
      const ids = new Map(s.instances().map(({ id, pid }) => [id, pid]));
      await i.daemon.end('SIGTERM');
      const broken = 'test/solutions/shop/elements/web.yaml';
      commitOnStatus(s, broken, 'memory: {\n');
      rmSync(i.state('test'), { recursive: true });
      const refused = await s.call('apply');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(broken);
      const mended = await i.page('broken-document', { BROKEN: broken });
      expect(mended.code, mended.stderr).toBe(0);
      expect(new Map(s.instances().map(({ id, pid }) => [id, pid]))).toEqual(ids);
    },
    within,
  );

  testInWholeRun(
    'a tracked branch that was deleted: held, restored or known, and never a mass delete',
    async () => {
      const i = await installation();
      const { s } = i;
      gitIn(s, 'update-ref', '-d', 'refs/heads/main');
      await condition(s, 'branch.deleted');
      const restored = await i.page('restore-branch', { BRANCH: 'main' });
      expect(restored.code, restored.stderr).toBe(0);
      await until('it is over', async () => (await statusOf(s)).conditions.length === 0);
      gitIn(s, 'update-ref', '-d', 'refs/heads/main');
      await condition(s, 'branch.deleted');
      const known = await i.page('accept-deleted');
      expect(known.code, known.stderr).toBe(0);
      await until('it is known', async () => (await statusOf(s)).conditions.length === 0);
      expectAdopted(i);
      expect((await i.page('restore-branch', { BRANCH: 'main' })).code).toBe(0);
      await expectWorks(i);
    },
    within,
  );

  testInWholeRun(
    'a tracked branch that was forced: held until it is restored, or the new history is meant',
    async () => {
      const i = await installation();
      const { s } = i;
      const other = (): string =>
        gitIn(s, 'commit-tree', '-m', `Another ${Math.random()}`, gitIn(s, 'rev-parse', 'main^{tree}'));
      gitIn(s, 'update-ref', 'refs/heads/main', other());
      await condition(s, 'branch.forced');
      expect((await i.page('restore-forced', { BRANCH: 'main' })).code).toBe(0);
      await until('it is over', async () => (await statusOf(s)).conditions.length === 0);
      const meant = other();
      gitIn(s, 'update-ref', 'refs/heads/main', meant);
      await condition(s, 'branch.forced');
      const accepted = await i.page('accept-forced', { BRANCH: 'main' });
      expect(accepted.code, accepted.stderr).toBe(0);
      await verdict(s, meant, 'applied');
      expectAdopted(i);
      await expectWorks(i);
    },
    within,
  );

  testInWholeRun(
    'two controllers: the second is refused and told by whom; taken over, the first one ends',
    async () => {
      const i = await installation();
      const { s } = i;
      const locked = await s.call('run');
      expect(locked.stderr).toContain(String(i.daemon.pid));
      const second = join(s.folder, 'second');
      writeFileSync(
        join(s.repository, 'heliostat.config.yaml'),
        `controller: second\nstateFolder: ${second}\n`,
      );
      const refused = await s.call('apply');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('--takeover');
      const look = await i.page('two-controllers-look');
      expect(look.stdout).toContain(join(s.repository, '.git'));
      const taken = await i.page('two-controllers');
      expect(taken.code, taken.stderr).toBe(0);
      await until('the former one has ended', () => !isAlive(i.daemon.pid));
      expect(await i.daemon.ended).toBe(1);
      expect(s.instances().map(({ id }) => id)).toEqual([...i.before.keys()]);
    },
    within,
  );

  testInWholeRun(
    'a repository that is gone for a while: no branch counts as deleted, and all goes on when it is back',
    async () => {
      const i = await installation({ args: ['--health-listen', '127.0.0.1:0'] });
      const { s, daemon } = i;
      const url = /health at (\S+)\/healthz/.exec(daemon.said())?.[1] ?? '';
      const aside = join(s.folder, 'aside.git');
      renameSync(s.home, aside);
      await until('it is noticed', async () =>
        (await (await fetch(`${url}/readyz`)).text()).includes('unreadable'),
      );
      expect(readFileSync(i.state('test/heliostat.log'), 'utf8')).toContain('moved, deleted or unmounted');
      const status = await s.call('status');
      expect(status.code, status.stderr).toBe(2);
      expect(status.stdout).toContain('unreachable');
      expect(status.stdout).toContain('run by');
      renameSync(aside, s.home);
      const back = await i.page('repository-back');
      expect(back.code, back.stderr).toBe(0);
      expect(isAlive(daemon.pid)).toBe(true);
      expectAdopted(i);
      await expectWorks(i);
      const events = await s.call('events', '--json');
      expect(events.stdout).not.toContain('branch.deleted');
    },
    within,
  );

  testInWholeRun(
    'something that nobody remembers is listed, and goes when a person says so',
    async () => {
      const i = await installation();
      const { s } = i;
      const [first] = s.instances();
      await i.daemon.end('SIGTERM');
      // As a controller that lost its memory left it: another generation of the same key.
      const stranger = strangerLike(s, first?.id ?? '', first?.owner ?? '');
      await s.run();
      await condition(s, 'resource.unaccounted');
      expect((await i.page('unaccounted-look')).stdout).toContain('0.9.0');
      expect(isAlive(stranger)).toBe(true);
      expect((await i.page('unaccounted')).code).toBe(0);
      await until('it is gone', () => !isAlive(stranger));
      expectAdopted(i);
    },
    within,
  );
});

/** One bit, in what was written safely long ago. */
function flip(folder: string): void {
  const [name] = readdirSync(folder);
  const file = join(folder, name ?? '');
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

/** All that happened is on the status branch. */
async function quiet(s: Stage): Promise<void> {
  let last: string | null = null;
  await until('the status branch rests', async () => {
    const now = statusTip(s.repository);
    const rests = now === last;
    last = now;
    if (!rests) await new Promise((resolve) => setTimeout(resolve, 1_500));
    return rests;
  });
}

function spoil(s: Stage, how: 'reset' | 'deleted'): void {
  if (how === 'deleted') gitIn(s, 'update-ref', '-d', statusBranch);
  else gitIn(s, 'update-ref', statusBranch, gitIn(s, 'rev-parse', `${statusBranch}~1`));
}

/** Somebody's commit on the status branch. */
function commitOnStatus(s: Stage, path: string, content: string): void {
  const lines = [
    `commit ${statusBranch}`,
    'committer Ada Example <ada@example.com> 1700000000 +0000',
    'data 7\nBy hand',
    `from ${statusBranch}^0`,
    `M 100644 inline ${path}`,
    `data ${Buffer.byteLength(content)}\n${content}`,
  ];
  feedGit(s.repository, `${lines.join('\n')}\n`, 'fast-import', '--quiet');
}

/** A process that carries our key for an instance that nobody ever asked for, beside a real one. */
function strangerLike(s: Stage, id: string, owner: string): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    cwd: s.folder,
    detached: true,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      HELIOSTAT_HOME: s.home,
      HELIOSTAT_OWNER: owner.replace(id, id.replace(/1\.0\.0~[0-9a-f]+/, '0.9.0~00000000')),
    },
  });
  child.unref();
  return child.pid as number;
}
