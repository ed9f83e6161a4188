import { describe, expect, it } from 'vitest';
import type { ElementKey } from '../../../src/core/base/names.js';
import type { PlannedStep, Preview } from '../../../src/core/plan/types.js';
import { countHealthy, countLive, viewElement } from '../../../src/core/rollout/view.js';
import type { Model } from '../../support/small-world/generate.js';
import { Author } from '../../support/small-world/generate.js';
import { SmallWorld } from '../../support/small-world/world.js';

const seeds = 120;
const commits = 8;

describe('a preview', () => {
  it(`is what then happens, step by step, where nothing fails (${seeds} seeds)`, () => {
    const wrong: string[] = [];
    let compared = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const result = runSeed(seed);
      compared += result.compared;
      wrong.push(...result.wrong);
    }
    expect(wrong).toEqual([]);
    expect(compared, 'rollouts of more than one step').toBeGreaterThan(seeds);
  }, 300_000);
});

/** A model that changes at random; each change is foreseen, then made in a world where everything takes its time. */
function runSeed(seed: number): { readonly wrong: string[]; readonly compared: number } {
  const world = new SmallWorld(seed);
  world.punctual = true;
  const author = new Author(world.random);
  world.interrupts = world.random.chance(0.3);
  const wrong: string[] = [];
  let compared = 0;
  for (let i = 0; i < commits && wrong.length === 0; i++) {
    const saved = author.save();
    author.edit();
    author.edit();
    const model = author.model();
    if (model === null) {
      author.restore(saved);
      continue;
    }
    const { preview, ends } = world.preview(model);
    // What a plan would hold is no rollout.
    if (!ends) {
      author.restore(saved);
      continue;
    }
    const happened = happens(world, model);
    if (happened === null) {
      author.restore(saved);
      continue;
    }
    compared += preview.steps.length > 1 ? 1 : 0;
    const difference = differenceOf(preview, happened);
    if (difference !== null) wrong.push(`seed ${seed}, commit ${i}: ${difference}`);
  }
  return { wrong, compared };
}

type Happened = Pick<Preview, 'steps' | 'minHealthy' | 'peak'>;

function happens(world: SmallWorld, model: Model): Happened | null {
  const from = world.entries;
  const minHealthy: Record<ElementKey, number> = {};
  const peak: Record<ElementKey, number> = {};
  world.watch = (facts) => {
    for (const solution of world.state.tables.solutions.values())
      for (const element of solution.elements.values()) {
        const view = viewElement(element, facts);
        const healthy = countHealthy(view);
        minHealthy[element.key] = Math.min(minHealthy[element.key] ?? healthy, healthy);
        peak[element.key] = Math.max(peak[element.key] ?? 0, countLive(view));
      }
  };
  if (!world.commit(model)) return null;
  world.rest();
  world.watch = () => undefined;
  return { steps: world.taken(from), minHealthy, peak };
}

function differenceOf(foreseen: Preview, happened: Happened): string | null {
  const [a, b] = [inOrder(foreseen.steps), inOrder(happened.steps)];
  const at = a.findIndex((step, i) => step !== b[i]);
  if (at >= 0 || a.length !== b.length) {
    const near = at < 0 ? a.length : at;
    return `foreseen ${a.slice(near, near + 3).join(', ') || 'nothing'}; happened ${b.slice(near, near + 3).join(', ') || 'nothing'}`;
  }
  for (const which of ['minHealthy', 'peak'] as const)
    for (const [key, number] of Object.entries(foreseen[which]))
      if (happened[which][key as ElementKey] !== number)
        return `${which} of ${key}: foreseen ${number}, happened ${happened[which][key as ElementKey]}`;
  return null;
}

/** Steps of one moment have no order among each other. */
function inOrder(steps: readonly PlannedStep[]): string[] {
  return [...steps]
    .sort((a, b) => a.atMs - b.atMs || (name(a) < name(b) ? -1 : 1))
    .map((step) => `${step.atMs} ${name(step)}`);
}

function name({ transition, instance }: PlannedStep): string {
  return `${transition} ${instance}`;
}
