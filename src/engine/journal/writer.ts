import { encodeBatch, recordSchema, type JournalRecord } from '../../core/journal/record.js';
import type { JournalPosition } from '../../core/journal/recovery.js';
import { writeSnapshot } from './compaction.js';
import { GroupCommit } from './group-commit.js';
import type {
  AppendMeta,
  AppendResult,
  BatchEntry,
  Journal,
  JournalFailure,
  JournalPlace,
  Opened,
  SyncResult,
} from './journal.js';

export class JournalWriter implements Journal {
  epoch: number;
  sizeSinceSnapshot: number;
  private readonly last: Map<string, number>;
  private readonly commits: GroupCommit;
  private compaction: Promise<SyncResult> | null = null;
  private closed = false;

  constructor(
    private readonly place: JournalPlace,
    position: JournalPosition,
    private readonly reopen: () => Promise<Opened>,
  ) {
    this.epoch = position.epoch;
    this.sizeSinceSnapshot = position.sizeSinceSnapshot;
    this.last = new Map(position.sequences);
    this.commits = new GroupCommit(place, position.segment);
  }

  get failure(): JournalFailure | null {
    return this.commits.failure ?? (this.closed ? { kind: 'closed' } : null);
  }

  sequence(stream: string): number {
    return this.last.get(stream) ?? 0;
  }

  sequences(): readonly (readonly [stream: string, sequence: number])[] {
    return [...this.last].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  append(batch: readonly BatchEntry[], meta: AppendMeta): AppendResult {
    const failure = this.failure ?? this.stale(meta);
    if (failure !== null) return { ok: false, failure };
    if (batch.length === 0) return { ok: true, records: [], synced: this.commits.settled() };
    const next = new Map<string, number>();
    const records = batch.map(({ stream, entry }): JournalRecord => {
      const sequence = (next.get(stream) ?? this.sequence(stream)) + 1;
      next.set(stream, sequence);
      const { epoch, at, wallMs } = meta;
      return { stream, sequence, epoch, at, wallMs, entry, schema: recordSchema };
    });
    // Encoding may throw on what is no plain data; until then nothing has changed.
    const text = encodeBatch(meta, records);
    for (const [stream, sequence] of next) this.last.set(stream, sequence);
    this.epoch = meta.epoch;
    this.sizeSinceSnapshot += text.length;
    return { ok: true, records, synced: this.commits.add(text) };
  }

  private stale({ epoch, expected }: AppendMeta): JournalFailure | null {
    if (epoch < this.epoch) return { kind: 'staleEpoch', current: this.epoch };
    for (const [stream, sequence] of expected ?? []) {
      const current = this.sequence(stream);
      if (sequence !== current) return { kind: 'staleSequence', stream, current };
    }
    return null;
  }

  snapshot(encode: () => Uint8Array | Iterable<Uint8Array>): Promise<SyncResult> {
    const { failure } = this;
    if (failure !== null) return Promise.resolve({ ok: false, failure });
    this.compaction ??= this.compact(encode).finally(() => {
      this.compaction = null;
    });
    return this.compaction;
  }

  private async compact(encode: () => Uint8Array | Iterable<Uint8Array>): Promise<SyncResult> {
    const encoded = encode();
    const { epoch, sizeSinceSnapshot: replaced } = this;
    const sequences = this.sequences();
    const { segment, begun } = this.commits.rotate();
    const rotated = await begun;
    if (!rotated.ok) return rotated;
    const slices = encoded instanceof Uint8Array ? [encoded] : encoded;
    const written = await writeSnapshot(this.place, { segment, epoch, sequences }, slices);
    if (written.ok) this.sizeSinceSnapshot -= replaced;
    return written;
  }

  async recover(): Promise<Opened> {
    await this.close();
    return this.reopen();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.compaction;
    await this.commits.settled();
  }
}
