import { asciiBytes, asciiText } from './ascii.js';
import { encodeFrame as frameOf, headerOf, judgeTail, readFrame, readHeader } from './frame.js';
import { decodeBatch, type JournalRecord } from './record.js';

/** What a file of a journal begins with. */
export function journalHeader(): Uint8Array {
  return headerOf('journal');
}

/**
 * One write of the journal: batches encoded by `encodeBatch`. They are one frame, so after a crash
 * all of them are there or none is.
 */
export function encodeFrame(batches: readonly string[]): Uint8Array {
  return frameOf(asciiBytes(`[${batches.join(',')}]`));
}

export type FrameProblem =
  /** A write that a crash cut short: what was acknowledged lies before `at`. */
  | { readonly kind: 'torn'; readonly at: number }
  | { readonly kind: 'corrupt'; readonly at: number }
  | { readonly kind: 'newer'; readonly at: number };

export interface DecodedFrames {
  readonly records: readonly JournalRecord[];
  /** Bytes up to the end of the last good frame; 0 where not even the header is whole. */
  readonly validLength: number;
  readonly problem: FrameProblem | null;
}

/** Reads one file of a journal, header included. Never throws, whatever the bytes. */
export function decodeFrames(bytes: Uint8Array): DecodedFrames {
  const header = readHeader(bytes, 'journal');
  if (header.kind !== 'valid') return { records: [], validLength: 0, problem: { kind: header.kind, at: 0 } };
  const records: JournalRecord[] = [];
  let at = header.length;
  while (at < bytes.length) {
    const place = readFrame(bytes, at);
    if (place === null) return { records, validLength: at, problem: { kind: judgeTail(bytes, at), at } };
    const found = decodePayload(asciiText(bytes, place.from, place.to));
    if (!Array.isArray(found)) return { records, validLength: at, problem: { kind: found, at } };
    for (const record of found) records.push(record);
    at = place.next;
  }
  return { records, validLength: at, problem: null };
}

function decodePayload(text: string): JournalRecord[] | 'newer' | 'corrupt' {
  const batches = parse(text);
  if (!Array.isArray(batches)) return 'corrupt';
  const records: JournalRecord[] = [];
  for (const data of batches as unknown[]) {
    const batch = decodeBatch(data);
    if (batch === null) return 'corrupt';
    if (batch === 'newer') return 'newer';
    for (const record of batch) records.push(record);
  }
  return records;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
