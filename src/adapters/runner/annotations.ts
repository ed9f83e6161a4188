import { compareDiagnostics, type Diagnostic } from '../../core/base/diagnostic.js';
import { printable } from '../../core/base/printable.js';

/**
 * Workflow commands of GitHub Actions, one a line. The escapes are those of its toolkit: without them a
 * commit could end the line and begin a command of its own.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function renderAnnotations(diagnostics: readonly Diagnostic[]): string {
  return [...diagnostics].sort(compareDiagnostics).map(annotation).join('');
}

function annotation(diagnostic: Diagnostic): string {
  const { severity, file, line, column, code, message, fix } = diagnostic;
  const place = [`file=${property(file)}`];
  if (line > 0) place.push(`line=${line}`);
  if (line > 0 && column > 0) place.push(`col=${column}`);
  place.push(`title=${property(code)}`);
  const text = fix === '' ? printable(message) : `${printable(message)}\n${printable(fix)}`;
  return `::${severity} ${place.join(',')}::${data(text)}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
