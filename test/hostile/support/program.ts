import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { gitEnvironment } from '../../support/git.js';

export interface Cost {
  /** Of the program itself, user and system. */
  readonly cpuMs: number;
  readonly peakKb: number;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cost: Cost;
}

export interface RunOptions {
  readonly program: string;
  /** Of the test: HOME and temporary files of the program. */
  readonly folder: string;
  readonly cwd: string;
  readonly environment?: NodeJS.ProcessEnv;
}

const measure = new URL('./measure.mjs', import.meta.url).href;
/** What answers neither well nor badly by then hangs; on a busy machine processor time is what counts, not this. */
const hangsMs = 40_000;

/** Runs a command of the real program to its end and takes what it cost. @throws if it hangs. */
export async function runMeasured(args: readonly string[], options: RunOptions): Promise<Ran> {
  const costFile = join(options.folder, 'cost.json');
  const child = spawn(process.execPath, [options.program, ...args], {
    cwd: options.cwd,
    env: {
      ...gitEnvironment(),
      HOME: options.folder,
      TMPDIR: options.folder,
      NO_COLOR: '1',
      NODE_OPTIONS: `--import=${measure}`,
      HOSTILE_COST: costFile,
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: hangsMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === null) throw new Error(`heliostat ${args.join(' ')} hangs or was killed:\n${stderr}`);
  return { code, stdout, stderr, cost: JSON.parse(readFileSync(costFile, 'utf8')) as Cost };
}

export const hostileFolder = fileURLToPath(new URL('../', import.meta.url));

/** Promised are 2 s and 100 MB; the rest is for a machine that is busy, whose collector comes late. */
const mostCpuMs = 2 * 2_000;
const mostMoreKb = 1.5 * 100 * 1024;

/** Processor time and peak memory of the program itself: what a loaded machine makes longer is not counted. */
export function expectBounded(cost: Cost, usual: Cost, what: string): void {
  if (process.env['HOSTILE_COSTS'] === '1')
    process.stderr.write(`${Math.round(cost.cpuMs)} ms ${Math.round(cost.peakKb / 1024)} MB ${what}\n`);
  expect(cost.cpuMs, `${what}: processor time in ms`).toBeLessThan(usual.cpuMs + mostCpuMs);
  expect(cost.peakKb, `${what}: peak memory in kB`).toBeLessThan(usual.peakKb + mostMoreKb);
}
