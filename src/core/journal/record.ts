import type { EngineMs } from '../rollout/state.js';
import { asciiJson } from './ascii.js';

/** One entry in its place: the `sequence`th of its stream. */
export interface JournalRecord {
  readonly stream: string;
  /** From 1, without gaps in a stream. */
  readonly sequence: number;
  /** Of the controller's claim; never decreases. */
  readonly epoch: number;
  readonly at: EngineMs;
  /** For showing: milliseconds since 1970. */
  readonly wallMs: number;
  /** Plain data; what it means is for its room to say. */
  readonly entry: unknown;
  readonly schema: 1;
}

/** What all records of one batch have in common. */
export interface BatchMeta {
  readonly epoch: number;
  readonly at: EngineMs;
  readonly wallMs: number;
}

/** The version of records that this code writes, and the newest that it reads. */
export const recordSchema = 1;

/** Text of the records of one batch, which share epoch and times; without a newline. */
export function encodeBatch(meta: BatchMeta, records: readonly JournalRecord[]): string {
  const { epoch, at, wallMs } = meta;
  const rows = records.map((record) => [record.stream, record.sequence, record.entry]);
  return asciiJson({ schema: recordSchema, epoch, at, wallMs, records: rows });
}

/** `newer`: written by a later version of this program. Null: no batch at all. */
export function decodeBatch(data: unknown): JournalRecord[] | 'newer' | null {
  if (typeof data !== 'object' || data === null) return null;
  const { schema, epoch, at, wallMs, records } = data as Record<string, unknown>;
  if (typeof schema === 'number' && schema > recordSchema) return 'newer';
  if (schema !== recordSchema || !Array.isArray(records)) return null;
  if (typeof epoch !== 'number' || typeof at !== 'number' || typeof wallMs !== 'number') return null;
  const decoded: JournalRecord[] = [];
  for (const row of records as unknown[]) {
    const record = decodeRow(row, { epoch, at, wallMs });
    if (record === null) return null;
    decoded.push(record);
  }
  return decoded;
}

function decodeRow(row: unknown, { epoch, at, wallMs }: BatchMeta): JournalRecord | null {
  if (!Array.isArray(row)) return null;
  const [stream, sequence, entry] = row as unknown[];
  if (typeof stream !== 'string' || typeof sequence !== 'number') return null;
  return { stream, sequence, epoch, at, wallMs, entry, schema: recordSchema };
}
