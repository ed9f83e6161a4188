import { plainText } from '../../../core/base/plain-text.js';
import { safe, type Redactor, type SafeText } from '../../../core/base/safe-text.js';

const shownCharacters = 300;

/** What a forge wrote, fit to be shown: one line, without secrets, not endless. */
export function foreign(text: string, redact: Redactor): SafeText {
  const line = redact(plainText(text).replaceAll('\n', ' ').trim());
  return line.length <= shownCharacters ? line : safe(`${line.slice(0, shownCharacters)}…`);
}
