import { expect, it } from 'vitest';
import { OidCache } from '../../src/sim/repository.js';
import type { Life } from '../../src/sim/life.js';
import { World, type Host } from '../../src/sim/world.js';

const host: Host = { drain: () => Promise.resolve(), oids: new OidCache(), documents: new Map() };

function paused(): { readonly world: World; readonly life: Life; readonly happened: string[] } {
  const world = new World({ seed: 1, weather: {}, latencyMs: 0 }, host);
  const life = { number: 1, dead: false, pausedUntil: 0 } as Life;
  world.incarnations.push(life as never);
  const happened: string[] = [];
  for (const [at, what] of [
    [2_000, 'first'],
    [3_000, 'second'],
  ] as const)
    world.schedule(at, 1, () => happened.push(`${what} at ${world.now}`));
  world.schedule(4_000, 0, () => happened.push(`another at ${world.now}`));
  world.pause(life, 10_000);
  return { world, life, happened };
}

it('holds back what falls due for a process that stands still, and brings it in its order when it goes on', async () => {
  const { world, happened } = paused();
  while (await world.step());
  expect(happened).toEqual(['another at 4000', 'first at 10000', 'second at 10000']);
});

it('lets a process go on sooner than it was to: nothing of it waits for the hour that was meant first', async () => {
  const { world, life, happened } = paused();
  for (let i = 0; i < 3; i++) await world.step();
  world.resume(life);
  while (happened.length < 3) await world.step();
  expect(happened).toEqual(['another at 4000', 'first at 4000', 'second at 4000']);
});

it('lets a later pause take the place of the one before', async () => {
  const { world, life, happened } = paused();
  world.pause(life, 20_000);
  while (await world.step());
  expect(happened.at(-1)).toBe('second at 20000');
});

it('does not do what was called off meanwhile', async () => {
  const { world, happened } = paused();
  world.schedule(2_500, 1, () => happened.push('never')).cancelled = true;
  const due = world.schedule(2_600, 1, () => happened.push('never'));
  world.schedule(5_000, 0, () => (due.cancelled = true));
  while (await world.step());
  expect(happened).toHaveLength(3);
});
