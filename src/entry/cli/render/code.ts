import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';

/** What `explain CODE` tells of a diagnostic. */
export interface CodeText {
  readonly title: string;
  readonly meaning: string;
  /** In the imperative. */
  readonly fix: string;
  /** What provokes it; may be several lines, or empty. */
  readonly example: string;
}

export function renderCode(code: string, text: CodeText, paint: Paint): string {
  const lines = [
    `${paint.bold(code)}: ${text.title}`,
    '',
    text.meaning,
    '',
    `${paint.green('fix')} ${text.fix}`,
  ];
  if (text.example !== '')
    lines.push('', 'For example:', ...text.example.split('\n').map((line) => `  ${line}`));
  return `${lines.join('\n')}\n`;
}

export function codeJson(code: string, { title, meaning, fix, example }: CodeText): string {
  return jsonDocument({ code, title, meaning, fix, example });
}
