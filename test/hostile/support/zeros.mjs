// node zeros.mjs OBJECTS-FOLDER: a loose blob of 1 GiB of zeros, in a moment: a megabyte is compressed once, and its
// compressed form repeated, which is as good a stream as any.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';

const megabyte = 1 << 20;
const count = 1024;
const oid = '4fce05a4e4ed8cefef2d99f32c519b2fd7841b74';
const header = Buffer.from(`blob ${count * megabyte}\0`, 'latin1');
const flushed = { level: 1, finishFlush: constants.Z_FULL_FLUSH };
const piece = deflateRawSync(Buffer.alloc(megabyte), flushed);

// Adler-32 (RFC 1950): of a zero only the second sum changes.
const modulus = 65_521;
let low = 1;
let high = 0;
for (const byte of header) {
  low = (low + byte) % modulus;
  high = (high + low) % modulus;
}
high = (high + ((count * megabyte) % modulus) * low) % modulus;
const checksum = Buffer.alloc(4);
checksum.writeUInt32BE(high * 65_536 + low);

const stream = [Buffer.from([0x78, 0x01]), deflateRawSync(header, flushed)];
for (let i = 0; i < count; i++) stream.push(piece);
stream.push(deflateRawSync(Buffer.alloc(0)), checksum);
const folder = join(process.argv[2] ?? '', oid.slice(0, 2));
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, oid.slice(2)), Buffer.concat(stream));
process.stdout.write(`${oid}\n`);
