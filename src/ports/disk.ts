/**
 * A folder of files with the crash semantics of a file system. Names are relative, `a/b` at most
 * two deep. Every failure of the machine (no space, I/O error) rejects with a `DiskError`.
 */
export interface Disk {
  /** Appends without sync; creates the file. Appends to one file are made in the order of the calls. */
  append(file: string, bytes: Uint8Array): Promise<void>;
  /** After this everything appended to the file before the call survives a crash. */
  sync(file: string): Promise<void>;
  /** The whole file, or null if there is none. */
  read(file: string): Promise<Uint8Array | null>;
  /** New file under a temporary name, sync, rename, sync of the folder: all or nothing. */
  replace(file: string, bytes: Uint8Array): Promise<void>;
  truncate(file: string, length: number): Promise<void>;
  /** Names in a folder, sorted; empty if there is none. */
  list(folder: string): Promise<readonly string[]>;
  remove(file: string): Promise<void>;
}

export class DiskError extends Error {
  override readonly name = 'DiskError';
  constructor(
    readonly reason: 'noSpace' | 'io' | 'denied',
    message: string,
  ) {
    super(message);
  }
}
