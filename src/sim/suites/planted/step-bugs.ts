import { bendPorts, type Bug } from './bug.js';
import { inSteps } from './scripts.js';

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
];
