import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { bundleEntry } from '../../support/bundle.js';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the simulator as `npm run sim` does. */
export async function sim(args: readonly string[], cwd: string): Promise<Ended> {
  return node([await bundleEntry('src/entry/sim/main.ts'), ...args], cwd);
}

export async function node(args: readonly string[], cwd: string): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
