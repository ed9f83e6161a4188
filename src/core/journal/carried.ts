import { utf8 } from '../base/bytes.js';
import type { EngineMs } from '../rollout/state.js';
import { asciiBytes, asciiJson, asciiText } from './ascii.js';
import { domainStream } from './entry.js';
import { encodeFrame as frameOf, readFrame } from './frame.js';
import { encodeFrame, journalHeader } from './framing.js';
import { encodeBatch, recordSchema } from './record.js';
import type { JournalFiles } from './recovery.js';
import { journalFile, recover, snapshotFile } from './recovery.js';
import type { Order } from './sequences.js';
import { beginSnapshot, encodeSlice, endSnapshot } from './snapshot.js';
import type { EncodedUnwritten } from './unwritten.js';

/** The state in the place of all that was carried before it. */
export interface CarriedSnapshot {
  readonly epoch: number;
  /** Sequence of the last record of each stream, sorted by stream. */
  readonly sequences: readonly (readonly [stream: string, sequence: number])[];
  /** As `stateAsData` gives it. */
  readonly state: unknown;
}

/** The documents of the same commit tell of everything up to here, but for what remains. */
export interface Told {
  readonly at: EngineMs;
  readonly wallMs: number;
  readonly remaining: EncodedUnwritten;
}

/** One piece of a journal, as it is carried to where it outlives the disk. */
export interface CarriedPiece {
  readonly epoch: number;
  /** From 1 in each epoch, without gaps. */
  readonly number: number;
  readonly snapshot: CarriedSnapshot | null;
  readonly told: Told | null;
  /** As `encodeBatch` gives them. */
  readonly batches: readonly string[];
}

/** A line for each frame: first what the piece says of itself, then one a batch. All of it is ASCII. */
export function encodePiece({ batches, ...head }: CarriedPiece): string[] {
  const lines = [frameOf(asciiBytes(asciiJson(head))), ...batches.map((batch) => encodeFrame([batch]))];
  // A reader of YAML refuses this one, which JSON lets stand as it is.
  return lines.map((line) => asciiText(line).trimEnd()).map(withoutDelete);
}

/** Null: these lines are no piece, or not as they were written. */
export function decodePiece(lines: readonly string[]): CarriedPiece | null {
  const [head, ...rest] = lines.map(payloadOf);
  if (head === undefined || head === null || rest.includes(null)) return null;
  const { epoch, number, snapshot, told } = JSON.parse(head) as Partial<CarriedPiece>;
  if (typeof epoch !== 'number' || typeof number !== 'number') return null;
  if (snapshot === undefined || told === undefined) return null;
  return { epoch, number, snapshot, told, batches: rest.map((payload) => (payload as string).slice(1, -1)) };
}

function payloadOf(line: string): string | null {
  const bytes = asciiBytes(`${line}\n`);
  const place = readFrame(bytes, 0);
  return place?.next === bytes.length ? asciiText(bytes, place.from, place.to) : null;
}

/** What a person wrote may hold it; a frame with it is framed anew, for its length changes. */
function withoutDelete(line: string): string {
  const payload = line.includes('\u007f') ? payloadOf(line) : null;
  return payload === null
    ? line
    : asciiText(frameOf(asciiBytes(payload.replaceAll('\u007f', '\\u007f')))).trimEnd();
}

export type CarriedJournal =
  /** `noted`: batches at its end that stand in no piece. */
  | { readonly kind: 'journal'; readonly files: JournalFiles; readonly noted: readonly string[] }
  /** They do not follow from each other. */
  | { readonly kind: 'broken' }
  /** Written by a later version. */
  | { readonly kind: 'newer' };

/**
 * The files of the journal that was carried in these pieces, in order. That the last of them was told is noted at its
 * end, as the one that carried it would have done: `tip` stands for the commit, which could not know its own name.
 */
export function journalOf(pieces: readonly CarriedPiece[], tip: string): CarriedJournal {
  const begin = pieces.findLastIndex(({ snapshot }) => snapshot !== null);
  const chain = pieces.slice(Math.max(0, begin));
  if (chain.length === 0 || !isInOrder(chain)) return { kind: 'broken' };
  const batches = chain.flatMap((piece) => piece.batches);
  const snapshot = chain[0]?.snapshot ?? null;
  const files = filesOf(snapshot, batches);
  const recovered = recover(files);
  if (!recovered.ok) return { kind: recovered.problem.kind === 'newer' ? 'newer' : 'broken' };
  const told = chain.at(-1)?.told ?? null;
  if (told === null) return { kind: 'journal', files, noted: [] };
  const note = noteOf(told, recovered.position, tip);
  return { kind: 'journal', files: filesOf(snapshot, [...batches, note]), noted: [note] };
}

function noteOf({ at, wallMs, remaining }: Told, { epoch, sequences }: Order, tip: string): string {
  const entry = { kind: 'status.written', commit: tip, remaining };
  const sequence = (sequences.get(domainStream) ?? 0) + 1;
  const record = { stream: domainStream, sequence, epoch, at, wallMs, entry, schema: recordSchema } as const;
  return encodeBatch({ epoch, at, wallMs }, [record]);
}

function isInOrder(chain: readonly CarriedPiece[]): boolean {
  return chain.every(({ epoch, number }, i) => {
    const before = chain[i - 1];
    if (before === undefined) return true;
    return epoch === before.epoch ? number === before.number + 1 : epoch > before.epoch && number === 1;
  });
}

function filesOf(snapshot: CarriedSnapshot | null, batches: readonly string[]): JournalFiles {
  const journal = joined([journalHeader(), ...batches.map((batch) => encodeFrame([batch]))]);
  const files = new Map([[journalFile(1), journal]]);
  if (snapshot === null) return files;
  const { epoch, sequences, state } = snapshot;
  const slice = encodeSlice(utf8(JSON.stringify(state)));
  return files.set(
    snapshotFile(1),
    joined([beginSnapshot({ segment: 1, epoch, sequences }), slice, endSnapshot(1)]),
  );
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
