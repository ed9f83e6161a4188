import type { Json } from '../base/data.js';
import type { Diagnostic, Position, Severity } from '../base/diagnostic.js';
import type { LocatedDocument } from './document.js';
import type { KindDocument } from './kinds.js';
import { locate, placeAt, pointerOf } from './locate.js';

/** One model file, read and checked by itself. */
export interface SourceFile {
  /** From the repository's root. */
  readonly path: string;
  /** Blob id. */
  readonly oid: string;
  readonly located: LocatedDocument;
  /** Null where something in it is wrong; of a solution it is all but its broken elements. */
  readonly document: KindDocument | null;
  /** Elements of a solution with errors of their own; sorted. */
  readonly broken: readonly string[];
  /** Pointer of a string → offset of each `${` in it. */
  readonly holes: ReadonlyMap<string, readonly number[]>;
  /** Of the file by itself. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly severity?: Severity;
  /** Points at the key instead of the value. */
  readonly aspect?: 'key' | 'value';
  /** Points at the n-th `${` of the string. */
  readonly hole?: number;
}

export function diagnose(source: SourceFile, pointer: string, finding: Finding): Diagnostic {
  const { code, message, fix, severity = 'error' } = finding;
  return { code, severity, message, fix, ...positionIn(source, pointer, finding) };
}

export function positionIn(
  source: SourceFile,
  pointer: string,
  at: Pick<Finding, 'aspect' | 'hole'> = {},
): Position {
  const offset = at.hole === undefined ? undefined : source.holes.get(pointer)?.[at.hole];
  const place =
    offset === undefined
      ? locate(source.located, pointer, at.aspect ?? 'value')
      : placeAt(source.located.lineStarts, offset);
  return { file: source.path, ...place };
}

/**
 * Where each `${` of a string stands in the text. The n-th in the value is the n-th after the value's
 * beginning, however the string is quoted or folded; an escaped one (`\x24{`) only moves the column.
 */
export function findHoles(text: string, located: LocatedDocument): ReadonlyMap<string, readonly number[]> {
  const holes = new Map<string, readonly number[]>();
  if (!text.includes('${')) return holes;
  let node = 0;
  const visit = (value: Json, pointer: string): void => {
    const start = located.places[node++ * 3] ?? 0;
    if (typeof value === 'string') {
      if (value.includes('${')) holes.set(pointer, offsetsFrom(text, start, value.split('${').length - 1));
    } else if (Array.isArray(value)) {
      value.forEach((item: Json, i) => visit(item, pointer + pointerOf(i)));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) visit(member as Json, pointer + pointerOf(key));
    }
  };
  visit(located.data, '');
  return holes;
}

function offsetsFrom(text: string, start: number, count: number): readonly number[] {
  const offsets: number[] = [];
  let at = text.indexOf('${', start);
  while (at >= 0 && offsets.length < count) {
    offsets.push(at);
    at = text.indexOf('${', at + 2);
  }
  return offsets;
}
