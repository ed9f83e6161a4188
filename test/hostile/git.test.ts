import { beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../support/bundle.js';
import { makeFolder } from '../support/git.js';
import { showed } from '../support/promises.js';
import { casesOf, type HostileCase } from './support/cases.js';
import { hold, makeHostile, makeSound } from './support/git-case.js';
import { expectBounded, type Cost } from './support/program.js';

const cases = casesOf('git', '.sh');
let program = '';
let usual: Cost = { cpuMs: 0, peakKb: 0 };

beforeAll(async () => {
  program = `${await bundlePrograms()}/heliostat.js`;
  usual = await makeSound(program);
}, 60_000);

async function survive(made: HostileCase, path: string | null): Promise<void> {
  const hostile = makeHostile(makeFolder('hostile-'), made);
  for (const expectation of made.expected) {
    const cost = await hold(hostile, expectation, { program, path });
    expectBounded(cost, usual, `${made.name}: ${expectation.command.join(' ')}`);
  }
}

describe('hostile repositories: each is refused or survived, executes nothing, and costs little', () => {
  for (const made of cases) {
    it(made.name, { timeout: 60_000 }, async (context) => {
      await survive(made, null);
      showed(context, { hostileInputs: 1 });
    });
  }
});

describe('hostile repositories where git is not installed', () => {
  for (const made of cases.filter(({ alsoWithoutGit }) => alsoWithoutGit)) {
    it(made.name, { timeout: 60_000 }, async (context) => {
      await survive(made, '/nowhere');
      showed(context, { hostileInputs: 1 });
    });
  }
});

it('every case says what is expected of it, and none is there twice', () => {
  expect(cases.length).toBeGreaterThan(60);
  expect(cases.every(({ expected }) => expected.length > 0)).toBe(true);
});
