import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeHolder, lockStateFolder, type Holder } from '../../../src/adapters/lock/state-folder.js';

/** Takes the lock when told to, and tells; dies when it is killed or its parent is gone. */
const taker = `
import { lockStateFolder } from './lock.mjs';
process.on('message', async (folder) => {
  const result = await lockStateFolder(folder, 'test taker');
  process.send(result.ok ? { ok: true } : { ok: false, pid: result.heldBy.pid });
});
process.on('disconnect', () => process.exit());
process.send('ready');
`;

let work: string;
let folder: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'heliostat-lock-')));
  const source = new URL('../../../src/adapters/lock/state-folder.ts', import.meta.url).pathname;
  await build({
    entryPoints: [source],
    outfile: join(work, 'lock.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  writeFileSync(join(work, 'taker.mjs'), taker);
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
});

beforeEach(() => {
  folder = mkdtempSync(join(work, 'state-'));
});

async function startTaker(): Promise<ChildProcess> {
  const child = fork(join(work, 'taker.mjs'), { execArgv: [] });
  children.add(child);
  child.on('exit', () => children.delete(child));
  await once(child, 'message');
  return child;
}

async function takenBy(child: ChildProcess): Promise<{ ok: boolean; pid?: number }> {
  const answer = once(child, 'message');
  child.send(folder);
  return ((await answer) as [{ ok: boolean; pid?: number }])[0];
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function leave(holder: Partial<Holder>): void {
  const whole = {
    pid: process.pid,
    startTime: '1',
    boot: null,
    host: hostname(),
    since: 0,
    what: 'old',
    ...holder,
  };
  writeFileSync(join(folder, 'lock.1'), JSON.stringify(whole));
}

describe('the lock of a state folder', () => {
  it('sends the second one away and names the first', async () => {
    const first = await startTaker();
    expect(await takenBy(first)).toEqual({ ok: true });
    const second = await lockStateFolder(folder, 'heliostat daemon');
    if (second.ok) throw new Error('taken twice');
    expect(second.heldBy).toMatchObject({ pid: first.pid, what: 'test taker', host: hostname() });
    expect(describeHolder(second.heldBy)).toMatch(/^test taker \(pid \d+ on .+, since \d{4}-.+Z\)$/);
    await kill(first);
  });

  it('of many who come at once lets exactly one in, time after time, though the last holder was killed', async () => {
    const takers = await Promise.all(Array.from({ length: 4 }, startTaker));
    while (takers.length > 0) {
      const answers = await Promise.all(takers.map(takenBy));
      const winners = takers.filter((_, index) => answers[index]?.ok);
      expect(winners).toHaveLength(1);
      const [winner] = winners as [ChildProcess];
      for (const answer of answers) if (!answer.ok) expect(answer.pid).toBe(winner.pid);
      await kill(winner);
      takers.splice(takers.indexOf(winner), 1);
    }
  });

  it('is free again after its release, and stays bounded in files', async () => {
    for (let i = 0; i < 30; i++) {
      const lock = await lockStateFolder(folder, 'test');
      if (!lock.ok) throw new Error('not free');
      expect((await lockStateFolder(folder, 'test')).ok).toBe(false);
      await lock.release();
      await lock.release();
    }
    expect(readdirSync(folder).length).toBeLessThan(12);
  });

  it('tells a process from a later one with the same number', async () => {
    const boot = await currentBoot();
    leave({ startTime: '1', boot });
    expect((await lockStateFolder(folder, 'test')).ok).toBe(process.platform === 'linux');
  });

  it('knows that a holder from before the machine started is dead', async () => {
    leave({ boot: 'another' });
    expect((await lockStateFolder(folder, 'test')).ok).toBe(true);
  });

  it('cannot look into another host, so its holder counts as alive', async () => {
    leave({ host: 'elsewhere.example', pid: 1 });
    expect(await lockStateFolder(folder, 'test')).toMatchObject({
      ok: false,
      heldBy: { host: 'elsewhere.example' },
    });
  });
});

async function currentBoot(): Promise<string | null> {
  const probe = mkdtempSync(join(work, 'probe-'));
  await lockStateFolder(probe, 'probe');
  const held = await lockStateFolder(probe, 'probe');
  return held.ok ? null : held.heldBy.boot;
}
