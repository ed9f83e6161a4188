import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { thisOwner } from '../../src/adapters/git/lock-owner.js';
import { stage, until, verdict, type Stage } from '../support/heliostat.js';
import { smallModel, web } from '../support/scenario/model.js';

const within = 60_000;

test(
  'a lock of the status branch that a killed controller of ours left is removed at the next start',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 1) });
    await (await s.run()).end('SIGKILL');
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const owner = thisOwner().split('-').with(2, String(ended)).join('-');
    const mark = join(s.home, 'objects', `tmp_obj_ref_${owner}-0123456789ab`);
    writeFileSync(mark, `${s.tip()}\n`);
    mkdirSync(dirname(lockOf(s)), { recursive: true });
    linkSync(mark, lockOf(s));

    await s.run();
    await verdict(s, s.tip(), 'applied');
    expect(existsSync(lockOf(s))).toBe(false);
    expect(existsSync(mark)).toBe(false);
  },
  within,
);

test(
  'a lock of somebody else is told of with its age and stays, nothing is done meanwhile, and once it is gone everything goes on',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 1) });
    mkdirSync(dirname(lockOf(s)), { recursive: true });
    writeFileSync(lockOf(s), '');
    const before = new Date(Date.now() - 7_200_000);
    utimesSync(lockOf(s), before, before);

    const daemon = s.runSoon();
    await until('it is told', () => /status\.lock is held for 7[2-9]\d\d s/.test(daemon.said()));
    expect(existsSync(lockOf(s))).toBe(true);
    expect(s.instances()).toEqual([]);
    rmSync(lockOf(s));
    await verdict(s, s.tip(), 'applied');
    expect(s.instances()).toHaveLength(1);
  },
  within,
);

function lockOf(s: Stage): string {
  return join(s.home, 'refs/heads/heliostat/status.lock');
}
