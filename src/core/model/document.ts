import type { Json } from '../base/data.js';
import type { Diagnostic } from '../base/diagnostic.js';

/**
 * A YAML text as plain data plus one flat array of offsets; the syntax tree is never kept.
 * Nodes are numbered in document order (a map's node, then for each member its key and value).
 */
export interface LocatedDocument {
  readonly data: Json;
  /** Line starts, for turning an offset into line and column. */
  readonly lineStarts: readonly number[];
  /** JSON pointer (`/elements/api/version`) → [offset of the key or -1, offset of the value]. Flattened: pointer, key, value. */
  readonly places: readonly (string | number)[];
  /** What was wrong with the text itself (`yaml.*`); then `data` is null. `file` is empty, filled in by whoever asked. */
  readonly problems: readonly Diagnostic[];
}
