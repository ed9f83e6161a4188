import { expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  exposedPort,
  gatewayPid,
  pidsById,
  stage,
  until,
  verdict,
  type Daemon,
  type Stage,
} from '../support/heliostat.js';
import { showed } from '../support/promises.js';
import { doubled, watchCensus } from '../support/scenario/census.js';
import { ask, startLoad } from '../support/scenario/load.js';
import { rolloutDocument } from '../support/scenario/memory.js';
import { smallModel, web } from '../support/scenario/model.js';

const within = 90_000;

test(
  'an instance that is killed comes back under its own identity, while the other keeps serving',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0') });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s));
    const before = pidsById(s.instances());
    const [id, pid] = Object.entries(before)[0] as [string, number];

    process.kill(pid, 'SIGKILL');
    await until('the killed instance is back', () => (pidsById(s.instances())[id] ?? pid) !== pid);
    await load.stop();

    const after = pidsById(s.instances());
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.entries(after).filter(([other, now]) => before[other] !== now)).toHaveLength(1);
    expect(load.failures, 'a refused or reset connection goes to the next backend').toEqual([]);
  },
  within,
);

test(
  'a gateway that is killed is started again on the same port, and no instance is touched',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0') });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const port = exposedPort(s);
    const before = s.instances();
    const gateway = gatewayPid(s) as number;

    process.kill(gateway, 'SIGKILL');
    await until('another gateway runs', () => ![null, gateway].includes(gatewayPid(s)));
    await until('it answers on the same port', () =>
      ask(`http://127.0.0.1:${port}/`).then(Boolean, () => false),
    );

    expect(s.instances()).toEqual(before);
    expect(exposedPort(s)).toBe(port);
  },
  within,
);

test(
  'a daemon killed ten times in mid-rollout goes on where it was: nothing exists twice, nothing is lost, and the load never fails',
  async (context) => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 3) });
    let daemon = await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s));
    const census = watchCensus(s.home);
    let kills = 0;

    // Each rollout takes some four seconds and is hit twice, each time at other moments.
    for (const [round, [first, second]] of moments.entries()) {
      const revision = s.commit(web(round % 2 === 0 ? '1.1.0' : '1.0.0', 3));
      for (const pause of [first, second]) {
        await sleep(pause);
        kills += 1;
        daemon = await killAndStart(s, daemon);
      }
      await verdict(s, revision, 'applied');
      expect(rolloutDocument(s.repository, 'test', revision, 'shop')?.phase).toBe('succeeded');
      expect(s.instances()).toHaveLength(3);
    }
    await load.stop();
    census.stop();

    expect([...census.twice]).toEqual([]);
    expect(census.looks()).toBeGreaterThan(100);
    expect(load.failures).toEqual([]);
    showed(context, { crashesSurvived: kills });
  },
  within,
);

/** Milliseconds after the commit, and after the start that followed the first kill: spread over the phases. */
const moments: readonly (readonly [number, number])[] = [
  [60, 1_500],
  [350, 700],
  [700, 300],
  [1_100, 100],
  [1_600, 1_000],
];

/** What ran when it was killed and is not being replaced is the same process afterwards. */
async function killAndStart(s: Stage, daemon: Daemon): Promise<Daemon> {
  await daemon.end('SIGKILL');
  const atKill = s.instances();
  expect(doubled(atKill)).toEqual([]);
  const next = await s.run();
  const adopted = pidsById(s.instances());
  for (const { id, pid } of atKill)
    if (id in adopted) expect(adopted[id], `${id} was adopted, not replaced`).toBe(pid);
  return next;
}
