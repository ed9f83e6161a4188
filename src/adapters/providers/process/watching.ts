import type { Cancel } from '../../../ports/clock.js';
import { breathe, pause } from '../parts/waiting.js';
import type { Host } from './host.js';
import { listOwned } from './observing.js';
import { rotate } from './log-files.js';
import { placesOf } from './records.js';
import type { Notify } from './watchlist.js';

const sliceSize = 200;
/** Logs are looked at once in so many polls. */
const pollsPerRotation = 20;

/**
 * Children tell of their end; what was adopted is polled by pid and start time. Also keeps the logs within
 * their limit, since only the controller that watches may do that.
 */
export async function watchAll(host: Host, owner: string, notify: Notify, cancel: Cancel): Promise<void> {
  if (cancel.cancelled) return;
  const unsubscribe = host.watchlist.subscribe(owner, notify);
  try {
    // Fills the list with what ran before us.
    let cursor: string | null = null;
    do cursor = (await listOwned(host, owner, cursor)).cursor;
    while (cursor !== null);
    for (let polls = 1; !cancel.cancelled; polls++) {
      await pause(host.options.pollMs, cancel, 'idle');
      await pollOnce(host, cancel);
      if (polls % pollsPerRotation === 0) await rotateAll(host, cancel);
    }
  } finally {
    unsubscribe();
  }
}

async function pollOnce(host: Host, cancel: Cancel): Promise<void> {
  for (let from = 0; !cancel.cancelled; from += sliceSize) {
    if (host.watchlist.poll(from, sliceSize) < sliceSize) return;
    await breathe();
  }
}

async function rotateAll(host: Host, cancel: Cancel): Promise<void> {
  const { instancesDir, logLimitBytes } = host.options;
  for (const [i, id] of host.watchlist.ids().entries()) {
    if (cancel.cancelled) return;
    if (i % sliceSize === sliceSize - 1) await breathe();
    const places = placesOf(instancesDir, id);
    rotate(places.out, logLimitBytes);
    rotate(places.err, logLimitBytes);
  }
}
