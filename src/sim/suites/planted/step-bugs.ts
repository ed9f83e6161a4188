import type { SolutionName } from '../../../core/base/names.js';
import type { SolutionEntry } from '../../../core/rollout/entries.js';
import { bendPorts, type Bug } from './bug.js';
import { failing, inSteps } from './scripts.js';

/** Mistakes with rollouts that go in steps. */
export const stepBugs: readonly Bug[] = [
  {
    name: 'promote a canary whose gate failed',
    what: 'whatever a gate was told counts as good, and the next step begins',
    breaks: [12],
    script: inSteps,
    plant: (stage) =>
      bendPorts(stage, ({ gauge }) => ({
        gauge: {
          async measure(gate, target, cancel) {
            const answer = await gauge.measure(gate, target, cancel);
            return { ...answer, outcome: 'passed' };
          },
        },
      })),
  },
  {
    name: 'revert automatically, and forget the quarantine',
    what: 'as soon as it goes back, what failed counts as never tried, though Git still asks for it',
    breaks: [11],
    script: failing,
    plant: (stage) =>
      void stage.world.watchers.push({
        recorded({ engine }, { stream, entry }) {
          if ((entry as SolutionEntry).kind !== 'rollout.reverting' || engine === null) return;
          const { solutions } = engine.core.state.tables;
          const name = stream.slice('solution/'.length) as SolutionName;
          const solution = solutions.get(name);
          if (solution !== undefined) solutions.set(name, { ...solution, quarantine: null });
        },
      }),
  },
];
