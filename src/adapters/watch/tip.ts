import { dirname, join } from 'node:path';
import type { Oid } from '../../ports/repository.js';
import { rereadDelays } from './delays.js';

export interface TipWatch {
  /** The folder with branches and `packed-refs`, shared by all linked work trees. */
  readonly commonDir: string;
  /** Full name of the tracked branch. */
  readonly ref: string;
  /** What the branch is now; a rejection means "cannot be told now" and is tried again. */
  read(): Promise<Oid | null>;
  /** Called with the new value, once for each value that was seen, never twice at the same time. */
  onTip(tip: Oid | null): void;
  /** How often to look even if nothing was noticed, in milliseconds; 5,000 if not given. */
  readonly pollMs?: number;
}

export interface Watching {
  /** The value that is known now; null if there is no such branch. */
  readonly tip: Oid | null;
  close(): Promise<void>;
}

/**
 * Notices within milliseconds that a branch moved, however Git moves it. What wakes it is only a hint: the value is read
 * and compared, so that neither the status branch nor notes nor other branches ever wake the caller.
 */
export async function watchTip(options: TipWatch): Promise<Watching> {
  const reader = new TipReader(options);
  const folder = dirname(join(options.commonDir, ...options.ref.split('/')));
  // Only who watches pays for the watcher.
  const { eventsBelow } = await import('./events.js');
  const stop = await eventsBelow(options.commonDir, folder, (path) => {
    if (concerns(options, path)) reader.hint();
  });
  const poll = setInterval(() => reader.look(), options.pollMs ?? 5000);
  poll.unref();
  await reader.begin();
  return {
    get tip() {
      return reader.tip;
    },
    async close() {
      clearInterval(poll);
      reader.close();
      await stop();
    },
  };
}

/** The branch, a folder that it lies in (removed and made anew by `git pack-refs`), or the file of packed branches. */
function concerns({ commonDir, ref }: TipWatch, path: string): boolean {
  const branch = join(commonDir, ...ref.split('/'));
  return path === branch || path === join(commonDir, 'packed-refs') || branch.startsWith(`${path}/`);
}

class TipReader {
  tip: Oid | null = null;
  private begun = false;
  private closed = false;
  private reading: Promise<void> | null = null;
  private again = false;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: Pick<TipWatch, 'read' | 'onTip'>) {}

  async begin(): Promise<void> {
    this.tip = await this.options.read().catch(() => null);
    this.begun = true;
    // What moved between the start of the watcher and the first reading.
    this.hint();
  }

  /** Looks now, and a few times more: of two updates in a row a watcher may tell only the first. */
  hint(): void {
    this.look();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const delay of rereadDelays) {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.look();
      }, delay);
      timer.unref();
      this.timers.add(timer);
    }
  }

  /** Never reads twice at the same time; what is asked for while it reads is read once, after it. */
  look(): void {
    if (!this.begun || this.closed) return;
    this.again = true;
    this.reading ??= this.readAll().finally(() => {
      this.reading = null;
    });
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private async readAll(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false;
      const tip = await this.options.read().catch(() => this.tip);
      if (tip === this.tip || this.closed) continue;
      this.tip = tip;
      this.options.onTip(tip);
    }
  }
}
