import { dirname, join } from 'node:path';
import type { Oid, Refs } from '../../ports/repository.js';
import { rereadDelays } from './delays.js';

export interface WatcherOptions {
  readonly repository: {
    /** The folder with branches and `packed-refs`, shared by all linked work trees. */
    readonly commonDir: string;
    /** A rejection means "cannot be told now": it is read again at the next hint or poll. */
    readonly refs: Pick<Refs, 'read'>;
  };
  /** Full name of the tracked branch. */
  readonly ref: string;
  /**
   * Called with the new value, only if it is another one; and once at the start, so that nothing can fall between a
   * reading of the caller's own and ours.
   */
  onTip(tip: Oid | null): void;
  /** How often to look even if nothing was noticed, in milliseconds; 5,000 if not given. */
  readonly pollMs?: number;
}

export interface Watcher {
  /** The value that is known now; null if there is no such branch. */
  readonly tip: Oid | null;
  /** Somebody has heard that the branch moved: look now. */
  hint(): void;
  close(): Promise<void>;
}

/**
 * Notices within milliseconds that a branch moved, however Git moves it. What wakes it is only a hint: the value is read
 * and compared, so that neither the status branch nor notes nor other branches ever wake the caller.
 */
export async function createWatcher(options: WatcherOptions): Promise<Watcher> {
  const reader = new TipReader(options);
  const { commonDir } = options.repository;
  const folder = dirname(join(commonDir, ...options.ref.split('/')));
  // Only who watches pays for the watcher.
  const { eventsBelow } = await import('./events.js');
  const stop = await eventsBelow(commonDir, folder, (path) => {
    if (concerns(options, path)) reader.hint();
  });
  const poll = setInterval(() => reader.look(), options.pollMs ?? 5000);
  poll.unref();
  await reader.begin();
  return {
    get tip() {
      return reader.tip;
    },
    hint: () => reader.hint(),
    async close() {
      clearInterval(poll);
      reader.close();
      await stop();
    },
  };
}

/** The branch, a folder that it lies in (removed and made anew by `git pack-refs`), or the file of packed branches. */
function concerns({ repository: { commonDir }, ref }: WatcherOptions, path: string): boolean {
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

  constructor(private readonly options: WatcherOptions) {}

  async begin(): Promise<void> {
    this.tip = await this.read().catch(() => null);
    this.begun = true;
    this.options.onTip(this.tip);
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

  private read(): Promise<Oid | null> {
    return this.options.repository.refs.read(this.options.ref);
  }

  private async readAll(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false;
      const tip = await this.read().catch(() => this.tip);
      if (tip === this.tip || this.closed) continue;
      this.tip = tip;
      this.options.onTip(tip);
    }
  }
}
