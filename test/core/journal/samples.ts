import { crc32, crcHex } from '../../../src/core/journal/checksum.js';
import type { JournalRecord } from '../../../src/core/journal/record.js';

export function record(stream: string, sequence: number, epoch = 1): JournalRecord {
  const entry = { kind: 'instance.healthy', instance: `demo/${stream}/${sequence}` };
  return { stream, sequence, epoch, at: 10, wallMs: 1000, entry, schema: 1 };
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

export function bytesOf(content: string): Uint8Array {
  return new Uint8Array(Buffer.from(content));
}

/** What a later version would begin its files with. */
export function newerHeader(): Uint8Array {
  const line = 'heliostat journal 2';
  return bytesOf(`${line} ${crcHex(crc32(bytesOf(line)))}\n`);
}
