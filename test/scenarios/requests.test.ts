import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../support/git.js';
import { stage } from '../support/heliostat.js';
import { smallModel, solution } from '../support/scenario/model.js';

const within = 90_000;

function canary(version: string): Record<string, string> {
  return solution('shop', {
    web: `{ component: web, version: ${version}, size: 2, rollout: { strategy: canary, canary: { steps: [{ size: 1 }] } } }`,
  });
}

test(
  'without a daemon apply ends at a gate with the command that leads on; said in another clone it is noted, and the next apply does it once',
  async () => {
    const s = await stage({ ...smallModel(), ...canary('1.0.0') });
    expect((await s.call('apply')).code).toBe(0);
    const next = s.commit(canary('1.1.0'));
    const held = await s.call('apply');
    expect(held.code, held.stderr).toBe(5);
    expect(held.stdout).toContain('heliostat promote test/shop --reason TEXT');

    const clone = join(s.folder, 'clone');
    git(s.folder, 'clone', '-q', s.repository, clone);
    const noted = await s.callIn(clone, 'promote', 'test/shop', '--reason', 'looks well');
    expect(noted.code, noted.stderr).toBe(0);
    expect(noted.stdout).toContain('noted as request');
    expect(noted.stdout).toContain('git push origin heliostat/status');
    const files = (where: string): string[] =>
      git(where, 'ls-tree', '-r', '--name-only', 'heliostat/status', 'test/requests/')
        .split('\n')
        .filter(Boolean);
    expect(files(clone)).toHaveLength(1);
    git(clone, 'push', '-q', 'origin', 'heliostat/status');

    const applied = await s.call('apply', '--json');
    expect(applied.code, applied.stdout).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({ revision: next, verdict: 'applied' });
    expect(files(s.repository)).toEqual([]);
    expect((await s.call('apply')).code).toBe(0);
    const events = await s.call('events');
    expect(events.stdout.match(/promote test\/shop, asked for on the status branch/g)).toHaveLength(1);
    expect(events.stdout).toContain('looks well');
  },
  within,
);
