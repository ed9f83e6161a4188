import { asciiBytes, asciiText } from './ascii.js';
import { crc32, crcHex } from './checksum.js';

// A file of frames is a header line, `heliostat <kind> <version> <crc>`, then frames, each a line
// `<length> <crc> <payload>`. Length and checksum are of the payload, in bytes and in hex.

export type FileKind = 'journal' | 'snapshot';

/** The version of both files that this code writes, and the newest that it reads. */
export const formatVersion = 1;

/** Of the disk's smallest unit: a power failure leaves whole ones unwritten, as zeros. */
const sectorBytes = 512;

const newline = 10;
const space = 32;

export function headerOf(kind: FileKind): Uint8Array {
  return asciiBytes(headerLine(kind, formatVersion));
}

function headerLine(kind: FileKind, version: number): string {
  const text = `heliostat ${kind} ${version}`;
  return `${text} ${crcHex(crc32(asciiBytes(text)))}\n`;
}

export type HeaderReading =
  | { readonly kind: 'valid'; readonly length: number }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'torn' }
  | { readonly kind: 'corrupt' };

export function readHeader(bytes: Uint8Array, kind: FileKind): HeaderReading {
  const expected = headerLine(kind, formatVersion);
  const found = asciiText(bytes, 0, Math.min(bytes.length, 80));
  if (found.startsWith(expected)) return { kind: 'valid', length: expected.length };
  if (expected.startsWith(found)) return { kind: 'torn' };
  const version = Number(/^heliostat [a-z]+ ([1-9][0-9]{0,8}) [0-9a-f]{8}\n/.exec(found)?.[1] ?? 0);
  // The checksum tells a later version from a flipped bit.
  if (version > formatVersion && found.startsWith(headerLine(kind, version)))
    return { kind: 'newer', version };
  return { kind: bytes.every((byte) => byte === 0) ? 'torn' : 'corrupt' };
}

/** The head of a frame whose payload follows in `bytes[from, to)`. */
export function frameHead(payload: Uint8Array): Uint8Array {
  return asciiBytes(`${payload.length} ${crcHex(crc32(payload))} `);
}

export function encodeFrame(payload: Uint8Array): Uint8Array {
  const head = frameHead(payload);
  const frame = new Uint8Array(head.length + payload.length + 1);
  frame.set(head);
  frame.set(payload, head.length);
  frame[frame.length - 1] = newline;
  return frame;
}

/** Where the payload of a frame lies, and where the next frame begins. */
export interface FramePlace {
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

/** Null where no whole and undamaged frame begins. */
export function readFrame(bytes: Uint8Array, at: number): FramePlace | null {
  const head = readHead(bytes, at);
  if (head === null) return null;
  const to = head.from + head.length;
  if (to >= bytes.length || bytes[to] !== newline) return null;
  if (crcHex(crc32(bytes, head.from, to)) !== head.crc) return null;
  return { from: head.from, to, next: to + 1 };
}

function readHead(bytes: Uint8Array, at: number): { from: number; length: number; crc: string } | null {
  let digits = at;
  while (digits < at + 10 && isDigit(bytes[digits])) digits++;
  const from = digits + 10;
  if (digits === at || bytes[digits] !== space || bytes[from - 1] !== space) return null;
  return { from, length: Number(asciiText(bytes, at, digits)), crc: asciiText(bytes, digits + 1, from - 1) };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

/**
 * What lies at `at`, where no frame can be read up to the end of the file. `torn`: a write that a
 * crash cut short, which nobody was told about. `corrupt`: anything else, so possibly data that was
 * acknowledged. Only the last frame of a file can be torn, since one write is one frame, and it is
 * synced before the next write.
 */
export function judgeTail(bytes: Uint8Array, at: number): 'torn' | 'corrupt' {
  const end = bytes.indexOf(newline, at);
  if (end === -1 && mayBeBegun(bytes, at)) return 'torn';
  if (!hasUnwrittenSector(bytes, at)) return 'corrupt';
  for (let line = end; line !== -1; line = bytes.indexOf(newline, line + 1)) {
    if (readFrame(bytes, line + 1) !== null) return 'corrupt';
  }
  return 'torn';
}

/** Whether the rest of the file may be the beginning of a frame: shorter than it says, and well-formed so far. */
function mayBeBegun(bytes: Uint8Array, at: number): boolean {
  const head = /^([1-9][0-9]{0,9})(?:$| (?:[0-9a-f]{0,7}$|[0-9a-f]{8}(?:$| )))/.exec(
    asciiText(bytes, at, at + 20),
  );
  if (head === null) return false;
  const whole = (head[1] as string).length + 10 + Number(head[1]);
  return bytes.length - at <= whole;
}

function hasUnwrittenSector(bytes: Uint8Array, from: number): boolean {
  for (let start = from - (from % sectorBytes); start < bytes.length; start += sectorBytes) {
    if (bytes.subarray(Math.max(start, from), start + sectorBytes).every((byte) => byte === 0)) return true;
  }
  return false;
}
