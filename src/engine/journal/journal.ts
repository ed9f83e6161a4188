import type { JournalProblem } from '../../core/journal/recovery.js';
import type { BatchMeta, JournalRecord } from '../../core/journal/record.js';
import type { SafeText } from '../../core/base/safe-text.js';
import type { Disk, DiskError } from '../../ports/disk.js';

export type JournalFailure =
  /** A controller with a higher epoch has written since: this one must stop acting. */
  | { readonly kind: 'staleEpoch'; readonly current: number }
  /** Somebody else has appended to the stream since it was read. */
  | { readonly kind: 'staleSequence'; readonly stream: string; readonly current: number }
  /** The disk failed, now or earlier: whether the batch is kept is known only after `recover`. */
  | { readonly kind: 'disk'; readonly reason: DiskError['reason']; readonly message: SafeText }
  | { readonly kind: 'closed' };

export type SyncResult = { readonly ok: true } | { readonly ok: false; readonly failure: JournalFailure };

export type AppendResult =
  | {
      readonly ok: true;
      readonly records: readonly JournalRecord[];
      /** Settles when the batch, and all before it, survive a crash. Never rejects for the disk's sake. */
      readonly synced: Promise<SyncResult>;
    }
  /** Nothing was appended. */
  | { readonly ok: false; readonly failure: JournalFailure };

export interface BatchEntry {
  readonly stream: string;
  /** Plain data; written as it is now, whatever becomes of the object. */
  readonly entry: unknown;
}

export interface AppendMeta extends BatchMeta {
  /** What the writer has read: the sequence of the last record of each stream that it relies on. */
  readonly expected?: ReadonlyMap<string, number>;
}

/** All streams of one controller in one file, in the order in which they were appended. */
export interface Journal {
  /**
   * Appends several entries, of any streams, that are kept all or not at all. The records are handed
   * back at once, so that the state can follow; an effect waits for `synced`. An empty batch writes
   * nothing and waits for what was appended before it.
   */
  append(batch: readonly BatchEntry[], meta: AppendMeta): AppendResult;
  /** Sequence of the last record of a stream, 0 for none. */
  sequence(stream: string): number;
  /** The same of every stream, sorted by stream. */
  sequences(): readonly (readonly [stream: string, sequence: number])[];
  /** The highest epoch that was written. */
  readonly epoch: number;
  /**
   * Replaces all that was appended up to this call by a snapshot. `encode` is called once and at once;
   * the slices that it gives are taken one by one, between appends, so it must hold on to the state
   * as it was. The former files stay until the snapshot was read back from the disk. A failure leaves
   * the journal as it was. While one is being written, another call waits for the same.
   */
  snapshot(encode: () => Uint8Array | Iterable<Uint8Array>): Promise<SyncResult>;
  /** Roughly, in bytes. */
  readonly sizeSinceSnapshot: number;
  /** Why nothing can be appended any more, or null. */
  readonly failure: JournalFailure | null;
  /**
   * Closes this journal and opens it anew from what the disk really holds: the only way on after a
   * failure of the disk. May be called again when that fails too.
   */
  recover(): Promise<Opened>;
  /** Waits until all that was appended is synced. */
  close(): Promise<void>;
}

export interface JournalPlace {
  readonly disk: Disk;
  /** Folder of the disk; nothing else may lie in it under the names `journal.<n>` and `snapshot.<n>`. */
  readonly folder: string;
}

export type OpenFailure =
  | JournalProblem
  | { readonly kind: 'disk'; readonly reason: DiskError['reason']; readonly message: SafeText };

export type Opened =
  | {
      readonly ok: true;
      readonly journal: Journal;
      /** Slices as they were given to `snapshot`; null if there was none. */
      readonly snapshot: readonly Uint8Array[] | null;
      /** All records after the snapshot, in order. */
      readonly records: readonly JournalRecord[];
      /** Bytes that a crash had left of a write of which nobody was told. */
      readonly dropped: number;
    }
  | { readonly ok: false; readonly failure: OpenFailure };
