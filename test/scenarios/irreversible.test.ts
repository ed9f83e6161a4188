import { expect, test } from 'vitest';
import { git } from '../support/git.js';
import { stage, until, verdict } from '../support/heliostat.js';
import { app, smallModel, web } from '../support/scenario/model.js';

const within = 90_000;

const files = {
  ...smallModel({ onFailure: 'revert', healthyDeadline: '3s' }),
  ...app('web', '2.0.0', { health: 'bad', extra: 'revertible: false\n' }),
  ...app('web', '2.1.0', { extra: 'revertible: false\n' }),
};
const hold = 'rollout.irreversible.shop';
const approve = `heliostat approve ${hold} --domain test --reason TEXT`;

test(
  'what fails behind a point of no return waits for a person; status, plan and apply say what leads on; released it goes back and ends as a commit',
  async () => {
    const s = await stage({ ...files, ...web('1.0.0') });
    await s.run();
    const good = s.tip();
    await verdict(s, good, 'applied');

    const bad = s.commit(web('2.0.0'));
    const ended = await s.call('apply', '--json');
    expect(ended.code, ended.stdout).toBe(5);
    expect(JSON.parse(ended.stdout)).toMatchObject({ revision: bad, verdict: 'held' });
    expect(s.tip(), 'nothing went back by itself').toBe(bad);
    const status = await s.call('status');
    expect(status.stdout).toContain('shop/web from 2.0.0 to 1.0.0');
    expect(status.stdout).toContain(approve);
    expect((await s.call('plan')).stdout).toContain(approve);

    const released = await s.call('approve', hold, '--reason', 'the data was restored');
    expect(released.code, released.stderr).toBe(0);
    await verdict(s, bad, 'reverted');
    await until('the commit that says so', () => s.tip() !== bad);
    expect(git(s.repository, 'diff', '--stat', good, s.tip())).toBe('');
    await verdict(s, s.tip(), 'applied');
    expect((await s.call('status')).code).toBe(0);
  },
  within,
);

test(
  'a commit that leads below it is held until a person says so, and one that leads up goes out',
  async () => {
    const s = await stage({ ...files, ...web('1.0.0') });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    await verdict(s, s.commit(web('2.1.0')), 'applied');

    const down = s.commit(web('1.1.0'));
    const ended = await s.call('apply', '--json');
    expect(ended.code, ended.stdout).toBe(5);
    expect(JSON.parse(ended.stdout)).toMatchObject({ revision: down, verdict: 'held' });
    expect((await s.call('plan')).stdout).toContain('heliostat approve plan.irreversible --domain test');
    const released = await s.call('approve', 'plan.irreversible', '--reason', 'no data was written yet');
    expect(released.code, released.stderr).toBe(0);
    await verdict(s, down, 'applied');
  },
  within,
);
