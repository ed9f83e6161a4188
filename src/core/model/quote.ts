// Controls, zero-width and direction marks, line and paragraph separators, byte order mark, noncharacters of the BMP.
const invisible =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\uffff';
const firstInvisible = new RegExp(`[${invisible}]`);
const everyInvisible = new RegExp(`[${invisible}]`, 'g');

/** Foreign text for a message: in double quotes, invisible characters shown as `\u…`, cut after 60 characters. */
export function quoted(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `"${cut.replaceAll(everyInvisible, (character) => codePointName(character, '\\u'))}"`;
}

/** The first character that a reader of the text would not see, or null. */
export function invisibleCharacter(text: string): string | null {
  return firstInvisible.exec(text)?.[0] ?? null;
}

/** `U+202E`, for a message. */
export function codePointName(character: string, prefix = 'U+'): string {
  return prefix + (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
