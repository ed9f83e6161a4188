import type { Oid, Refs } from '../../ports/repository.js';
import type { Watcher } from './watcher.js';

export interface PollOptions {
  readonly remote: {
    readonly refs: Pick<Refs, 'read'>;
    /** Asks now; a rejection means "cannot be told now". */
    refresh(): Promise<void>;
    /** Called after each question that was answered, whoever asked it. */
    onLooked(listener: () => void): void;
  };
  /** Full name of the tracked branch. */
  readonly ref: string;
  /** Called with the new value, only if it is another one; and once at the start. */
  onTip(tip: Oid | null): void;
  /** Between two questions, in milliseconds; each is up to a fifth longer or shorter, so that daemons do not ask together. */
  readonly pollMs: number;
}

const spread = 0.2;

/** Asks a remote again and again whether a branch has moved; and at once when somebody has heard that it did. */
export async function createPoll({ remote, ref, onTip, pollMs }: PollOptions): Promise<Watcher> {
  let tip: Oid | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;
  const read = (): Promise<Oid | null> => remote.refs.read(ref).catch(() => tip);
  const compare = async (): Promise<void> => {
    const now = await read();
    if (now === tip || closed) return;
    tip = now;
    onTip(tip);
  };
  const ask = (): void => void remote.refresh().catch(() => undefined);
  const wait = (): void => {
    timer = setTimeout(
      () => {
        ask();
        wait();
      },
      pollMs * (1 - spread + 2 * spread * Math.random()),
    );
    timer.unref();
  };
  remote.onLooked(() => void compare());
  tip = await read();
  onTip(tip);
  wait();
  return {
    get tip() {
      return tip;
    },
    hint: ask,
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      return Promise.resolve();
    },
  };
}
