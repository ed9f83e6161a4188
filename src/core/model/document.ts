import type { Json } from '../base/data.js';
import type { Diagnostic } from '../base/diagnostic.js';

/**
 * A YAML text as plain data plus flat arrays of numbers; the syntax tree is never kept.
 * It survives JSON unchanged, since it is cached on disk. Nodes are numbered in the order in which one walks `data`
 * (a node, then its members or items); that is not always the order of the text, because JavaScript puts keys that
 * look like integers first.
 */
export interface LocatedDocument {
  readonly data: Json;
  /** Offset of the first character of each line, for turning an offset into line and column. */
  readonly lineStarts: readonly number[];
  /** Three numbers a node: offset of its value, how far before it its key begins (0: no key), nodes below it. */
  readonly places: readonly number[];
  /** Numbers that lost how they were written (`1.10`). Flattened: node, source. */
  readonly written: readonly (number | string)[];
  /** What was wrong with the text itself (`yaml.*`); then `data` is null. `file` is empty, filled in by whoever asked. */
  readonly problems: readonly Diagnostic[];
}

/** A text of which nothing is known but what is wrong with it. */
export function unreadable(
  problems: readonly Diagnostic[],
  lineStarts: readonly number[] = [0],
): LocatedDocument {
  return { data: null, lineStarts, places: [0, 0, 0], written: [], problems };
}
