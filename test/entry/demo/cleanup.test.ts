import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cleanUp } from '../../../src/entry/demo/cleanup.js';
import { heliostat } from '../../../src/entry/demo/heliostat.js';
import { processesOf } from '../../../src/entry/demo/leftovers.js';
import { makeFolder, writeFiles } from '../../support/git.js';

const sleeps = 'setInterval(() => {}, 1000); console.log("up");';

async function start(how: { cwd?: string; args?: string[]; home?: string }): Promise<number> {
  const child = spawn(process.execPath, ['-e', sleeps, ...(how.args ?? [])], {
    cwd: how.cwd ?? '/',
    env: { PATH: process.env['PATH'], ...(how.home ? { HELIOSTAT_HOME: how.home } : {}) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid as number;
}

describe('what a demo left running', () => {
  it('is found by its folder, its arguments or its home, and nobody else is', async () => {
    const folder = makeFolder();
    const mine = [
      await start({ cwd: folder }),
      await start({ args: [join(folder, 'shop/.heliostat')] }),
      await start({ home: join(folder, 'shop/.git') }),
    ];
    const other = makeFolder();
    await start({ cwd: other, args: [`${folder}-other`], home: join(other, '.git') });

    expect(processesOf(folder).sort((a, b) => a - b)).toEqual(mine.sort((a, b) => a - b));
  });

  it('is gone after the clean-up even if Heliostat cannot be asked, and so is the folder', async () => {
    const folder = makeFolder();
    writeFiles(folder, { 'fails.mjs': 'process.exit(1);' });
    await start({ cwd: folder });
    const broken = heliostat({
      program: join(folder, 'fails.mjs'),
      folder,
      log: join(folder, 'heliostat.log'),
      env: process.env,
    });
    await cleanUp(broken, folder);

    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });
});
