import { existsSync, rmSync } from 'node:fs';
import type { Heliostat } from './heliostat.js';
import { processesOf } from './leftovers.js';

const politelyMs = 30_000;
const daemonEndsMs = 5_000;

/** Leaves nothing behind: instances, gateway, daemon, then the folder. Never rejects. */
export async function cleanUp(heliostat: Heliostat | null, folder: string): Promise<void> {
  if (heliostat !== null) {
    await within(politelyMs, takeDown(heliostat, folder));
    await within(daemonEndsMs, heliostat.end('SIGTERM'));
  }
  // The last resort, twice: what is killed first may have been starting something.
  for (let round = 0; round < 2; round++) {
    for (const pid of processesOf(folder)) kill(pid);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

async function takeDown(heliostat: Heliostat, folder: string): Promise<void> {
  if (heliostat.pid() === null && processesOf(folder).length === 0) return;
  const down = ['down', '--yes', '--reason', 'the demo is over'];
  const { code } = await heliostat.call(...down);
  if (code === 0) return;
  // A daemon that does not answer must not keep the instances from being stopped in good order.
  await heliostat.end('SIGKILL');
  await heliostat.call(...down);
}

/** Settles when the work has, well or not, or the time is over. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeOver = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work.catch(() => undefined), timeOver]);
  clearTimeout(timer);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** For tests and for the last line: whether the folder is really gone. */
export function isClean(folder: string): boolean {
  return !existsSync(folder) && processesOf(folder).length === 0;
}
