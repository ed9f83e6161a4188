import type { JournalRecord } from './record.js';

/** Where all streams stand. */
export interface Order {
  readonly epoch: number;
  /** Sequence of the last record of each stream. */
  readonly sequences: ReadonlyMap<string, number>;
}

/** The `broken`th record does not follow from those before it: something is lost or doubled. */
export interface OutOfOrder {
  readonly broken: number;
  readonly message: string;
}

export interface OrderStart {
  readonly epoch: number;
  readonly sequences: Iterable<readonly [stream: string, sequence: number]>;
}

/** Follows records that each are undamaged, and finds those that are missing. */
export function checkOrder(start: OrderStart, records: readonly JournalRecord[]): Order | OutOfOrder {
  const sequences = new Map(start.sequences);
  let epoch = start.epoch;
  for (const [index, record] of records.entries()) {
    const next = (sequences.get(record.stream) ?? 0) + 1;
    if (record.sequence !== next) {
      const message = `record ${next} of stream ${record.stream} is missing (found ${record.sequence})`;
      return { broken: index, message };
    }
    if (record.epoch < epoch) {
      return { broken: index, message: `epoch ${record.epoch} follows epoch ${epoch}` };
    }
    sequences.set(record.stream, next);
    epoch = record.epoch;
  }
  return { epoch, sequences };
}
