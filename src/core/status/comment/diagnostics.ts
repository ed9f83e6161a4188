import { compareDiagnostics } from '../../base/diagnostic.js';
import { code, link } from './escape.js';
import { bullets, sentence } from './pieces.js';
import type { LinkedDiagnostic } from './types.js';

/** Errors first, each with its place and how to mend it. */
export function diagnosticsText(diagnostics: readonly LinkedDiagnostic[]): string {
  const sorted = [...diagnostics].sort((a, b) => rank(a) - rank(b) || compareDiagnostics(a, b));
  return bullets(sorted.map(diagnosticText));
}

function rank({ severity }: LinkedDiagnostic): number {
  return severity === 'error' ? 0 : 1;
}

function diagnosticText(diagnostic: LinkedDiagnostic): string {
  const { severity, message, fix, url } = diagnostic;
  const mark = severity === 'error' ? '❌' : '⚠️';
  const mend = fix === '' ? '' : ` *Fix:* ${sentence(fix)}`;
  return `${mark} ${link(code(placeText(diagnostic)), url)}: ${sentence(message)}${mend} (${code(diagnostic.code)})`;
}

/** `file:line`: the column is for editors. */
export function placeText({ file, line }: { readonly file: string; readonly line: number }): string {
  return line === 0 ? file : `${file}:${line}`;
}
