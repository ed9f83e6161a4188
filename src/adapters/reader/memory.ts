import type { LocatedDocument } from '../../core/model/document.js';

/** The documents asked for last, by blob id, up to a total size of their texts. */
export class DocumentMemory {
  readonly #documents = new Map<string, { readonly document: LocatedDocument; readonly size: number }>();
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(oid: string): LocatedDocument | null {
    const found = this.#documents.get(oid);
    if (found === undefined) return null;
    // A Map keeps the order of insertion: what is at its beginning was not asked for for longest.
    this.#documents.delete(oid);
    this.#documents.set(oid, found);
    return found.document;
  }

  set(oid: string, document: LocatedDocument, size: number): void {
    this.#size += size - (this.#documents.get(oid)?.size ?? 0);
    this.#documents.delete(oid);
    this.#documents.set(oid, { document, size });
    for (const [oldest, { size: freed }] of this.#documents) {
      if (this.#size <= this.#limit) return;
      this.#documents.delete(oldest);
      this.#size -= freed;
    }
  }
}
