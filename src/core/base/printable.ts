/**
 * Everything that a terminal, a log viewer or a reader's eye could take for something else: control characters
 * (colours, cursor movements, line ends), and characters that are invisible or turn the direction of writing.
 */
const deceptive = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Foreign text on one line, with nothing in it that does not show. */
export function printable(text: string): string {
  return text.replace(deceptive, (character) => named[character] ?? escaped(character));
}

/** Foreign text of several lines: line ends stay, tabs become blanks. */
export function printableLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => printable(line.replaceAll('\t', '  ')));
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
