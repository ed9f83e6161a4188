import { expect, test } from 'vitest';
import { createHost } from '../../src/entry/sim/host.js';
import { run, type Report } from '../../src/sim/run.js';
import { shrink } from '../../src/sim/shrink.js';
import type { Stage } from '../../src/sim/stage.js';
import type { Watcher } from '../../src/sim/watcher.js';
import { scriptOf, type ActKind, type Script } from '../../src/sim/workload/script.js';

const host = createHost();

/** Planted: no two controllers may be killed with an upgrade between them. What follows the acts is left out. */
function planted({ world }: Stage): Watcher {
  const seen: string[] = [];
  return {
    acted({ kind }) {
      if (kind === 'process.kill' || (kind === 'commit.upgrade' && seen.length === 1)) seen.push(kind);
      if (seen.length === 3) world.violate(99, 'killed, upgraded, killed');
    },
    calmed: () => world.violate(98, 'the acts are over'),
  };
}

function play(script: Script): Promise<Report> {
  return run(script, { host, watchers: [planted] });
}

const kinds: readonly ActKind[] = [
  'commit.scale',
  'world.stop',
  'process.kill',
  'commit.add',
  'process.pause',
  'commit.upgrade',
  'clock.jump',
  'commit.upgrade',
  'process.kill',
  'commit.revert',
];

const script: Script = {
  ...scriptOf(1),
  weather: { 'provider.error': 0.1, 'hint.lost': 0.5 },
  latencyMs: 10,
  acts: kinds.map((kind, seed) => ({ kind, seed, afterMs: 10 })),
};

test('what is found is shrunk to what it takes, and the small script breaks the same', async () => {
  const small = await shrink(script, {
    mayGoOn: () => true,
    async breaks(candidate) {
      const { violation } = await play(candidate);
      return violation?.invariant === 99 ? violation.step : null;
    },
  });

  expect(small.acts.map(({ kind }) => kind)).toEqual(['process.kill', 'commit.upgrade', 'process.kill']);
  expect(small).toMatchObject({ weather: {}, latencyMs: 0 });
  const again = JSON.parse(JSON.stringify(small)) as Script;
  expect((await play(again)).violation).toEqual((await play(small)).violation);
  expect((await play(again)).violation?.message).toContain('killed, upgraded, killed');
}, 60_000);

test('it stops when its time is over, with what it has until then', async () => {
  let tries = 0;
  const small = await shrink(script, {
    mayGoOn: () => tries < 5,
    async breaks(candidate) {
      tries++;
      const { violation } = await play(candidate);
      return violation?.invariant === 99 ? violation.step : null;
    },
  });
  expect(tries).toBeLessThanOrEqual(5);
  expect((await play(small)).violation?.invariant).toBe(99);
}, 60_000);
