import { afterAll, beforeAll, describe, it } from 'vitest';
import { bundlePrograms } from '../support/bundle.js';
import { makeFolder, removeFolder } from '../support/git.js';
import { showed } from '../support/promises.js';
import { casesOf } from './support/cases.js';
import { hold, makeHostile, makeSound, usualCost } from './support/git-case.js';
import { expectBounded, type Cost } from './support/program.js';

const cases = casesOf('machine', '.sh');
const sound = makeSound();
let program = '';
let usual: Cost = { cpuMs: 0, peakKb: 0 };

beforeAll(async () => {
  program = `${await bundlePrograms()}/heliostat.js`;
  usual = await usualCost(program, sound);
}, 60_000);
afterAll(() => removeFolder(sound));

describe('a hostile machine: state, configuration and environment are refused or survived, and never obeyed', () => {
  for (const hostile of cases) {
    it(hostile.name, { timeout: 60_000 }, async (context) => {
      await expectBounded(usual, async () => {
        const made = makeHostile(makeFolder('hostile-'), hostile, sound, program);
        const costs: [what: string, cost: Cost][] = [];
        for (const [i, expectation] of hostile.expected.entries())
          costs.push([
            `${hostile.name}, ${i + 1}: ${expectation.command.join(' ')}`,
            await hold(made, expectation, program),
          ]);
        return costs;
      });
      showed(context, { hostileInputs: 1 });
    });
  }
});
