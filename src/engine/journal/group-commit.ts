import { encodeFrame, journalHeader } from '../../core/journal/framing.js';
import { journalFile } from '../../core/journal/recovery.js';
import { DiskError } from '../../ports/disk.js';
import type { JournalFailure, JournalPlace, SyncResult } from './journal.js';
import { diskFailure, inFolder } from './place.js';

/** A write gets no larger than this, unless a single batch is. In bytes. */
const groupLimit = 4 << 20;

/** Batches that are written as one frame and share one sync. */
interface Group {
  readonly segment: number;
  /** The first group of a file writes its header. */
  readonly begins: boolean;
  readonly batches: string[];
  size: number;
  readonly done: Promise<SyncResult>;
  readonly settle: (result: SyncResult) => void;
  readonly fail: (bug: unknown) => void;
}

/**
 * One write and sync at a time; what is appended meanwhile gathers in the next group. So at most one
 * frame of the file is ever unsynced, and only that one can be torn.
 */
export class GroupCommit {
  failure: JournalFailure | null = null;
  private waiting: Group[] = [];
  private last: Promise<SyncResult> = Promise.resolve({ ok: true });
  private running: Promise<void> | null = null;

  constructor(
    private readonly place: JournalPlace,
    private segment: number,
  ) {}

  add(batch: string): Promise<SyncResult> {
    const tail = this.waiting.at(-1);
    const group = tail !== undefined && tail.size + batch.length <= groupLimit ? tail : this.open(false);
    group.batches.push(batch);
    group.size += batch.length + 1;
    return group.done;
  }

  /** All that was added up to now. */
  settled(): Promise<SyncResult> {
    return this.last;
  }

  /** What is added from now on goes to the next file. Settles once that is begun and the former ones are whole. */
  rotate(): { readonly segment: number; readonly begun: Promise<SyncResult> } {
    this.segment++;
    return { segment: this.segment, begun: this.open(true).done };
  }

  private open(begins: boolean): Group {
    let settle: Group['settle'] = () => undefined;
    let fail: Group['fail'] = () => undefined;
    const done = new Promise<SyncResult>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
    const group = { segment: this.segment, begins, batches: [], size: 0, done, settle, fail };
    this.waiting.push(group);
    this.last = done;
    this.running ??= this.run();
    return group;
  }

  private async run(): Promise<void> {
    // Let those who append in the same turn share the first write.
    await Promise.resolve();
    for (let group = this.waiting.shift(); group !== undefined; group = this.waiting.shift()) {
      await this.commit(group);
    }
    this.running = null;
  }

  private async commit(group: Group): Promise<void> {
    if (this.failure === null) {
      try {
        await this.write(group);
      } catch (error) {
        this.failure = error instanceof DiskError ? diskFailure(error) : { kind: 'closed' };
        if (!(error instanceof DiskError)) return group.fail(error);
      }
    }
    group.settle(this.failure === null ? { ok: true } : { ok: false, failure: this.failure });
  }

  private async write(group: Group): Promise<void> {
    const file = inFolder(this.place, journalFile(group.segment));
    if (group.begins) await this.place.disk.append(file, journalHeader());
    if (group.batches.length > 0) await this.place.disk.append(file, encodeFrame(group.batches));
    await this.place.disk.sync(file);
  }
}
