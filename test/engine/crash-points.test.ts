import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/core/journal/entry.js';
import { shop } from '../support/fake-ports/model.js';
import { deaths, type Death } from '../support/fake-ports/incarnation.js';
import { World, type Controller } from '../support/fake-ports/world.js';
import { showed } from '../support/promises.js';

const seed = [0, 0.5, 0.999] as const;

/** First a shop, then a newer api in it. Whatever dies is started again. */
async function story(death: Death | null, kept: number, more: { onStart?: (world: World) => void } = {}) {
  const world = new World({ random: () => kept });
  const began = { current: 0, calls: [] as string[] };
  let controller: Controller;
  const start = async (dies: Death | null): Promise<void> => {
    more.onStart?.(world);
    controller = await world.tryStart({ death: dies });
  };
  /** Runs until nothing is left to do; restarts after a death. */
  const calm = async (): Promise<void> => {
    for (let starts = 0; starts < 4; starts++) {
      if (!controller.incarnation.dead) await controller.settled();
      if (!controller.incarnation.dead) return;
      world.crash(controller);
      began.current++;
      await start(null);
    }
    throw new Error('it dies again and again');
  };
  const first = world.git.push(shop());
  await start(death);
  began.calls = controller!.incarnation.calls;
  await calm();
  const second = world.git.push(shop({ api: '1.1.0' }), 'A newer api');
  controller!.look();
  await world.until(
    () => controller!.incarnation.dead || controller!.verdict(second) !== null,
    'the second tip',
  );
  await calm();
  await world.pass(3_000);
  await calm();
  return { world, controller: controller!, first, second, deaths: began.current, calls: began.calls };
}

/** What has to be equal, whatever happened on the way. */
function outcome({ world, controller, first, second }: Awaited<ReturnType<typeof story>>) {
  return {
    exists: world.technology.summary(),
    routed: world.technology.routing(),
    verdicts: [controller.verdict(first), controller.verdict(second)],
    notes: [world.git.noteOf(first), world.git.noteOf(second)],
    holds: [...controller.engine.core.state.domain.holds.keys()],
    elements: Object.keys(world.git.status()).filter((path) => path.includes('/elements/')),
  };
}

/** At most one resource for an identity at a time, and nobody works on an instance twice at once. */
function doubled(world: World): string[] {
  const alive = new Set<string>();
  const wrong: string[] = [...world.technology.overlaps];
  for (const effect of world.technology.effects) {
    const [verb, id = ''] = effect.split(' ');
    if (verb === 'create' && alive.has(id)) wrong.push(effect);
    if (verb === 'create') alive.add(id);
    if (verb === 'destroy' || verb === 'reset') alive.delete(id);
  }
  return wrong;
}

describe('a crash at any call of a port', () => {
  it(
    'ends in the same state as the unbroken run, with nothing made twice',
    { timeout: 240_000 },
    async (context) => {
      const unbroken = await story(null, 0.5);
      const wanted = outcome(unbroken);
      expect(wanted.verdicts).toEqual(['applied', 'applied']);
      const points = unbroken.calls.length;
      let crashes = 0;
      const wrong: unknown[] = [];
      for (const { call, side } of deaths(points)) {
        const name = unbroken.calls[call - 1] ?? '';
        for (const kept of name.startsWith('disk.') ? seed : [0.5]) {
          const where = `${side} call ${call} (${name}), ${kept} kept`;
          try {
            const broken = await story({ call, side }, kept);
            crashes += broken.deaths;
            const found = faults(broken, wanted);
            if (found.length > 0) wrong.push({ where, found });
          } catch (error) {
            wrong.push({ where, error: String(error) });
          }
        }
      }
      expect(wrong.map((w) => JSON.stringify(w)).slice(0, 5)).toEqual([]);
      expect(crashes).toBeGreaterThan(points / 5);
      showed(context, { crashesSurvived: crashes });
    },
  );
});

function faults(broken: Awaited<ReturnType<typeof story>>, wanted: ReturnType<typeof outcome>): unknown[] {
  const got = outcome(broken);
  const found: unknown[] = doubled(broken.world);
  if (JSON.stringify(got) !== JSON.stringify(wanted)) found.push(got);
  if (!isLinear(broken.world)) found.push('the status branch is not linear');
  for (const revision of [broken.first, broken.second])
    if (finals(broken.controller, revision) > 1) found.push(`two verdicts of ${revision}`);
  return found;
}

function isLinear(world: World): boolean {
  return world.git.statusLog().every(({ parents }, i) => parents.length === (i === 0 ? 0 : 1));
}

function finals(controller: Controller, revision: string): number {
  return controller.records.filter(({ entry }) => {
    const given = entry as Entry;
    return given.kind === 'verdict.given' && given.revision === revision && given.arrival === 1;
  }).length;
}
