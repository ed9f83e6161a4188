import { expect, test } from 'vitest';
import { exposedPort, gatewayPid, gitIn, stage, until } from '../support/heliostat.js';
import { app, domainFile, smallModel, web } from '../support/scenario/model.js';

const within = 90_000;

function model(): Record<string, string> {
  return { ...smallModel(), ...web('1.0.0') };
}

async function answers(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  return ((await response.json()) as { version: string }).version;
}

test(
  'down without a daemon asks, takes everything down backwards, ends the gateway, and leaves new commits alone',
  async () => {
    const s = await stage(model());
    expect((await s.call('apply')).code).toBe(0);
    expect(gatewayPid(s)).not.toBeNull();

    const unasked = await s.call('down');
    expect(unasked.code, 'nobody said yes').toBe(5);
    expect(unasked.stderr.match(/- test\/shop\/web\//g), 'it says what would go').toHaveLength(2);
    expect(s.instances()).toHaveLength(2);

    s.commit(web('1.1.0'), 'Raise web, and nobody applies it');
    const down = await s.call('down', '--yes', '--reason', 'moving out');
    expect(down.code, down.stderr).toBe(0);
    expect(down.stdout).toContain('everything of test is gone');
    expect(s.instances()).toEqual([]);
    expect(gatewayPid(s)).toBeNull();

    const after = await s.call('status', '--json');
    expect(after.code, 'the model still asks for it').toBe(2);
    const status = JSON.parse(after.stdout) as { solutions: object[]; conditions: { type: string }[] };
    expect(status.solutions).toEqual([]);
    expect(status.conditions.map(({ type }) => type)).toEqual(['behind', 'down']);
    expect((await s.call('events')).stdout).toContain('Ada Example <ada@example.com>: moving out');
    expect((await s.call('down')).code, 'what is gone needs no yes').toBe(0);

    expect((await s.call('apply')).code, 'a person brings it back').toBe(0);
    expect(await answers(exposedPort(s))).toBe('1.1.0');
    expect((await s.call('status')).code).toBe(0);
  },
  within,
);

test(
  'down beside a daemon is done by the daemon, which stays down until the next commit',
  async () => {
    const s = await stage(model());
    const daemon = await s.run();
    expect((await s.call('apply')).code).toBe(0);

    const down = await s.call('down', '--yes');
    expect(down.code, down.stderr).toBe(0);
    expect(s.instances()).toEqual([]);
    await until('the gateway has ended', () => gatewayPid(s) === null);
    const idle = JSON.parse((await s.call('status', '--json')).stdout) as { solutions: object[] };
    expect(idle.solutions).toEqual([]);

    s.commit(web('1.1.0'), 'Raise web');
    expect((await s.call('apply')).code).toBe(0);
    expect(s.instances()).toHaveLength(2);
    expect((await s.call('status')).code, 'nothing reminds of the time when it was down').toBe(0);
    await daemon.end('SIGTERM');
  },
  within,
);

test(
  'what is detached runs on whatever is committed, and is brought up to date when it is managed again',
  async () => {
    const s = await stage(model());
    expect((await s.call('apply')).code).toBe(0);
    const before = s.instances();
    const port = exposedPort(s);

    const detached = await s.call('detach', 'shop', '--reason', 'an experiment');
    expect(detached.code, detached.stderr).toBe(0);
    s.commit(web('1.1.0'), 'Raise web');
    const plan = await s.call('plan', '--json');
    expect(JSON.parse(plan.stdout), 'no commit reaches it').toMatchObject({ changes: [], holds: [] });
    expect((await s.call('apply')).code).toBe(0);
    expect(s.instances()).toEqual(before);
    expect(await answers(port)).toBe('1.0.0');
    const status = await s.call('status');
    expect(status.code, 'it is nobody’s trouble any more').toBe(0);
    expect(status.stdout).toContain('heliostat resume test/shop');

    const resumed = await s.call('resume', 'shop', '--reason', 'it went well');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stdout).toContain('shop is managed again');
    expect(await answers(port)).toBe('1.1.0');
    expect((await s.call('status')).code).toBe(0);
  },
  within,
);

test(
  'verbs that meet the wrong moment say so, and change nothing',
  async () => {
    const s = await stage(model());
    expect((await s.call('down', '--yes')).stdout).toContain('nothing of test runs');
    expect((await s.call('apply')).code).toBe(0);

    const resumed = await s.call('resume', 'shop', '--reason', 'habit', '--json');
    expect(resumed.code).toBe(2);
    expect(JSON.parse(resumed.stdout)).toEqual({
      schemaVersion: 1,
      done: false,
      message: 'test/shop is neither paused nor drifted',
    });
    const unheld = await s.call('approve', 'h-none', '--reason', 'habit');
    expect(unheld.code).toBe(1);
    expect(unheld.stderr).toContain('there is no hold "h-none"');
    const retried = await s.call('retry', 'shop', '--reason', 'habit');
    expect(retried.code, retried.stderr).toBe(0);
    expect(retried.stdout).toMatch(/is tried again; [0-9a-f]{7} is applied/);

    const holder = s.runSoon();
    await until('the daemon runs', () => holder.said().includes('ready '));
    expect((await s.call('run')).stderr).toContain('is being run already by heliostat run (pid');
    await holder.end('SIGTERM');
    expect(gitIn(s, 'status', '--porcelain'), 'nothing lies about').toBe('');
  },
  within,
);

test(
  'two domains of a repository share the gateway: it stays until the last of them is down',
  async () => {
    const service = { 'services/app.mjs': smallModel()['services/app.mjs'] ?? '' };
    const below = (folder: string, of: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(of).map(([path, text]) => [`${folder}/${path}`, text]));
    const domainOf = (name: string): Record<string, string> =>
      below(`envs/${name}`, {
        'heliostat.yaml': domainFile({ name }),
        ...app('web', '1.0.0'),
        ...web('1.0.0', 1),
      });
    const s = await stage({ ...service, ...domainOf('blue'), ...domainOf('green') });
    const asked = await s.call('status');
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain('there are 2 domains: envs/blue, envs/green');

    expect((await s.call('apply', '--domain', 'blue')).code).toBe(0);
    expect((await s.call('apply', '--domain', 'green')).code).toBe(0);
    expect((await s.call('down', '--yes', '--domain', 'blue')).code).toBe(0);
    expect(gatewayPid(s)).not.toBeNull();
    expect(await answers(exposedPort(s, 'shop/web', 'green'))).toBe('1.0.0');
    expect((await s.call('down', '--yes', '--domain', 'green')).code).toBe(0);
    expect(gatewayPid(s)).toBeNull();
  },
  within,
);
