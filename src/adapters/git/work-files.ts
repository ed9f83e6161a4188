import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Oid } from '../../ports/repository.js';
import { isAbsent, systemCode } from './failure.js';
import { oidOf } from './oid.js';
import type { TreeFile } from './read-tree.js';

export interface WorkFile extends TreeFile {
  readonly kind: 'blob' | 'executable';
  readonly bytes: Uint8Array;
}

export interface Refused {
  readonly path: string;
  readonly reason: 'symlink' | 'folder' | 'notAFile' | 'tooLarge' | 'unreadable';
}

type Found<Content> =
  | { readonly kind: 'file'; readonly executable: boolean; readonly content: Content }
  | { readonly kind: 'refused'; readonly reason: Refused['reason'] }
  | { readonly kind: 'absent' };

const filesAtOnce = 32;

/** Opens files below a folder without ever following a link, neither at the end of a path nor on the way. */
export class WorkFiles {
  private readonly folders = new Map<string, Promise<boolean>>();

  constructor(private readonly root: string) {}

  async read(paths: readonly string[], limitBytes: number) {
    const found = await this.all(paths, async (handle, { size }) => {
      if (size > limitBytes) return null;
      const bytes = await handle.readFile();
      return { oid: oidOf('blob', bytes), bytes };
    });
    return sorted(paths, found, (path, executable, { oid, bytes }) => ({
      path,
      oid,
      kind: executable,
      bytes,
    }));
  }

  /** Those of the paths where something is, whatever it is. */
  async present(paths: readonly string[]): Promise<readonly string[]> {
    const found = await this.all(paths, () => Promise.resolve(true));
    return paths.filter((_, i) => found[i]?.kind !== 'absent');
  }

  async hash(paths: readonly string[]) {
    const found = await this.all(paths, hashOf);
    return sorted(paths, found, (path, kind, oid): TreeFile => ({ path, oid, kind }));
  }

  private async all<Content>(
    paths: readonly string[],
    content: (handle: FileHandle, stats: Stats) => Promise<Content | null>,
  ): Promise<Found<Content>[]> {
    const found: Found<Content>[] = [];
    for (let at = 0; at < paths.length; at += filesAtOnce) {
      const some = paths.slice(at, at + filesAtOnce).map((path) => this.one(path, content));
      found.push(...(await Promise.all(some)));
    }
    return found;
  }

  private async one<Content>(
    path: string,
    content: (handle: FileHandle, stats: Stats) => Promise<Content | null>,
  ): Promise<Found<Content>> {
    try {
      if (!(await this.isPlainFolder(dirname(path)))) return { kind: 'refused', reason: 'symlink' };
      const file = join(this.root, path);
      const kind = refusal(await lstat(file));
      if (kind !== null) return { kind: 'refused', reason: kind };
      // Neither a link nor a pipe that took the file's place in between can lead away or hang us.
      const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const stats = await handle.stat();
        if (!stats.isFile()) return { kind: 'refused', reason: 'notAFile' };
        const read = await content(handle, stats);
        if (read === null) return { kind: 'refused', reason: 'tooLarge' };
        return { kind: 'file', executable: (stats.mode & 0o100) !== 0, content: read };
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isAbsent(error)) return { kind: 'absent' };
      if (systemCode(error) === 'ELOOP') return { kind: 'refused', reason: 'symlink' };
      if (systemCode(error) !== '') return { kind: 'refused', reason: 'unreadable' };
      throw error;
    }
  }

  private isPlainFolder(folder: string): Promise<boolean> {
    if (folder === '.') return Promise.resolve(true);
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const answer = this.isPlainFolder(dirname(folder)).then(
      async (above) => above && (await lstat(join(this.root, folder))).isDirectory(),
    );
    this.folders.set(folder, answer);
    return answer;
  }
}

function refusal(stats: Stats): Refused['reason'] | null {
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? null : 'notAFile';
}

/** Null if the file changed its length while it was read. */
async function hashOf(handle: FileHandle, { size }: Stats): Promise<Oid | null> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  const buffer = Buffer.alloc(Math.min(size + 1, 256 * 1024));
  let total = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) break;
    total += bytesRead;
    hash.update(buffer.subarray(0, bytesRead));
  }
  return total === size ? hash.digest('hex') : null;
}

function sorted<Content, File>(
  paths: readonly string[],
  found: readonly Found<Content>[],
  fileOf: (path: string, kind: 'blob' | 'executable', content: Content) => File,
): { files: File[]; refused: Refused[] } {
  const files: File[] = [];
  const refused: Refused[] = [];
  found.forEach((one, i) => {
    const path = paths[i]!;
    if (one.kind === 'file') files.push(fileOf(path, one.executable ? 'executable' : 'blob', one.content));
    if (one.kind === 'refused') refused.push({ path, reason: one.reason });
  });
  return { files, refused };
}
