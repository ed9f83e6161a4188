import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exposedPort, pidsById, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { isAlive, watchCensus } from '../support/scenario/census.js';
import { startLoad } from '../support/scenario/load.js';
import { documentAt, noteOf, statusTip } from '../support/scenario/memory.js';
import { smallModel, web } from '../support/scenario/model.js';

const within = 90_000;

test(
  'a copy of the state folder that was made in mid-work and is put back after a loss is no memory: what runs is adopted, nothing is done again, no verdict changes',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 2) });
    const first = s.tip();
    const daemon = await s.run();
    await verdict(s, first, 'applied');
    const second = s.commit(web('1.1.0', 2));
    await until('both versions run', () => s.instances().length > 2);
    const copy = join(s.folder, 'copy');
    cpSync(heliostatFolder(s), copy, { recursive: true });
    await verdict(s, second, 'applied');
    const third = s.commit(web('1.0.0', 2));
    await verdict(s, third, 'applied');
    await daemon.end('SIGKILL');
    const load = startLoad(exposedPort(s), { clients: 4, pauseMs: 25 });
    const census = watchCensus(s.home);
    const before = s.instances();
    rmSync(join(heliostatFolder(s), 'state/test'), { recursive: true });
    renameSync(join(copy, 'state/test'), join(heliostatFolder(s), 'state/test'));

    await s.run();
    const fourth = s.commit(web('1.0.0', 1));
    await verdict(s, fourth, 'applied');
    const now = pidsById(s.instances());
    await load.stop();
    census.stop();
    expect(Object.entries(now)).toHaveLength(1);
    for (const [id, pid] of Object.entries(now))
      expect(pidsById(before)[id], `${id} is the same process`).toBe(pid);
    for (const revision of [first, second, third])
      expect(noteOf(s.repository, 'test', revision)).toBe('applied');
    expect([...census.twice]).toEqual([]);
    expect(load.failures).toEqual([]);
  },
  within,
);

test(
  'a copy that is started elsewhere never acts beside the original: it is refused while the original holds it, and of two that both live one stops',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 2) });
    const first = await s.run();
    await verdict(s, s.tip(), 'applied');
    const copy = join(s.folder, 'copy');
    cpSync(heliostatFolder(s), copy, { recursive: true });
    const elsewhere = join(s.folder, 'elsewhere.yaml');
    writeFileSync(elsewhere, `stateFolder: ${copy}\n`);
    const refused = await s.call('run', '--config', elsewhere);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(String(first.pid));

    // The holder that the copy names is gone now, and the original runs again under another number.
    await first.end('SIGKILL');
    const original = await s.run();
    const copied = await s.run('--config', elsewhere);
    const written = statusTip(s.repository);
    const load = startLoad(exposedPort(s), { clients: 4, pauseMs: 25 });
    const census = watchCensus(s.home);
    const revision = s.commit(web('1.1.0', 2));
    await verdict(s, revision, 'applied');
    const alive = [original, copied].filter(({ pid }) => isAlive(pid));
    await until(
      'one of them has stopped',
      () => [original, copied].filter(({ pid }) => isAlive(pid)).length === 1,
    );
    await load.stop();
    census.stop();
    expect(alive.length).toBeGreaterThan(0);
    expect(`${original.said()}${copied.said()}`).toMatch(
      /with a state folder of its own|has taken the domain over/,
    );
    expect(s.instances().map(({ id }) => id.replace(/~[0-9a-f]+/, ''))).toEqual([
      'test/shop/web/1.1.0/0',
      'test/shop/web/1.1.0/1',
    ]);
    expect([...census.twice]).toEqual([]);
    expect(load.failures).toEqual([]);
    expect(written).not.toBe(statusTip(s.repository));
    expect(documentAt(s.repository, 'test/memory.yaml')).toMatchObject({ holds: [] });
  },
  within,
);

function heliostatFolder(s: Stage): string {
  return join(s.repository, '.heliostat');
}
