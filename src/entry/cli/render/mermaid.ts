import { printable } from './printable.js';

/** Everything that means something to Mermaid, to Markdown or to HTML becomes a numbered entity. */
export function mermaidText(text: string): string {
  return printable(text).replace(
    /[^A-Za-z0-9 ()+.,/~^-]/gu,
    (character) => `#${character.codePointAt(0) ?? 63};`,
  );
}
