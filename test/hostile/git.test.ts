import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../support/bundle.js';
import { makeFolder, removeFolder } from '../support/git.js';
import { showed } from '../support/promises.js';
import { casesOf } from './support/cases.js';
import { hold, makeHostile, makeSound, usualCost } from './support/git-case.js';
import { holdWithoutGit } from './support/plain.js';
import { expectBounded, type Cost } from './support/program.js';

const cases = casesOf('git', '.sh');
const sound = makeSound();
let program = '';
let usual: Cost = { cpuMs: 0, peakKb: 0 };

beforeAll(async () => {
  program = `${await bundlePrograms()}/heliostat.js`;
  usual = await usualCost(program, sound);
}, 60_000);
afterAll(() => removeFolder(sound));

describe('hostile repositories: each is refused or survived, executes nothing, and costs little', () => {
  for (const hostile of cases) {
    it(hostile.name, { timeout: 60_000 }, async (context) => {
      await expectBounded(usual, async () => {
        const made = makeHostile(makeFolder('hostile-'), hostile, sound);
        const costs: [what: string, cost: Cost][] = [];
        for (const [i, expectation] of hostile.expected.entries()) {
          const cost = await hold(made, expectation, program);
          costs.push([`${hostile.name}, ${i + 1}: ${expectation.command.join(' ')}`, cost]);
          if (hostile.alsoWithoutGit) await holdWithoutGit(made, expectation);
        }
        return costs;
      });
      showed(context, { hostileInputs: 1 });
    });
  }

  it('every case says what is expected of it', () => {
    expect(cases.length).toBeGreaterThan(60);
    expect(cases.every(({ expected }) => expected.length > 0)).toBe(true);
  });
});
