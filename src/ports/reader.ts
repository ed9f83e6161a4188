import type { LocatedDocument } from '../core/model/document.js';
import type { Cancel } from './clock.js';

/** Reads hostile text in a child with a deadline and a memory limit; the answer is plain data with offsets. */
export interface Reader {
  /** In the order asked. A text that killed the reader, or took too long, gets the diagnostic `yaml.fatal`. */
  read(texts: readonly ReadRequest[], cancel: Cancel): Promise<readonly LocatedDocument[]>;
  close(): Promise<void>;
}

export interface ReadRequest {
  /** Blob id: the key of the parse cache, in memory and on disk. Null: not cached (work tree). */
  readonly oid: string | null;
  readonly file: string;
  readonly bytes: Uint8Array;
}
