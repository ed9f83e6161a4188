import type { ValueChange } from '../../../core/plan/types.js';
import { isTextOfLines, textDifference, valueText } from '../../../core/status/words/values.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';

/** Each value that differs, on a line of its own; texts of several lines line by line. */
export function valueLines(change: ValueChange, paint: Paint): string[] {
  const path = printable(change.path);
  const { before, after } = change;
  if (isTextOfLines(before) && isTextOfLines(after)) {
    const lines = textDifference(before, after).map(({ sign, text }) =>
      (sign === '-' ? paint.red : paint.green)(`${sign} ${text}`),
    );
    return [`${paint.yellow('~')} ${path}:`, ...lines.map((line) => `    ${line}`)];
  }
  if (before === undefined) return [`${paint.green('+')} ${path}: ${valueText(after)}`];
  if (after === undefined) return [`${paint.red('-')} ${path}: ${valueText(before)}`];
  return [`${paint.yellow('~')} ${path}: ${valueText(before)} → ${valueText(after)}`];
}
