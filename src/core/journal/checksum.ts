const tables = crcTables();
const [table] = tables;

/** Tables for four bytes at a time: entry n of the k-th is that of n followed by k zero bytes. */
function crcTables(): readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const first = crcTable();
  const after = (former: Uint32Array): Uint32Array =>
    former.map((value) => (first[value & 255] as number) ^ (value >>> 8));
  const second = after(first);
  const third = after(second);
  return [first, second, third, after(third)];
}

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
  const [one, two, three, four] = tables;
  let crc = -1;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    crc ^=
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    crc =
      (four[crc & 255] as number) ^
      (three[(crc >>> 8) & 255] as number) ^
      (two[(crc >>> 16) & 255] as number) ^
      (one[crc >>> 24] as number);
  }
  for (; i < to; i++) crc = (table[(crc ^ (bytes[i] as number)) & 255] as number) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** As it stands in files: 8 lower-case hex digits. */
export function crcHex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
