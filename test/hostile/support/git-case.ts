import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { commitFiles, gitEnvironment, initRepository, makeLastingFolder } from '../../support/git.js';
import type { Expectation, HostileCase } from './cases.js';
import { soundModel } from './model.js';
import { hostileFolder, leastOf, runMeasured, type Cost, type Ran } from './program.js';

/** Stands in a file beside the repository, and must never be seen anywhere. */
export const planted = 'planted-7c1e55a0b2';

export interface Made {
  readonly folder: string;
  readonly repository: string;
  /** Is there if something of the repository was executed. */
  readonly mark: string;
}

/** A repository with a sound model, made hostile by the script of a case. */
export function makeHostile(folder: string, { file }: HostileCase, sound: string, program = ''): Made {
  const repository = join(folder, 'repo');
  const outside = join(folder, 'outside');
  const mark = join(folder, 'executed');
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, 'secret'), `name: ${planted}\n`);
  cpSync(sound, repository, { recursive: true });
  const script = `. "$LIB"\n. "$CASE"`;
  execFileSync('bash', ['-c', script], {
    cwd: repository,
    env: {
      ...gitEnvironment(),
      LIB: join(dirname(file), '_lib.sh'),
      HELIOSTAT: program,
      HOME: folder,
      TMPDIR: folder,
      CASE: file,
      HOSTILE: hostileFolder,
      OUTSIDE: outside,
      MARK: mark,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 26,
  });
  return { folder, repository, mark };
}

interface Answer {
  readonly error?: { readonly code: string; readonly message: string; readonly fix: string };
  readonly valid?: boolean;
  readonly diagnostics?: readonly {
    readonly code: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
    readonly fix: string;
  }[];
}

/** Holds one command of the real program to what is expected of it; answers what it cost. */
export async function hold(made: Made, expectation: Expectation, program: string): Promise<Cost> {
  const words = expectation.command;
  const settings = words.slice(
    0,
    words.findIndex((word) => !/^[A-Z_0-9]+=/.test(word)),
  );
  const [verb = '', ...rest] = words.slice(settings.length);
  const ran = await runMeasured([verb, '--json', ...rest], {
    program,
    folder: made.folder,
    cwd: made.repository,
    environment: Object.fromEntries(settings.map((word) => word.split(/=(.*)/s, 2))) as NodeJS.ProcessEnv,
  });
  const all = ran.stdout + ran.stderr;
  expectOutcome(expectation, ran);
  for (const text of expectation.says) expect(all).toContain(text);
  expect(all, 'no secret is echoed').not.toContain(planted);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(all, 'no control character reaches a terminal').not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]|^::/m);
  expect(existsSync(made.mark), 'nothing of the repository is executed').toBe(false);
  return ran.cost;
}

function expectOutcome({ outcome, diagnostic }: Expectation, ran: Ran): void {
  const about = `${ran.stdout}${ran.stderr}`.slice(0, 2_000);
  const answer = JSON.parse(ran.stdout) as Answer;
  const code = diagnostic?.split(' ')[0];
  switch (outcome) {
    case 'failed':
      expect(answer.error, about).toBeDefined();
      expect(answer.error?.code, about).not.toBe('internal.bug');
      expect(answer.error?.fix, about).toMatch(/\S/);
      if (code !== undefined) expect(answer.error?.code, about).toBe(code);
      return;
    case 'rejected':
      expect(answer.valid, about).toBe(false);
      for (const { fix } of answer.diagnostics ?? []) expect(fix).toMatch(/\S/);
      if (diagnostic !== null) expect(placesOf(answer), about).toContain(diagnostic);
      return;
    case 'valid':
      expect(answer.valid, about).toBe(true);
      return;
    case 'done':
      expect(answer.error, about).toBeUndefined();
      // 2: a plan with changes.
      expect([0, 2], about).toContain(ran.code);
  }
}

/** Each diagnostic as `CODE`, `CODE FILE` and `CODE FILE:LINE:COLUMN`. */
function placesOf({ diagnostics = [] }: Answer): string[] {
  return diagnostics.flatMap(({ code, file, line, column }) => [
    code,
    `${code} ${file}`,
    `${code} ${file}:${line}:${column}`,
  ]);
}

/** A repository with a sound model, to be copied. The caller removes its folder. */
export function makeSound(): string {
  const folder = makeLastingFolder('hostile-');
  initRepository(folder);
  commitFiles(folder, soundModel, 'A sound model');
  return folder;
}

/** What `validate` costs where nothing is hostile, at the least. */
export async function usualCost(program: string, sound: string): Promise<Cost> {
  const costs: Cost[] = [];
  for (let i = 0; i < 3; i++) {
    const ran = await runMeasured(['validate', 'HEAD', '--json'], { program, folder: sound, cwd: sound });
    expect(ran.code, ran.stdout).toBe(0);
    costs.push(ran.cost);
  }
  return costs.reduce(leastOf);
}
