import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { testInWholeRun } from '../support/needs.js';
import { expectDocument } from '../entry/cli/support/schema.js';
import { gitEnvironment } from '../support/git.js';
import { gitIn, pidsById, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { app, smallModel, web } from '../support/scenario/model.js';

const within = 90_000;
const because = ['--reason', 'the test says so'];

interface Condition {
  readonly type: string;
  readonly message: string;
  readonly until: string | null;
  readonly command: string;
}

async function conditions(s: Stage): Promise<Condition[]> {
  const status = expectDocument('status', (await s.call('status', '--json')).stdout);
  const solutions = status['solutions'] as readonly { readonly conditions: Condition[] }[];
  return [...(status['conditions'] as Condition[]), ...solutions.flatMap((each) => each.conditions)];
}

function alive(s: Stage, version: string): number {
  return s.instances().filter(({ id }) => id.includes(`/${version}~`)).length;
}

test(
  'a pause beside a daemon stops repair and rollouts, is shown with its way out, and ends by itself or by resume',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0') });
    const daemon = await s.run();
    await verdict(s, s.tip(), 'applied');

    const wrong = await s.call('pause', 'shpo', ...because);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('did you mean');
    expect((await s.call('pause', 'shop', '--for', 'soon', ...because)).stderr).toContain('no duration');

    const paused = await s.call('pause', 'shop', '--for', '1h', ...because, '--json');
    expect(paused.code, paused.stderr).toBe(0);
    expect(JSON.parse(paused.stdout)).toMatchObject({ done: true });
    const [shown] = await conditions(s);
    expect(shown).toMatchObject({ type: 'paused', command: 'heliostat resume test/shop --reason TEXT' });
    expect(shown?.message).toContain('Ada Example <ada@example.com>');
    expect(shown?.message).toContain('the test says so');
    expect(Date.parse(shown?.until ?? '') - Date.now()).toBeGreaterThan(3_000_000);

    process.kill(s.instances()[0]?.pid ?? 0, 'SIGKILL');
    const raised = s.commit(web('1.1.0'), 'Raise web');
    await verdict(s, raised, 'held');
    const applied = await s.call('apply');
    expect(applied.code, 'held').toBe(5);
    expect(applied.stdout).toContain('is paused by');
    expect([alive(s, '1.0.0'), alive(s, '1.1.0')]).toEqual([1, 0]);

    await daemon.end('SIGTERM');
    await s.run();
    expect((await conditions(s)).map(({ type }) => type)).toContain('paused');
    const resumed = await s.call('resume', 'shop', ...because);
    expect(resumed.code, resumed.stderr).toBe(0);
    await verdict(s, raised, 'applied');
    expect([alive(s, '1.0.0'), alive(s, '1.1.0')]).toEqual([0, 2]);

    expect((await s.call('pause', 'test', '--for', '2s', ...because)).code).toBe(0);
    await verdict(s, s.commit(web('1.0.0'), 'Lower web'), 'applied');
    const events = (await s.call('events')).stdout;
    expect(events).toContain('everything is paused by Ada Example <ada@example.com> until');
    expect(events).toContain('everything is no longer paused: its time is over');
  },
  within,
);

test(
  'a pause without a daemon is kept for the next apply, which changes nothing before its end',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0') });
    expect((await s.call('apply')).code).toBe(0);
    expect((await s.call('pause', 'shop/web', ...because)).code).toBe(0);
    s.commit(web('1.1.0'), 'Raise web');
    const held = await s.call('apply', '--json');
    expect(held.code, held.stderr).toBe(5);
    expect(expectDocument('apply', held.stdout)).toMatchObject({
      verdict: 'held',
      reason: expect.stringContaining('heliostat resume test/shop/web') as string,
    });
    expect(alive(s, '1.0.0')).toBe(2);
    const history = (await s.call('history')).stdout;
    expect(history).toContain('held');
    expect(history).toContain('test/shop/web is paused by Ada Example');
    const down = await s.call('down', '--yes');
    expect(down.code).toBe(2);
    expect(down.stdout).toContain('end that first');
    const resumed = await s.call('resume', 'web', ...because);
    expect(resumed.code, resumed.stdout).toBe(0);
    expect(alive(s, '1.1.0')).toBe(2);
  },
  within,
);

testInWholeRun(
  'abort ends a rollout that does not get on: as it is, or back at what was stable with a commit that says so',
  async () => {
    const s = await stage({
      ...smallModel({ healthyDeadline: '50s' }),
      ...app('web', '1.2.0', { health: 'bad' }),
      ...web('1.0.0'),
    });
    const daemon = await s.run();
    await verdict(s, s.tip(), 'applied');
    expect((await s.call('abort', 'shop', ...because)).stdout).toContain('no rollout of shop is under way');

    const sick = s.commit(web('1.2.0'), 'Raise web to a sick release');
    await until('the sick one is there', () => alive(s, '1.2.0') === 1);
    const aborted = await s.call('abort', 'shop', ...because);
    expect(aborted.code, aborted.stderr).toBe(0);
    await verdict(s, sick, 'failed');
    await until('what is not well is gone', () => alive(s, '1.2.0') === 0);
    expect(alive(s, '1.0.0')).toBe(2);
    expect((await s.call('history')).stdout).toContain('aborted by Ada Example');

    await verdict(s, s.commit(web('1.1.0'), 'Another one'), 'applied');
    const again = s.commit(web('1.2.0'), 'The sick one once more');
    await until('the sick one is there', () => alive(s, '1.2.0') === 1);
    expect((await s.call('abort', 'shop', '--revert', ...because)).code).toBe(0);
    await verdict(s, again, 'reverted');
    await until('the commit', () => gitIn(s, 'rev-parse', 'main~1') === again);
    await verdict(s, s.tip(), 'applied');
    expect(gitIn(s, 'log', '-1', '--format=%B')).toContain(
      'aborted by Ada Example <ada@example.com>: the test says so',
    );
    expect([alive(s, '1.1.0'), alive(s, '1.2.0')]).toEqual([2, 0]);
    await daemon.end('SIGTERM');
  },
  within,
);

testInWholeRun(
  'restart replaces every process once while the others answer, and a daemon that is killed in it leaves none out',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 3) });
    expect((await s.call('apply')).code).toBe(0);
    const first = pidsById(s.instances());
    const restarted = await s.call('restart', 'web', ...because);
    expect(restarted.code, restarted.stderr).toBe(0);
    expect(restarted.stdout).toContain('all were');
    const second = pidsById(s.instances());
    expect(Object.keys(second).sort()).toEqual(Object.keys(first).sort());
    for (const [id, pid] of Object.entries(second)) expect(pid, id).not.toBe(first[id]);

    const daemon = await s.run();
    expect((await s.call('restart', 'shop', ...because)).code).toBe(0);
    expect((await conditions(s)).map(({ type }) => type)).toContain('restarting');
    await until('the first is another', () => s.instances().some(({ id, pid }) => pid !== second[id]));
    await daemon.end('SIGKILL');
    await s.run();
    await until('all are others', () => {
      const third = s.instances();
      return third.length === 3 && third.every(({ id, pid }) => pid !== second[id]);
    });
    await until('nothing is restarted any more', async () => (await conditions(s)).length === 0);
  },
  within,
);

test(
  'Ctrl-C in a restart leaves what runs as it is; the next apply goes on with it',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 3) });
    expect((await s.call('apply')).code).toBe(0);
    const first = pidsById(s.instances());
    const command = spawn(process.execPath, [s.program, 'restart', 'web', ...because], {
      cwd: s.repository,
      env: { ...gitEnvironment(), HOME: s.folder },
      stdio: 'ignore',
    });
    const ended = once(command, 'exit');
    await until('the first is another', () => s.instances().some(({ id, pid }) => pid !== first[id]));
    command.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect((await s.call('apply')).code).toBe(0);
    const second = pidsById(s.instances());
    expect(Object.keys(second)).toHaveLength(3);
    for (const [id, pid] of Object.entries(second)) expect(pid, id).not.toBe(first[id]);
  },
  within,
);
