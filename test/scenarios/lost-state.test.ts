import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exposedPort, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { loseState } from '../support/lost-state.js';
import { isAlive, watchCensus } from '../support/scenario/census.js';
import { ask, startLoad } from '../support/scenario/load.js';
import { documentAt } from '../support/scenario/memory.js';
import { smallModel, web } from '../support/scenario/model.js';

const within = 60_000;

const losses: readonly (readonly [string, (s: Stage) => void])[] = [
  ['the state folder is deleted', loseState],
  [
    'all that Heliostat keeps on the machine is moved away',
    (s) => renameSync(join(s.repository, '.heliostat'), join(s.folder, 'lost')),
  ],
];

test.each(losses)(
  '%s: the next start restores from the status branch and adopts what runs',
  async (_what, lose) => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 3) });
    const first = await s.run();
    await verdict(s, s.tip(), 'applied');
    const before = s.instances();
    const port = exposedPort(s);
    await first.end('SIGKILL');
    const census = watchCensus(s.home);
    lose(s);

    const second = await s.run();
    await until('the gateway answers on the same port', () =>
      ask(`http://127.0.0.1:${port}/`).then(
        (version) => version === '1.0.0',
        () => false,
      ),
    );
    expect(s.instances(), 'same processes').toEqual(before);
    expect(isAlive(second.pid), second.said()).toBe(true);

    // It is not only left alone, it is managed: kill, repair, roll.
    const killed = before[0]?.pid;
    process.kill(killed ?? 0, 'SIGKILL');
    await until('the killed instance is back', () => {
      const now = s.instances();
      return now.length === 3 && !now.some(({ pid }) => pid === killed);
    });
    const load = startLoad(port);
    await verdict(s, s.commit(web('1.1.0', 3)), 'applied');
    await load.stop();
    census.stop();
    expect(load.failures).toEqual([]);
    expect(s.instances().map(({ id }) => id.includes('/1.1.0~'))).toEqual([true, true, true]);
    expect([...census.twice]).toEqual([]);
    expect(documentAt(s.repository, 'test/memory.yaml')).toMatchObject({ holds: [] });
  },
  within,
);

test(
  'the state folder is lost in the middle of a rollout: the rollout ends, and nothing exists twice',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 3) });
    const first = await s.run();
    await verdict(s, s.tip(), 'applied');
    const port = exposedPort(s);
    const census = watchCensus(s.home);
    const revision = s.commit(web('1.1.0', 3));
    await until('both versions run', () => s.instances().length > 3);
    await first.end('SIGKILL');
    const load = startLoad(port);
    rmSync(join(s.repository, '.heliostat/state/test'), { recursive: true });

    await s.run();
    await verdict(s, revision, 'applied');
    await load.stop();
    census.stop();
    expect(load.failures).toEqual([]);
    expect(s.instances()).toHaveLength(3);
    expect([...census.twice]).toEqual([]);
  },
  within,
);
