import { asciiBytes, asciiJson, asciiText } from './ascii.js';
import { crc32, crcHex } from './checksum.js';
import { encodeFrame, headerOf, readFrame, readHeader } from './frame.js';

/** What the journal itself knows where a snapshot stands: before the first record of `segment`. */
export interface SnapshotMeta {
  readonly segment: number;
  readonly epoch: number;
  /** Sequence of the last record of each stream, sorted by stream. */
  readonly sequences: readonly (readonly [stream: string, sequence: number])[];
}

export interface Snapshot {
  readonly meta: SnapshotMeta;
  /** As they were given. */
  readonly slices: readonly Uint8Array[];
}

// A snapshot is header, meta frame, one frame a slice, and a line that counts them: without that line
// it is unfinished, so it needs no rename to be all or nothing.

export function beginSnapshot(meta: SnapshotMeta): Uint8Array {
  return joined(headerOf('snapshot'), encodeFrame(asciiBytes(asciiJson(meta))));
}

export function encodeSlice(slice: Uint8Array): Uint8Array {
  return encodeFrame(slice);
}

export function endSnapshot(slices: number): Uint8Array {
  const text = `end ${slices}`;
  return asciiBytes(`${text} ${crcHex(crc32(asciiBytes(text)))}\n`);
}

/** `damaged` is also one that was never finished. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot | 'damaged' | 'newer' {
  const header = readHeader(bytes, 'snapshot');
  if (header.kind === 'newer') return 'newer';
  const first = header.kind === 'valid' ? readFrame(bytes, header.length) : null;
  if (first === null) return 'damaged';
  const slices: Uint8Array[] = [];
  let at = first.next;
  for (let place = readFrame(bytes, at); place !== null; place = readFrame(bytes, at)) {
    slices.push(bytes.subarray(place.from, place.to));
    at = place.next;
  }
  if (asciiText(bytes, at) !== asciiText(endSnapshot(slices.length))) return 'damaged';
  const meta = JSON.parse(asciiText(bytes, first.from, first.to)) as SnapshotMeta;
  return { meta, slices };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
