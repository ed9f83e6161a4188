import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TableFile } from '../../adapters/gateway/protocol.js';

const empty: TableFile = { format: 1, epochs: {}, bindings: [] };

/** The table on disk: all or nothing, and never two writes at once. */
export class Store {
  readonly #file: string;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** A torn or foreign file counts as none: the controller routes anew what it needs. */
  async load(): Promise<TableFile> {
    try {
      const value = JSON.parse(await readFile(this.#file, 'utf8')) as TableFile;
      return value.format === 1 && Array.isArray(value.bindings) ? value : empty;
    } catch {
      return empty;
    }
  }

  /** Settles when what `table` gives now, or something newer, is on disk; many callers share one write. */
  save(table: () => TableFile): Promise<void> {
    this.#next ??= this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return (this.#writing = this.#write(table()));
      });
    return this.#next;
  }

  /** All that was to be saved before is on disk; rejects if it could not be written. */
  saved(): Promise<void> {
    return this.#next ?? this.#writing;
  }

  async #write(table: TableFile): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    const temporary = `${this.#file}.new`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(table));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#file);
  }
}
