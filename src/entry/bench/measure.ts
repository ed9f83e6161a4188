import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Milliseconds that something takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const sampleMs = 10;

/** Highest sum of resident memory of a process and all below it, looked at every 10 ms. Pages that are shared count in each. */
export class TreeMemory {
  private peakKb = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.timer = setInterval(() => {
      this.peakKb = Math.max(this.peakKb, residentKb(pid));
    }, sampleMs);
  }

  /** In megabytes of 10⁶ bytes. */
  end(): number {
    clearInterval(this.timer);
    return (this.peakKb * 1024) / 1e6;
  }
}

function residentKb(pid: number): number {
  const status = readOrEmpty(`/proc/${pid}/status`);
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  const children = readOrEmpty(`/proc/${pid}/task/${pid}/children`).trim();
  return children === ''
    ? own
    : children.split(' ').reduce((sum, child) => sum + residentKb(Number(child)), own);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export interface Ran {
  readonly ms: number;
  readonly memoryMb: number;
  readonly code: number;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end, nothing of its output kept but the errors. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const start = performance.now();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const memory = new TreeMemory(child.pid ?? 0);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  try {
    const code = await ended(child);
    return { ms: performance.now() - start, memoryMb: memory.end(), code, stderr };
  } finally {
    memory.end();
  }
}

export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
}

/** Runs several times; medians of time and memory. @throws where a run does not end with one of the expected codes. */
export async function runs(
  times: number,
  expected: readonly number[],
  once: () => Promise<Ran>,
): Promise<{ readonly ms: number; readonly memoryMb: number }> {
  const all: Ran[] = [];
  for (let i = 0; i < times; i++) {
    const ran = await once();
    if (!expected.includes(ran.code)) throw new Error(`ended with ${ran.code}: ${ran.stderr.slice(-500)}`);
    all.push(ran);
  }
  return { ms: median(all.map(({ ms }) => ms)), memoryMb: median(all.map(({ memoryMb }) => memoryMb)) };
}
