import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initRepository } from '../support/git.js';
import { exposedPort, gitIn, pidsById, stage, until, verdict } from '../support/heliostat.js';
import { isAlive, watchCensus } from '../support/scenario/census.js';
import { startLoad } from '../support/scenario/load.js';
import { statusBranch, statusTip } from '../support/scenario/memory.js';
import { smallModel, web } from '../support/scenario/model.js';
import { fillDisk, mountSmallDisk } from '../support/scenario/small-disk.js';

const within = 90_000;
// Only root may mount a small disk; a run that must be whole fails without it.
const testAsRoot = test.skipIf(process.getuid?.() !== 0 && process.env['HELIOSTAT_REQUIRE_ALL'] !== '1');

testAsRoot(
  'the disk of the journal runs full in mid-rollout: nothing is done whose intent is not written, also by a next start; once there is room the rollout ends, with nothing twice',
  async () => {
    const s = await stage();
    const disk = join(s.folder, 'disk');
    mountSmallDisk(disk, 8);
    writeFileSync(join(s.repository, 'heliostat.config.yaml'), `stateFolder: ${disk}\n`);
    s.commit({ ...smallModel(), ...web('1.0.0', 3) }, 'First model');
    const daemon = await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), { clients: 4, pauseMs: 25 });
    const census = watchCensus(s.home);

    const revision = s.commit(web('1.1.0', 3));
    await until('both versions run', () => s.instances().length > 3);
    const full = fillDisk(disk);
    await until('it is told', async () => (await s.call('status', '--json')).stdout.includes('journal.disk'));
    expect(isAlive(daemon.pid)).toBe(true);
    const running = pidsById(s.instances());
    const intents = begunIn(join(disk, 'state/test/journal'));
    for (const id of Object.keys(running))
      expect(intents, `${id} was to be started`).toContain(`start ${id}`);

    await daemon.end('SIGKILL');
    const refused = await s.call('run');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/ENOSPC|full|no space/i);
    expect(pidsById(s.instances()), 'nothing was done').toEqual(running);

    full.room();
    await s.run();
    await verdict(s, revision, 'applied');
    await load.stop();
    census.stop();
    expect(s.instances().map(({ id }) => id.includes('/1.1.0~'))).toEqual([true, true, true]);
    expect([...census.twice]).toEqual([]);
    expect(load.failures).toEqual([]);
  },
  within,
);

testAsRoot(
  'the disk of the repository runs full: what runs is repaired all the same and it is said that the status cannot be written; once there is room it is, in a line',
  async () => {
    const s = await stage();
    mountSmallDisk(s.repository, 8);
    initRepository(s.repository);
    const state = join(s.folder, 'state');
    mkdirSync(state);
    writeFileSync(join(s.repository, 'heliostat.config.yaml'), `stateFolder: ${state}\n`);
    s.commit({ ...smallModel(), ...web('1.0.0', 2) }, 'First model');
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), { clients: 4, pauseMs: 25 });
    const before = statusTip(s.repository) ?? '';

    const full = fillDisk(s.repository);
    const killed = s.instances()[0];
    process.kill(killed?.pid ?? 0, 'SIGKILL');
    await until('the killed instance is back', () => {
      const now = pidsById(s.instances())[killed?.id ?? ''];
      return now !== undefined && now !== killed?.pid;
    });
    await until('it is told', async () =>
      (await s.call('status', '--json')).stdout.includes('status.unwritten'),
    );
    full.room();
    await until('it is written', () => statusTip(s.repository) !== before);
    const revision = s.commit(web('1.1.0', 2));
    await verdict(s, revision, 'applied');
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(gitIn(s, 'rev-list', '--min-parents=2', statusBranch)).toBe('');
    expect(gitIn(s, 'rev-list', statusBranch).split('\n')).toContain(before);
    gitIn(s, 'fsck', '--strict');
  },
  within,
);

/** `start <instance>` and the like: every intent that the journal on the disk holds. */
function begunIn(folder: string): string[] {
  const text = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const begun = text.matchAll(/"operation\.begun","instance":"([^"]+)","transition":"([a-z]+)"/g);
  return [...begun].map(([, id, transition]) => `${transition} ${id}`);
}
