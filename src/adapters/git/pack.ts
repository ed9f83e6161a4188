import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { sortedBy } from '../../core/base/order.js';
import { type NewObject, writeWhole } from './loose.js';
import type { ObjectType } from './oid.js';
import type { Sharing } from './sharing.js';

const typeNumbers: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3 };
/** So many objects are compressed before other work gets its turn. */
const objectsInARow = 128;

interface Packed {
  readonly oid: string;
  readonly bytes: Buffer;
  readonly offset: number;
}

/**
 * Many objects as one pack: two files and two syncs instead of hundreds. Git looks at a pack only once its index is
 * there, so the index is renamed last and all objects appear at once.
 */
export async function writePack(
  folder: string,
  sharing: Sharing,
  objects: readonly NewObject[],
): Promise<void> {
  const home = join(folder, 'pack');
  await sharing.folder(home);
  const packed: Packed[] = [];
  let offset = 12;
  for (const object of objects) {
    const bytes = entryOf(object);
    packed.push({ oid: object.oid, bytes, offset });
    offset += bytes.length;
    if (packed.length % objectsInARow === 0) await new Promise(setImmediate);
  }
  const body = Buffer.concat([headerOf(objects.length), ...packed.map(({ bytes }) => bytes)]);
  const checksum = createHash('sha1').update(body).digest();
  const name = join(home, `pack-${checksum.toString('hex')}`);
  await writeWhole(home, `${name}.pack`, [body, checksum], 'tmp_pack_');
  await sharing.file(`${name}.pack`, 0o444);
  await writeWhole(home, `${name}.idx`, [indexOf(packed, checksum)], 'tmp_idx_');
  await sharing.file(`${name}.idx`, 0o444);
}

function headerOf(count: number): Buffer {
  const header = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1');
  header.writeUInt32BE(count, 8);
  return header;
}

/** Type and size in groups of 4, then 7 bits, lowest first; then the compressed contents. */
function entryOf({ type, bytes }: NewObject): Buffer {
  const head: number[] = [];
  let current = (typeNumbers[type] << 4) | (bytes.length & 15);
  for (let rest = Math.floor(bytes.length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    head.push(current | 128);
    current = rest & 127;
  }
  head.push(current);
  return Buffer.concat([Buffer.from(head), deflateSync(bytes, { level: 1 })]);
}

/** Version 2: fan-out, ids, checksums, offsets; offsets from 2 GiB on lie in a table of their own. */
function indexOf(objects: readonly Packed[], packChecksum: Buffer): Buffer {
  const sorted = sortedBy(objects, ({ oid }) => oid);
  const fanOut = Buffer.alloc(256 * 4);
  const counts = new Array<number>(256).fill(0);
  for (const { oid } of sorted) counts[parseInt(oid.slice(0, 2), 16)]!++;
  for (let byte = 0, sum = 0; byte < 256; byte++) fanOut.writeUInt32BE((sum += counts[byte]!), byte * 4);

  const checksums = Buffer.alloc(sorted.length * 4);
  const offsets = Buffer.alloc(sorted.length * 4);
  const far: Buffer[] = [];
  sorted.forEach(({ bytes, offset }, i) => {
    checksums.writeUInt32BE(crc32(bytes), i * 4);
    if (offset < 0x80000000) offsets.writeUInt32BE(offset, i * 4);
    else {
      offsets.writeUInt32BE(0x80000000 + far.length, i * 4);
      const wide = Buffer.alloc(8);
      wide.writeBigUInt64BE(BigInt(offset));
      far.push(wide);
    }
  });
  const ids = Buffer.from(sorted.map(({ oid }) => oid).join(''), 'hex');
  const magic = Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]);
  const body = Buffer.concat([magic, fanOut, ids, checksums, offsets, ...far, packChecksum]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
