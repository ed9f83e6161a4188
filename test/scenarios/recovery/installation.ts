import { join } from 'node:path';
import { expect } from 'vitest';
import type { Finished, Stage } from '../../support/heliostat.js';
import { stage, until, verdict, type Daemon } from '../../support/heliostat.js';
import { blocksOf, runBlock } from '../../support/scenario/page.js';
import { doubled } from '../../support/scenario/census.js';
import { smallModel, web } from '../../support/scenario/model.js';

export const within = 120_000;

export const page = 'docs/recovery.md';

/** Two instances of `web` 1.0.0, running and said to run. */
export interface Installation {
  readonly s: Stage;
  readonly daemon: Daemon;
  /** Process ids by identity, as they were when all was well. */
  readonly before: ReadonlyMap<string, number>;
  /** Runs a block of the page. */
  page(name: string, names?: Readonly<Record<string, string>>): Promise<Finished>;
  state(...path: string[]): string;
}

export async function installation(
  options: { readonly args?: readonly string[]; readonly files?: Readonly<Record<string, string>> } = {},
): Promise<Installation> {
  const s = await stage({ ...smallModel(), ...web('1.0.0', 2), ...(options.files ?? {}) });
  const daemon = await s.run(...(options.args ?? []));
  await verdict(s, s.tip(), 'applied');
  return installed(s, daemon);
}

/** What runs on a stage now. */
export function installed(s: Stage, daemon: Daemon): Installation {
  const before = new Map(s.instances().map(({ id, pid }) => [id, pid]));
  expect(before.size).toBe(2);
  return {
    s,
    daemon,
    before,
    page: (name, names = {}) => runBlock(s, block(name), names),
    state: (...path) => join(s.repository, '.heliostat/state', ...path),
  };
}

function block(name: string): string {
  const found = blocksOf(page).filter((each) => each.name === name);
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks that are called ${name}`);
  return found[0]?.commands ?? '';
}

/** The same instances as before, each adopted and none doubled or lost. */
export function expectAdopted({ s, before }: Installation): void {
  const now = s.instances();
  expect(doubled(now)).toEqual([]);
  expect(new Map(now.map(({ id, pid }) => [id, pid]))).toEqual(before);
}

/** The way back led to where work goes on: the next commit is carried out. */
export async function expectWorks(i: Installation): Promise<void> {
  const revision = i.s.commit(web('1.1.0', 2), 'Upgrade');
  await verdict(i.s, revision, 'applied');
  const ids = i.s.instances().map(({ id }) => id.replace(/~[0-9a-f]+/, ''));
  expect(ids).toEqual(['test/shop/web/1.1.0/0', 'test/shop/web/1.1.0/1']);
}

export interface StatusAnswer {
  readonly healthy: boolean;
  readonly revision: string | null;
  readonly conditions: readonly {
    readonly type: string;
    readonly reason: string;
    readonly message: string;
    readonly since: string | null;
    readonly command: string | null;
  }[];
}

export async function statusOf(s: Stage): Promise<StatusAnswer> {
  const { stdout, stderr } = await s.call('status', '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as StatusAnswer;
}

/** Waits for a condition in `heliostat status`, and holds it to what every condition must say. */
export async function condition(s: Stage, reason: string): Promise<StatusAnswer['conditions'][number]> {
  let found: StatusAnswer['conditions'][number] | undefined;
  await until(`status says ${reason}`, async () => {
    found = (await statusOf(s)).conditions.find((each) => each.reason === reason);
    return found !== undefined;
  });
  if (found === undefined) throw new Error(reason);
  expect(found.message).not.toBe('');
  expect(found.command, 'the way out').toMatch(/^heliostat /);
  return found;
}
