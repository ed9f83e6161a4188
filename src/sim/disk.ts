import type { PowerLoss } from './power-loss.js';
import type { Random } from './random.js';

/** Bytes as a list of appended pieces; `count` pieces of it belong to this state. */
export interface Content {
  readonly pieces: Uint8Array[];
  readonly count: number;
}

interface StoredFile {
  /** What a loss of power keeps; null: no file. */
  durable: Content | null;
  /** What is read now. */
  current: Content | null;
  /** States since the last sync, oldest first, the current one last. */
  unsynced: (Content | null)[];
  /** A sync failed: as on Linux, the next one succeeds and writes nothing. A new file in its place is well. */
  doomed: boolean;
}

/** A folder with the crash semantics of a file system. Everything here is done at once; time passes in the port. */
export class SimDisk {
  private readonly files = new Map<string, StoredFile>();
  /** The power is about to fail: a rename is made and its folder is not synced any more. */
  isFailing = false;
  /** Bytes that were ever written, for the limit of the journal. */
  written = 0;
  /** How often somebody deleted the folder, and how often a bit was flipped in it. */
  clears = 0;
  flips = 0;

  append(name: string, bytes: Uint8Array): void {
    const file = this.fileOf(name);
    this.written += bytes.length;
    this.change(file, appended(file.current, bytes.slice()));
  }

  sync(name: string): void {
    const file = this.fileOf(name);
    if (file.doomed) return;
    file.durable = file.current;
    file.unsynced = [];
  }

  /** The data of the file since its last sync will never be durable, though nobody hears of it again. */
  doom(name: string): void {
    this.fileOf(name).doomed = true;
  }

  read(name: string): Uint8Array | null {
    return bytesOf(this.files.get(name)?.current ?? null);
  }

  replace(name: string, bytes: Uint8Array): void {
    const file = this.fileOf(name);
    this.written += bytes.length;
    file.current = { pieces: [bytes.slice()], count: 1 };
    file.unsynced.push(file.current);
    if (this.isFailing) return;
    file.doomed = false;
    file.durable = file.current;
    file.unsynced = [];
  }

  truncate(name: string, length: number): void {
    const file = this.fileOf(name);
    const bytes = bytesOf(file.current) ?? new Uint8Array();
    this.change(file, { pieces: [bytes.slice(0, length)], count: 1 });
  }

  list(folder: string): string[] {
    const names = [...this.files].flatMap(([name, { current }]) =>
      current !== null && name.startsWith(`${folder}/`) ? [name.slice(folder.length + 1)] : [],
    );
    return names.sort();
  }

  remove(name: string): void {
    const file = this.files.get(name);
    if (file !== undefined) this.change(file, null);
  }

  /** Power is lost: of each file what was synced, and of what came since a beginning of any length, its last piece possibly torn. */
  losePower(loss: PowerLoss): boolean {
    let torn = false;
    for (const file of this.files.values()) {
      const kept = loss.keptOf(file.unsynced.length);
      let left = kept === 0 ? file.durable : (file.unsynced[kept - 1] as Content | null);
      const next = file.unsynced[kept] ?? null;
      if (file.doomed) left = file.durable;
      else if (next !== null && isGrown(left, next)) {
        const piece = next.pieces[next.count - 1] as Uint8Array;
        const part = piece.subarray(0, loss.partOf(piece.length));
        if (part.length > 0) torn = true;
        left = appended(left, part);
      }
      file.current = left;
      file.durable = left;
      file.unsynced = [];
      file.doomed = false;
    }
    return torn;
  }

  /** Flips one bit in the first half of the longest file. False: nothing is there. */
  flipBit(random: Random): boolean {
    let longest: Uint8Array = new Uint8Array();
    let found: StoredFile | null = null;
    for (const file of this.files.values()) {
      const bytes = bytesOf(file.current);
      if (bytes === null || bytes.length <= longest.length) continue;
      longest = bytes;
      found = file;
    }
    if (found === null || longest.length < 64) return false;
    this.flips++;
    const at = random.between(0, longest.length >> 1);
    longest[at] = (longest[at] as number) ^ (1 << random.between(0, 7));
    found.current = { pieces: [longest], count: 1 };
    found.durable = found.current;
    found.unsynced = [];
    return true;
  }

  /** Somebody deletes the folder. */
  clear(): void {
    this.clears++;
    this.files.clear();
  }

  /** What is readable now, by name. */
  contents(): Map<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    for (const [name, { current }] of this.files) {
      const bytes = bytesOf(current);
      if (bytes !== null) found.set(name, bytes);
    }
    return found;
  }

  /** What a loss of power would keep of each file at least. */
  *durable(): Generator<readonly [name: string, content: Content]> {
    for (const [name, { durable }] of this.files) if (durable !== null) yield [name, durable];
  }

  /** Whether everything that is readable would outlive a loss of power. */
  isDurable(name: string): boolean {
    const file = this.files.get(name);
    return file === undefined || (file.unsynced.length === 0 && !file.doomed);
  }

  private fileOf(name: string): StoredFile {
    const file = this.files.get(name) ?? { durable: null, current: null, unsynced: [], doomed: false };
    this.files.set(name, file);
    return file;
  }

  private change(file: StoredFile, next: Content | null): void {
    file.current = next;
    file.unsynced.push(next);
  }
}

/** Pieces are shared: an append to the newest state reuses its list, one to an older state copies it. */
function appended(before: Content | null, bytes: Uint8Array): Content {
  if (before === null) return { pieces: [bytes], count: 1 };
  const pieces = before.pieces.length === before.count ? before.pieces : before.pieces.slice(0, before.count);
  pieces.push(bytes);
  return { pieces, count: before.count + 1 };
}

function isGrown(before: Content | null, after: Content): boolean {
  return before === null
    ? after.count === 1
    : after.pieces === before.pieces && after.count === before.count + 1;
}

function bytesOf(content: Content | null): Uint8Array | null {
  if (content === null) return null;
  let length = 0;
  for (let i = 0; i < content.count; i++) length += (content.pieces[i] as Uint8Array).length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < content.count; i++) {
    const piece = content.pieces[i] as Uint8Array;
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
