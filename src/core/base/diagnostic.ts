import { byCodeUnit } from './order.js';

export type Severity = 'error' | 'warning';

/** A mistake in what people wrote: what is wrong, where, and how to mend it. */
export interface Diagnostic {
  /** Stable, `area.kind`; every code is described in `core/base/codes.ts`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Path from the repository's root. */
  readonly file: string;
  /** 1-based; 0 where the whole file is meant. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** How to mend it, in the imperative. */
  readonly fix: string;
}

export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** By file, then line, column, code and message. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    byCodeUnit(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    byCodeUnit(a.code, b.code) ||
    byCodeUnit(a.message, b.message)
  );
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
