import type { CodeDescription } from '../../../core/base/codes.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';

/** What `explain CODE` tells of a diagnostic. */
export function renderCode(code: string, text: CodeDescription, paint: Paint): string {
  const lines = [
    `${paint.bold(code)}: ${text.title}`,
    '',
    text.meaning,
    '',
    `${paint.green('fix')} ${text.fix}`,
  ];
  if (text.example !== null) {
    lines.push('', 'For example:', ...text.example.split('\n').map((line) => `  ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

export function codeJson(code: string, { title, meaning, fix, example }: CodeDescription): string {
  return jsonDocument({ code, title, meaning, fix, example });
}
