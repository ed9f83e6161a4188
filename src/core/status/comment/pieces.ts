import { code, fence, html, inline } from './escape.js';

/** Above so many lines a fold is closed. */
const shortLines = 12;

/** Markdown in a fold; its summary is HTML already. */
export function fold(summary: string, content: string, isOpen: boolean): string {
  return `<details${isOpen ? ' open' : ''}><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Open where it is short. */
export function foldOfLines(summary: string, language: 'diff' | 'text', lines: readonly string[]): string {
  return fold(summary, fence(language, lines), lines.length <= shortLines);
}

/** Items are Markdown. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

export function paragraphs(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}

/** To be copied, each on a line of its own; equal ones once. What a shell would take for more than words is left out. */
export function commands(lines: readonly string[]): string {
  const plain = [...new Set(lines)].filter((line) => /^[\w ./:,=@%+~'"-]+$/.test(line));
  return plain.length === 0 ? '' : fence('sh', plain);
}

/** `api`, `web` and 3 more. */
export function codes(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map((name) => code(name));
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** A sentence ends in a full stop, whoever wrote it. */
export function sentence(text: string): string {
  const clean = inline(text);
  return clean === '' || /[.!?…]$/.test(clean) ? clean : `${clean}.`;
}

export function htmlSentence(text: string): string {
  return html(text).replace(/\.$/, '');
}
