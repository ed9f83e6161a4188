import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

interface Entry {
  readonly generation: 'current' | 'previous';
  readonly offset: number;
  readonly length: number;
  readonly checksum: number;
}

/**
 * Answers of the reader on disk, by blob id: one file that is only appended to, and the one before it. When the first
 * is full it takes the place of the second; what was asked for since is in the new one again, the rest is forgotten.
 * A line is `<blob id> <checksum> <answer>`; one that is torn or changed counts as absent. It is a cache: whatever goes
 * wrong with its files makes it forget, and never fails.
 */
export class AnswerStore {
  readonly #folder: string;
  readonly #version: string;
  readonly #limit: number;
  readonly #index = new Map<string, Entry>();
  readonly #files = new Map<Entry['generation'], number>();
  #size = 0;

  /** `version` names the program that gave the answers; answers of another one are deleted. `limit` is in bytes a file. */
  constructor(folder: string, version: string, limit: number) {
    this.#folder = folder;
    this.#version = version;
    this.#limit = limit;
    this.#quietly(() => {
      mkdirSync(folder, { recursive: true });
      this.#removeOthers();
      this.#load('previous');
      this.#size = this.#load('current');
    });
  }

  get(oid: string): string | null {
    const entry = this.#index.get(oid);
    const file = entry && this.#files.get(entry.generation);
    if (entry === undefined || file === undefined) return null;
    const bytes = Buffer.alloc(entry.length);
    const got = this.#quietly(() => readSync(file, bytes, 0, entry.length, entry.offset));
    if (got !== entry.length || crc32(bytes) !== entry.checksum) {
      this.#index.delete(oid);
      return null;
    }
    const answer = bytes.toString('utf8');
    if (entry.generation === 'previous') this.put([[oid, answer]]);
    return answer;
  }

  put(answers: readonly (readonly [oid: string, answer: string])[]): void {
    const lines = answers
      .filter(([oid]) => /^[0-9a-f]{40,64}$/.test(oid))
      .map(([oid, answer]) => lineOf(oid, answer));
    const total = lines.reduce((sum, line) => sum + line.bytes.length, 0);
    if (total === 0 || total > this.#limit) return;
    this.#quietly(() => {
      if (this.#size + total > this.#limit) this.#turn();
      this.#append(lines);
    });
  }

  close(): void {
    for (const file of this.#files.values()) this.#quietly(() => closeSync(file));
    this.#files.clear();
    this.#index.clear();
  }

  #append(lines: readonly Line[]): void {
    const file = this.#files.get('current');
    if (file === undefined) return;
    // Other processes append too: each with one write, which no other cuts. Should one come in between here, the
    // checksum tells.
    this.#size = fstatSync(file).size;
    writeSync(file, Buffer.concat(lines.map((line) => line.bytes)));
    for (const { oid, start, checksum, bytes: line } of lines) {
      const place = { offset: this.#size + start, length: line.length - start - 1 };
      this.#index.set(oid, { generation: 'current', ...place, checksum });
      this.#size += line.length;
    }
  }

  #turn(): void {
    this.close();
    renameSync(this.#path('current'), this.#path('previous'));
    this.#load('previous');
    this.#size = this.#load('current');
  }

  #load(generation: Entry['generation']): number {
    const file = openSync(this.#path(generation), 'a+', 0o600);
    this.#files.set(generation, file);
    const bytes = readFileSync(file);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      this.#note(bytes.subarray(start, end), start, generation);
      start = end + 1;
    }
    // A torn last line would swallow the first one that is appended.
    if (start < bytes.length) writeSync(file, '\n');
    return start < bytes.length ? bytes.length + 1 : bytes.length;
  }

  #note(line: Buffer, start: number, generation: Entry['generation']): void {
    const head = /^([0-9a-f]{40,64}) ([0-9a-f]{8}) /.exec(line.toString('latin1', 0, 80));
    if (head === null) return;
    const [whole, oid, checksum] = head as unknown as [string, string, string];
    const length = line.length - whole.length;
    this.#index.set(oid, {
      generation,
      offset: start + whole.length,
      length,
      checksum: parseInt(checksum, 16),
    });
  }

  #removeOthers(): void {
    for (const name of readdirSync(this.#folder)) {
      if (/^[0-9a-f]{16}\.(?:current|previous)$/.test(name) && !name.startsWith(this.#version)) {
        rmSync(join(this.#folder, name), { force: true });
      }
    }
  }

  #path(generation: Entry['generation']): string {
    return join(this.#folder, `${this.#version}.${generation}`);
  }

  #quietly<T>(action: () => T): T | null {
    try {
      return action();
    } catch {
      return null;
    }
  }
}

interface Line {
  readonly oid: string;
  readonly bytes: Buffer;
  /** Where the answer begins in it. */
  readonly start: number;
  readonly checksum: number;
}

function lineOf(oid: string, answer: string): Line {
  const body = Buffer.from(answer);
  const checksum = crc32(body);
  const head = Buffer.from(`${oid} ${checksum.toString(16).padStart(8, '0')} `);
  return { oid, bytes: Buffer.concat([head, body, Buffer.from('\n')]), start: head.length, checksum };
}
