import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Digest } from '../../../core/base/digest.js';
import type { InstanceId, OwnerKey } from '../../../core/base/names.js';

/** Something that the provider pretends to run. */
export interface Thing {
  readonly id: InstanceId;
  readonly owner: OwnerKey;
  readonly home: string;
  readonly state: 'inactive' | 'active';
  readonly health: 'good' | 'bad' | 'unknown';
  readonly digest: Digest | null;
}

type Line = Thing | { readonly gone: OwnerKey };

/**
 * All things, by owner key, kept in one file to which each change is appended. Whoever else appends
 * to that file, or removes it, changes the world behind our back.
 */
export interface World {
  /** With everything that the file holds now. */
  things(): ReadonlyMap<string, Thing>;
  /** Settles when the file holds the change; changes of one turn of the event loop are written together. */
  put(thing: Thing): Promise<void>;
  remove(owner: OwnerKey): Promise<void>;
  /** The owner keys whose things were changed by somebody else since the last call. */
  strangeChanges(): readonly string[];
}

/** A file with this many more lines than things is written anew. */
const wasteLimit = 10_000;

export function openWorld(file: string): World {
  const things = new Map<string, Thing>();
  const strange = new Set<string>();
  let read = { inode: 0, offset: 0, lines: 0 };
  let rest = '';
  let waiting: { readonly line: Line; readonly settle: (error: unknown) => void }[] = [];

  function fold(line: Line): void {
    if ('gone' in line) things.delete(line.gone);
    else things.set(line.owner, line);
  }

  function catchUp(): void {
    const stat = statSync(file, { throwIfNoEntry: false });
    const inode = stat?.ino ?? 0;
    const size = stat?.size ?? 0;
    if (inode === read.inode && size === read.offset) return;
    if (inode !== read.inode || size < read.offset) {
      for (const owner of things.keys()) strange.add(owner);
      things.clear();
      rest = '';
      read = { inode, offset: 0, lines: 0 };
    }
    if (size > read.offset) foldText(readFrom(file, read.offset, size));
    read = { ...read, offset: size };
  }

  function foldText(text: string): void {
    const lines = (rest + text).split('\n');
    // A line that a crash tore off is completed by nobody: the next append begins with a line break.
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const parsed = parseLine(line);
      if (parsed === null) continue;
      read = { ...read, lines: read.lines + 1 };
      fold(parsed);
      strange.add('gone' in parsed ? parsed.gone : parsed.owner);
    }
  }

  function flush(): void {
    const batch = waiting;
    waiting = [];
    let failure: unknown = null;
    try {
      catchUp();
      append(batch.map((one) => one.line));
      if (read.lines > things.size * 4 + wasteLimit) compact();
    } catch (error) {
      failure = error;
    }
    for (const one of batch) one.settle(failure);
  }

  function append(lines: readonly Line[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    mkdirSync(dirname(file), { recursive: true });
    const fd = openSync(file, 'a', 0o600);
    try {
      writeAll(fd, rest === '' ? text : `\n${text}`);
      rest = '';
      const { ino, size } = fstatSync(fd);
      read = { inode: ino, offset: size, lines: read.lines + lines.length };
    } finally {
      closeSync(fd);
    }
    for (const line of lines) fold(line);
  }

  function compact(): void {
    const temporary = `${file}.tmp`;
    const text = [...things.values()].map((thing) => `${JSON.stringify(thing)}\n`).join('');
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
    const { ino, size } = statSync(file);
    read = { inode: ino, offset: size, lines: things.size };
  }

  function change(line: Line): Promise<void> {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      const settle = (error: unknown): void => {
        if (error === null) resolve();
        else reject(error as Error);
      };
      waiting.push({ line, settle });
    });
  }

  return {
    things() {
      catchUp();
      return things;
    },
    put: change,
    remove: (owner) => change({ gone: owner }),
    strangeChanges() {
      catchUp();
      const owners = [...strange];
      strange.clear();
      return owners;
    },
  };
}

function parseLine(line: string): Line | null {
  if (line === '') return null;
  try {
    const value = JSON.parse(line) as Partial<Thing> & { readonly gone?: OwnerKey };
    if (typeof value.gone === 'string') return { gone: value.gone };
    return typeof value.owner === 'string' && typeof value.id === 'string' ? (value as Thing) : null;
  } catch {
    return null;
  }
}

function readFrom(file: string, start: number, end: number): string {
  const fd = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(end - start);
    let filled = 0;
    while (filled < buffer.length) {
      const count = readSync(fd, buffer, filled, buffer.length - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return buffer.toString('utf8', 0, filled);
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
