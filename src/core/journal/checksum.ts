const table = crcTable();

function crcTable(): Uint32Array {
  const entries = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    entries[n] = value;
  }
  return entries;
}

/** CRC-32 as in zip and PNG (IEEE 802.3), of `bytes[from, to)`. */
export function crc32(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = -1;
  for (let i = from; i < to; i++) crc = (table[(crc ^ (bytes[i] as number)) & 255] as number) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** As it stands in files: 8 lower-case hex digits. */
export function crcHex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
