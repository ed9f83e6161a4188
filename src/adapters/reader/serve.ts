import { readSync, writeSync } from 'node:fs';
import type { LocatedDocument } from '../../core/model/document.js';
import { frameHeader, headerBytes, readyText } from './frames.js';

/**
 * The child's side: a text in, a document out, one after the other, until standard input ends. It reads and writes
 * synchronously, so that an answer is out before the next text can kill the process, and so that the process ends with
 * whoever started it.
 */
export function serve(read: (bytes: Uint8Array) => LocatedDocument): void {
  answer(readyText);
  for (;;) {
    const header = take(headerBytes);
    const bytes = header === null ? null : take(header.readUInt32BE(0));
    if (bytes === null) return;
    answer(JSON.stringify(read(bytes)));
  }
}

function answer(text: string): void {
  const body = Buffer.from(text);
  const frame = Buffer.concat([frameHeader(body.length), body]);
  for (let at = 0; at < frame.length;) at += writeSync(1, frame, at);
}

/** Exactly that many bytes; null at the end of the input. */
function take(length: number): Buffer | null {
  const buffer = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const got = readSync(0, buffer, at, length - at, null);
    if (got === 0) return null;
    at += got;
  }
  return buffer;
}
