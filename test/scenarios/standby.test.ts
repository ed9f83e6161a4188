import { expect, test } from 'vitest';
import { exposedPort, gitIn, stage, verdict, type Stage } from '../support/heliostat.js';
import { startLoad } from '../support/scenario/load.js';
import { app, smallModel, solution } from '../support/scenario/model.js';

const within = 60_000;

function shop(version: string): Record<string, string> {
  const rollout = '{ standby: 1h, minHealthyTime: 1s }';
  return solution('shop', {
    web: `{ component: web, version: ${version}, size: 2, expose: { port: auto }, rollout: ${rollout} }`,
  });
}

/** Where the instances of a version stand, whether or not they run. */
async function placesOf(s: Stage, version: string): Promise<readonly string[]> {
  const { stdout } = await s.call('status', '--json', '--instances');
  const { solutions } = JSON.parse(stdout) as {
    solutions: {
      elements: { clusters: { version: string; instances: { id: string; endpoint: string }[] }[] }[];
    }[];
  };
  return solutions
    .flatMap(({ elements }) => elements.flatMap(({ clusters }) => clusters))
    .filter((cluster) => cluster.version === version)
    .flatMap(({ instances }) => instances.map(({ id, endpoint }) => `${id} at ${endpoint}`));
}

function running(s: Stage): string[] {
  return s
    .instances()
    .map(({ id }) => /\/web\/([0-9.]+)~/.exec(id)?.[1] ?? id)
    .sort();
}

test(
  'a version that was replaced stays installed for a while, and a revert only has to start it, without a lost request',
  async () => {
    const s = await stage({ ...smallModel(), ...app('web', '2.0.0'), ...shop('1.0.0') });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const before = await placesOf(s, '1.0.0');
    expect(before).toHaveLength(2);
    const load = startLoad(exposedPort(s));

    await verdict(s, s.commit(shop('2.0.0'), 'Raise the web'), 'applied');
    expect(running(s)).toEqual(['2.0.0', '2.0.0']);
    expect(await placesOf(s, '1.0.0')).toEqual(before);
    expect((await s.call('status')).stdout).toMatch(/2\.0\.0 \(2 instances\) \+ 1\.0\.0 \(on standby until /);

    gitIn(s, 'revert', '--no-edit', 'HEAD');
    await verdict(s, s.tip(), 'applied');
    expect(running(s)).toEqual(['1.0.0', '1.0.0']);
    expect(await placesOf(s, '1.0.0')).toEqual(before);
    await load.stop();
    expect(load.failures).toEqual([]);

    const { stdout } = await s.call('events');
    const created = stdout.split('\n').filter((line) => /create/.test(line) && line.includes('1.0.0'));
    expect(created.map((line) => line.trim())).toHaveLength(2);
  },
  within,
);
