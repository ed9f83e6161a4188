/** Both ways: the length of what follows, as four bytes, big end first. */
export const headerBytes = 4;

/** What the child says before anything else: from then on it is the text that is to blame. */
export const readyText = '"ready"';

export function frameHeader(length: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(length);
  return header;
}

/** Cuts a stream of bytes into the bodies of its frames. */
export class FrameCutter {
  #chunks: Buffer[] = [];
  #size = 0;

  *push(chunk: Buffer): Generator<string, void> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (let body = this.#next(); body !== null; body = this.#next()) yield body.toString('utf8');
  }

  #next(): Buffer | null {
    if (this.#size < headerBytes) return null;
    if ((this.#chunks[0]?.length ?? 0) < headerBytes) this.#join();
    const end = headerBytes + (this.#chunks[0]?.readUInt32BE(0) ?? 0);
    if (this.#size < end) return null;
    const all = this.#join();
    this.#chunks = [all.subarray(end)];
    this.#size -= end;
    return all.subarray(headerBytes, end);
  }

  #join(): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
