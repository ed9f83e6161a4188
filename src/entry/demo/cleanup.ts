import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
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
    await gone(folder);
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

/** A killed process takes a moment to end. */
async function gone(folder: string): Promise<void> {
  for (let look = 0; look < 50 && processesOf(folder).length > 0; look++) await sleep(20);
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
