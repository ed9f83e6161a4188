import { compareDiagnostics, type Diagnostic } from '../../../core/base/diagnostic.js';
import type { SourceLine, ValidateView } from '../operations.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';

export { tally } from '../../../core/status/words/plan.js';

/** Enough to work on; programs get all of them by `--json`. */
const shown = 100;
const excerptWidth = 120;

/** Each diagnostic with its line and a caret under the place. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sourceLine: SourceLine,
  paint: Paint,
): string {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  const blocks = sorted.slice(0, shown).map((each) => renderDiagnostic(each, sourceLine, paint));
  const rest = sorted.length - blocks.length;
  if (rest > 0) blocks.push(`… and ${rest} more; \`--json\` shows all of them.\n`);
  return blocks.join('\n');
}

function renderDiagnostic(diagnostic: Diagnostic, sourceLine: SourceLine, paint: Paint): string {
  const { severity, code, message, fix } = diagnostic;
  const colour = severity === 'error' ? paint.red : paint.yellow;
  const lines = [
    `${colour(paint.bold(severity))}${paint.bold(` ${printable(code)}: ${printable(message)}`)}`,
    `  ${paint.dim('at')} ${placeText(diagnostic)}`,
    ...excerpt(diagnostic, sourceLine, paint),
  ];
  if (fix !== '') lines.push(`  ${paint.green('fix')} ${printable(fix)}`);
  return `${lines.join('\n')}\n`;
}

/** `file:line:column`, as editors and terminals open it. */
export function placeText(place: { file: string; line: number; column: number }): string {
  const file = printable(place.file);
  if (place.line === 0) return file;
  return place.column === 0 ? `${file}:${place.line}` : `${file}:${place.line}:${place.column}`;
}

function excerpt(diagnostic: Diagnostic, sourceLine: SourceLine, paint: Paint): string[] {
  const { file, line, column } = diagnostic;
  const text = line > 0 ? sourceLine(file, line) : null;
  if (text === null) return [];
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  const { before, after } = window(text, Math.max(0, column - 1));
  const caret =
    column > 0 ? [`  ${paint.dim(`${gutter} |`)} ${' '.repeat(before.length)}${paint.red('^')}`] : [];
  return [`  ${paint.dim(`${number} |`)} ${before}${after}`, ...caret];
}

/** The part of a long line around a place, split at that place. */
function window(text: string, at: number): { before: string; after: string } {
  const flat = text.replaceAll('\t', ' ');
  const start = at > excerptWidth - 20 ? at - 40 : 0;
  const end = start + excerptWidth;
  const before = (start > 0 ? '…' : '') + printable(flat.slice(start, at));
  return { before, after: printable(flat.slice(at, end)) + (flat.length > end ? '…' : '') };
}

export function validateJson(view: ValidateView): string {
  const { valid, revision, diagnostics } = view;
  return jsonDocument({ valid, revision, diagnostics: diagnostics.map(diagnosticJson) });
}

export function diagnosticJson(diagnostic: Diagnostic): object {
  const { code, severity, message, file, line, column, fix } = diagnostic;
  return { code, severity, message, file, line, column, fix };
}
