import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testInWholeRun } from '../../support/needs.js';
import { processesOf } from '../../../src/entry/demo/leftovers.js';
import { bundlePrograms } from '../../support/bundle.js';
import { makeLastingFolder, removeFolder } from '../../support/git.js';

const sample = fileURLToPath(new URL('../../../sample-repo', import.meta.url));

describe('the demo, as it is shipped', () => {
  // `.ci/run` shows the demo itself as well.
  testInWholeRun(
    'tells its whole story without a terminal, is quick enough by its own clock, and leaves nothing',
    async () => {
      const demo = await start();
      const code = await demo.ended;
      const text = demo.said();

      expect(code, text).toBe(0);
      expect(text.match(/^☀ [0-9]\/8 /gm)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `☀ ${n}/8 `));
      expect(text).toMatch(/3 rollouts · 1 refusal · 2 × kill -9 · requests [0-9,]+ · failed 0\n/);
      expect(text).toContain('Nothing is left running.');
      expect(demo.left()).toEqual({ processes: [], files: [] });
      // It is for people: neither where it was run, nor what only machines read.
      expect(text).not.toContain(demo.folder);
      expect(text).not.toMatch(/[0-9a-f]{12}/);
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u001b\r]/);
    },
    120_000,
  );

  it('takes everything down when it is interrupted in the middle of a rollout, and says so by its code', async () => {
    const demo = await start();
    await demo.until('in seconds from the commit');
    expect(processesOf(demo.folder).length).toBeGreaterThan(1);
    demo.interrupt();

    expect(await demo.ended, demo.said()).toBe(130);
    expect(demo.left()).toEqual({ processes: [], files: [] });
  }, 90_000);
});

interface Demo {
  /** Everything of it lies here. */
  readonly folder: string;
  readonly ended: Promise<number | null>;
  said(): string;
  /** Settles when it has said `text`, or has ended. */
  until(text: string): Promise<void>;
  /** As a terminal does it: to the whole group. */
  interrupt(): void;
  left(): { processes: number[]; files: string[] };
}

async function start(): Promise<Demo> {
  const programs = await bundlePrograms();
  const folder = makeLastingFolder('hd-');
  cpSync(programs, join(folder, 'dist'), { recursive: true });
  cpSync(sample, join(folder, 'sample-repo'), { recursive: true });
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const child = spawn(process.execPath, [join(folder, 'dist/demo.js')], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(() => tidy(child, folder));
  return {
    folder,
    ended,
    said: () => text,
    until: async (wanted) => {
      while (!text.includes(wanted) && !hasEnded(child))
        await Promise.race([once(child.stdout, 'data'), ended]);
    },
    interrupt: () => process.kill(-(child.pid as number), 'SIGINT'),
    left: () => ({
      processes: processesOf(folder),
      // Sockets have a folder of their own for all that this user runs.
      files: readdirSync(temporary).filter((name) => name.startsWith('heliostat-demo-')),
    }),
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function tidy(child: ChildProcess, folder: string): void {
  if (!hasEnded(child)) child.kill('SIGKILL');
  for (const pid of processesOf(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  removeFolder(folder);
}
