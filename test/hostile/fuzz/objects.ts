import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { oidOf } from '../../../src/adapters/git/oid.js';

/** An object as Git keeps it. */
export interface GitObject {
  readonly type: 'commit' | 'tree' | 'blob';
  readonly bytes: Buffer;
}

export interface Entry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

export function treeOf(entries: readonly Entry[]): Buffer {
  return Buffer.concat(
    entries.map(({ mode, name, oid }) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'utf8'), Buffer.from(oid, 'hex')]),
    ),
  );
}

/** How the loose file of an object differs from what it should be. */
export type Damage = 'none' | 'torn' | 'empty' | 'garbage' | 'otherType' | 'otherSize' | 'missing';

/** Writes a loose object, whole or not, under the id that it should have; answers that id. */
export function writeObject(gitDir: string, { type, bytes }: GitObject, damage: Damage = 'none'): string {
  const oid = oidOf(type, bytes);
  if (damage === 'missing') return oid;
  const kind = damage === 'otherType' ? (type === 'blob' ? 'tree' : 'blob') : type;
  const size = damage === 'otherSize' ? bytes.length + 1_000_000 : bytes.length;
  const whole = deflateSync(Buffer.concat([Buffer.from(`${kind} ${size}\0`), bytes]), { level: 1 });
  const content = {
    torn: whole.subarray(0, whole.length / 2),
    empty: Buffer.alloc(0),
    garbage: Buffer.from(bytes),
  };
  const folder = join(gitDir, 'objects', oid.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, oid.slice(2)),
    damage in content ? content[damage as keyof typeof content] : whole,
  );
  return oid;
}

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const modes = [
  '100644',
  '100755',
  '40000',
  '040000',
  '120000',
  '160000',
  '100666',
  '0',
  '',
  '1e5',
  '-1',
  '٣',
];
const names = [
  'a.yaml',
  'solutions',
  'catalog',
  'heliostat.yaml',
  '..',
  '.',
  '.git',
  'GIT~1',
  '',
  'a/b',
  '__proto__',
  'constructor',
  '\u202e',
  'n'.repeat(300),
  '--upload-pack=x',
  'a\nb',
  '\ufeff.git',
];

/** A change to the entries of a tree. */
export const treeEdit = fc
  .record({
    at: place,
    what: fc.constantFrom('mode', 'name', 'oid', 'remove', 'double', 'reverse', 'add'),
    mode: fc.constantFrom(...modes),
    name: fc.constantFrom(...names),
    other: place,
  })
  .map(({ at, what, mode, name, other }) => (entries: readonly Entry[], oids: readonly string[]): Entry[] => {
    const result = [...entries];
    const index = Math.floor(at * result.length);
    const entry = result[index];
    const oid = oids[Math.floor(other * oids.length)] ?? '';
    if (entry === undefined || what === 'add') return [...result, { mode, name, oid }];
    if (what === 'mode') result[index] = { ...entry, mode };
    else if (what === 'name') result[index] = { ...entry, name };
    else if (what === 'oid') result[index] = { ...entry, oid };
    else if (what === 'remove') result.splice(index, 1);
    else if (what === 'double') result.splice(index, 0, entry);
    else result.reverse();
    return result;
  });

/** A change to the bytes of any object. */
export const byteEdit = fc
  .record({ at: place, cut: fc.nat(30), put: fc.uint8Array({ maxLength: 12 }) })
  .map(({ at, cut, put }) => (bytes: Buffer): Buffer => {
    const start = Math.floor(at * (bytes.length + 1));
    return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)]);
  });

const headerLines = [
  'tree 0000000000000000000000000000000000000000',
  'tree',
  'parent',
  'parent not-an-id',
  'author',
  'author <',
  'author A <a@b> 99999999999999999999999 +9999',
  'committer C <c@d> -1 +0000',
  'encoding utf-7',
  'encoding \u0000',
  'gpgsig x',
  ' continued',
  '',
  'mergetag object',
  'x'.repeat(5_000),
];

/** A change to the lines of a commit. */
export const commitEdit = fc
  .record({
    at: fc.nat(6),
    what: fc.constantFrom('remove', 'add', 'replace', 'double'),
    line: fc.constantFrom(...headerLines),
  })
  .map(({ at, what, line }) => (bytes: Buffer): Buffer => {
    const lines = bytes.toString('latin1').split('\n');
    if (what === 'remove') lines.splice(at, 1);
    else if (what === 'add') lines.splice(at, 0, line);
    else if (what === 'replace') lines[at] = line;
    else lines.splice(at, 0, lines[at] ?? '');
    return Buffer.from(lines.join('\n'), 'latin1');
  });

/** What a file below `refs`, `packed-refs` or `HEAD` may hold. */
export const refText = fc.oneof(
  fc.constantFrom(
    '',
    '\n',
    'ref: ',
    'ref: HEAD\n',
    'ref: refs/heads/a\n',
    'ref: ../../x',
    'ref: refs/heads/a\0b',
    '0'.repeat(40),
    'f'.repeat(41),
    '# pack-refs with: peeled\n',
    '^'.repeat(41),
    '\0'.repeat(100),
  ),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .tuple(fc.constantFrom('ref: ', '', '^'), fc.string({ maxLength: 60 }))
    .map(([head, tail]) => head + tail),
);
