import { expect, test } from 'vitest';
import { gitIn, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { documentAt, noteOf, solutionDocument } from '../support/scenario/memory.js';
import { app, smallModel, web } from '../support/scenario/model.js';

const within = 60_000;
const because = ['--reason', 'the test says so'];

interface MemoryDocument {
  readonly accepted: string;
  readonly holds: readonly { readonly id: string; readonly code: string; readonly command: string }[];
}

test(
  'a branch that was forced is held, what was accepted goes on and is repaired, and the command shown releases it',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 2) });
    await s.run();
    const first = s.tip();
    await verdict(s, first, 'applied');
    const accepted = s.commit(web('1.1.0', 2));
    await verdict(s, accepted, 'applied');
    const before = s.instances();

    // Another history in which the solution has one instance of the old version.
    gitIn(s, 'reset', '-q', '--hard', first);
    const forced = s.commit(web('1.0.0', 1), 'Another history');
    const hold = await holdOf(s, 'branch.forced');
    expect((await s.call('status')).stdout).toContain(hold.command);
    expect((await s.call('apply')).code, 'held').toBe(5);
    process.kill(before[0]?.pid ?? 0, 'SIGKILL');
    await until('the accepted revision is repaired', () => alive(s, '1.1.0') === 2);
    expect(memory(s).accepted).toBe(accepted);

    await release(s, hold.command);
    await verdict(s, forced, 'applied');
    expect([alive(s, '1.0.0'), alive(s, '1.1.0')]).toEqual([1, 0]);
    expect(memory(s).holds).toEqual([]);
  },
  within,
);

test(
  'a branch that was deleted destroys nothing, and coming back as it was ends the hold',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 2) });
    await s.run();
    const first = s.tip();
    await verdict(s, first, 'applied');
    const before = s.instances();

    gitIn(s, 'update-ref', '-d', 'refs/heads/main');
    await holdOf(s, 'branch.deleted');
    process.kill(before[0]?.pid ?? 0, 'SIGKILL');
    await until('what was accepted is repaired', () => alive(s, '1.0.0') === 2);

    gitIn(s, 'update-ref', 'refs/heads/main', first);
    await until('nothing is held any more', () => memory(s).holds.length === 0);
    expect(alive(s, '1.0.0')).toBe(2);
    await verdict(s, s.commit(web('1.1.0', 2)), 'applied');
  },
  within,
);

test(
  'a commit that removes every solution is held, and goes out when somebody approves it',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 2) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const before = s.instances();

    const emptied = s.commit({ 'solutions/shop.yaml': null }, 'Remove everything');
    await verdict(s, emptied, 'held');
    const [hold] = memory(s).holds;
    expect(s.instances()).toEqual(before);

    await release(s, hold?.command ?? '');
    await verdict(s, emptied, 'applied');
    expect(s.instances()).toEqual([]);
  },
  within,
);

test(
  'a paused rollout goes on by resume, and one that failed is tried again by retry',
  async () => {
    const s = await stage({
      ...smallModel({ healthyDeadline: '3s' }),
      ...app('web', '1.2.0', { health: 'bad' }),
      ...web('1.0.0', 1),
    });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const hung = s.commit(web('1.2.0', 1));
    await verdict(s, hung, 'held');
    await until('it is paused', () => solutionDocument(s.repository, 'test', 'shop')?.phase === 'paused');

    const resumed = await s.call('resume', 'shop', ...because);
    expect(resumed.code, resumed.stderr).toBe(0);
    await verdict(s, hung, 'progressing');
    await verdict(s, hung, 'held');
    const retried = await s.call('retry', 'shop', ...because);
    expect(retried.code, retried.stderr).toBe(0);
    await until('it arrived a second time', () => arrivalOf(s, hung) === 2);
    expect(alive(s, '1.0.0'), 'the old version serves all the time').toBe(1);
    await verdict(s, s.commit(web('1.1.0', 1)), 'applied');
    expect(noteOf(s.repository, 'test', hung)).toMatch(/^superseded/);
  },
  within,
);

function memory(s: Stage): MemoryDocument {
  return documentAt<MemoryDocument>(s.repository, 'test/memory.yaml') as MemoryDocument;
}

async function holdOf(s: Stage, code: string): Promise<MemoryDocument['holds'][number]> {
  const find = (): MemoryDocument['holds'][number] | undefined =>
    memory(s).holds.find((hold) => hold.code === code);
  await until(`a hold ${code}`, () => find() !== undefined);
  return find() as MemoryDocument['holds'][number];
}

/** Runs the command that was shown, word for word but for the reason. */
async function release(s: Stage, command: string): Promise<void> {
  const [program, ...words] = command.replace(/ --reason TEXT$/, '').split(' ');
  expect(program).toBe('heliostat');
  const released = await s.call(...words, ...because);
  expect(released.code, released.stderr).toBe(0);
}

function alive(s: Stage, version: string): number {
  return s.instances().filter(({ id }) => id.includes(`/${version}~`)).length;
}

function arrivalOf(s: Stage, revision: string): number | undefined {
  const path = `test/revisions/${revision.slice(0, 2)}/${revision}.yaml`;
  return documentAt<{ arrival: number }>(s.repository, path)?.arrival;
}
