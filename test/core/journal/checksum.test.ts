import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from '../../../src/core/journal/checksum.js';

/** Bit by bit, as the definition says. */
function plainCrc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  return (crc ^ -1) >>> 0;
}

it('is the checksum of its definition for any part of any bytes, whatever is left of four at a time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(5), (bytes, from) => {
      expect(crc32(bytes, Math.min(from, bytes.length))).toBe(plainCrc32(bytes.subarray(from)));
    }),
  );
});
