import { mkdir, open, readFile, readdir, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { invariant } from '../../core/base/assert.js';
import type { Disk } from '../../ports/disk.js';
import { codeOf, diskError } from './errors.js';

/** A disk that holds its files open; `close` it when nothing more is to be written. */
export interface FileDisk extends Disk {
  close(): Promise<void>;
}

/** What is known of one file that was appended to. */
interface OpenFile {
  readonly handle: FileHandle;
  /** Whether the folder may not yet know of the file after a crash. */
  unlisted: boolean;
}

const temporary = '.tmp';

/** The files below `root`, readable by their owner only. Folders are made when they are needed. */
export function fileDisk(root: string): FileDisk {
  return new NodeDisk(root);
}

class NodeDisk implements FileDisk {
  private readonly files = new Map<string, OpenFile>();
  /** The last call for each file: calls for one file are made one after the other, in order. */
  private readonly tails = new Map<string, Promise<void>>();
  /** Folders that were made and whose parents were not synced since. */
  private readonly unlistedFolders = new Set<string>();

  constructor(private readonly root: string) {}

  append(file: string, bytes: Uint8Array): Promise<void> {
    return this.inTurn('append', file, async () => {
      const { handle } = await this.opened(file);
      await writeAll(handle, bytes);
    });
  }

  sync(file: string): Promise<void> {
    return this.inTurn('sync', file, async () => {
      const opened = await this.opened(file);
      await opened.handle.datasync();
      if (opened.unlisted) await this.syncFolder(dirname(this.path(file)));
      opened.unlisted = false;
    });
  }

  read(file: string): Promise<Uint8Array | null> {
    return this.inTurn('read', file, () => orNull(readFile(this.path(file))));
  }

  replace(file: string, bytes: Uint8Array): Promise<void> {
    return this.inTurn('replace', file, async () => {
      const path = this.path(file);
      await this.forget(file);
      await this.makeFolder(dirname(path));
      try {
        await writeNew(path + temporary, bytes);
        await rename(path + temporary, path);
      } catch (error) {
        // Room may be just what is missing; the first error tells more than a second one.
        await rm(path + temporary, { force: true }).catch(() => undefined);
        throw error;
      }
      await this.syncFolder(dirname(path));
    });
  }

  truncate(file: string, length: number): Promise<void> {
    return this.inTurn('truncate', file, async () => {
      const { handle } = await this.opened(file);
      await handle.truncate(length);
    });
  }

  async list(folder: string): Promise<readonly string[]> {
    try {
      const entries = await orNull(readdir(join(this.root, folder), { withFileTypes: true }));
      const names = (entries ?? []).filter((entry) => entry.isFile()).map((entry) => entry.name);
      return names.filter((name) => !name.endsWith(temporary)).sort();
    } catch (error) {
      throw diskError(error, 'list', folder);
    }
  }

  remove(file: string): Promise<void> {
    return this.inTurn('remove', file, async () => {
      await this.forget(file);
      await orNull(unlink(this.path(file)));
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.tails.values());
    await Promise.all([...this.files.keys()].map((file) => this.forget(file)));
  }

  private inTurn<T>(verb: string, file: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.tails.get(file) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      throw diskError(error, verb, file);
    });
    const tail = turn.then(
      () => undefined,
      () => undefined,
    );
    this.tails.set(file, tail);
    void tail.then(() => {
      if (this.tails.get(file) === tail) this.tails.delete(file);
    });
    return turn;
  }

  private path(file: string): string {
    const parts = file.split('/');
    const plain = parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9._~+@-]*$/.test(part));
    invariant(plain && parts.length <= 2 && !file.endsWith(temporary), `no name for a file: ${file}`);
    return join(this.root, file);
  }

  private async opened(file: string): Promise<OpenFile> {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const path = this.path(file);
    await this.makeFolder(dirname(path));
    // A file that another process has made may be as new as one of ours.
    const opened = { handle: await open(path, 'a', 0o600), unlisted: true };
    this.files.set(file, opened);
    return opened;
  }

  private async forget(file: string): Promise<void> {
    const known = this.files.get(file);
    this.files.delete(file);
    await known?.handle.close();
  }

  private async makeFolder(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = dirname(made)) this.unlistedFolders.add(made);
  }

  private async syncFolder(folder: string): Promise<void> {
    await syncPath(folder);
    for (let made = folder; this.unlistedFolders.delete(made); made = dirname(made))
      await syncPath(dirname(made));
  }
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await writeAll(handle, bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** A write may take only a part, most of all where the disk is nearly full. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
    at += bytesWritten;
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
