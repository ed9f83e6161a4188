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

/** What is promised of whatever is hostile, over what the same costs where nothing is. */
export const promised: Cost = { cpuMs: 2_000, peakKb: 100_000_000 / 1024 };

/** A busy machine only ever adds: its caches are cold, its collector comes late. What is over the promise each time is ours. */
const mostAttempts = 3;

/**
 * Holds what each of these costs to the promise, by the kernel's own count of the program alone. Costs beyond it are
 * taken again, from the beginning, and of each the least counts.
 */
export async function expectBounded(
  usual: Cost,
  measure: () => Promise<readonly (readonly [what: string, cost: Cost])[]>,
): Promise<void> {
  const least = new Map<string, Cost>();
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    for (const [what, cost] of await measure()) {
      tellCost(what, cost);
      least.set(what, leastOf(least.get(what) ?? cost, cost));
    }
    if ([...least.values()].every((cost) => isBounded(cost, usual))) break;
  }
  for (const [what, { cpuMs, peakKb }] of least) {
    expect(cpuMs - usual.cpuMs, `${what}: processor time in ms`).toBeLessThan(promised.cpuMs);
    expect(peakKb - usual.peakKb, `${what}: peak memory in kB`).toBeLessThan(promised.peakKb);
  }
}

function isBounded({ cpuMs, peakKb }: Cost, usual: Cost): boolean {
  return cpuMs - usual.cpuMs < promised.cpuMs && peakKb - usual.peakKb < promised.peakKb;
}

export function leastOf(one: Cost, other: Cost): Cost {
  return { cpuMs: Math.min(one.cpuMs, other.cpuMs), peakKb: Math.min(one.peakKb, other.peakKb) };
}

/** With `HOSTILE_COSTS=1`. */
export function tellCost(what: string, { cpuMs, peakKb }: Cost): void {
  if (process.env['HOSTILE_COSTS'] === '1')
    process.stderr.write(`${Math.round(cpuMs)} ms ${Math.round(peakKb / 1024)} MB ${what}\n`);
}
